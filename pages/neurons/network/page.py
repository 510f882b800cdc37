"""From neurons to a network: layers and their weights drawn, one neuron's sum, parameters, and what depth does."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import streamlit as st

from nncore.cluster.engine import EngineError, default_engine
from nncore.figures.neurons.network_diagram import targets
from nncore.networks import diagram as diagrams
from pages.neurons.network import controls, equations, picture
from pages.neurons.network.challenges import solved_by
from pages.neurons.network.controls import Settings
from pages.neurons.network.depth import show_depth
from pages.neurons.network.script import script
from pages.training import summary
from pages.ui import challenges, lesson, pixel_arithmetic


def show_diagram(diagram: diagrams.Diagram, settings: Settings) -> None:
    """Show the network with its weights; a click chooses a neuron."""
    figure, alt = picture.draw_network(diagram, settings)
    choose = partial(controls.choose_clicked, targets(diagram))
    lesson.figure("network_drawing", figure, alt, on_select=choose, selection_mode="points")


def show_neuron(diagram: diagrams.Diagram, settings: Settings, fresh: str) -> None:
    """Show the weighted sum of the chosen neuron, term by term, and Keras' own output."""
    st.subheader(f"Unit {settings.unit} of layer {settings.layer}, term by term", anchor=False)
    bars, numbers = st.columns([0.68, 0.32], gap="medium")
    with bars:
        lesson.figure("terms", *picture.draw_terms(diagram.unit))
    with numbers:
        pixel_arithmetic.agreement(diagram.unit)
        st.markdown(f"The network's inputs are {diagram.seen}. {fresh}")


@st.fragment
def show_depth_and_try(sections: Mapping[str, str], settings: Settings, diagram: diagrams.Diagram | None) -> None:
    """Show the gradients of a deep network, and below it what depends on them: the challenges and the code."""
    depth, profile = show_depth(sections, settings.seed)
    st.markdown(sections["why"])
    challenges.try_this(sections, solved_by(settings.network, diagram, profile))
    lesson.code(script(settings, depth), "network.py")


engine = default_engine()
sections = lesson.header(__file__)
equation = st.container(
    key="equation", horizontal=True, horizontal_alignment="center", vertical_alignment="center", gap="medium"
)
left, right = st.columns([0.29, 0.71], gap="medium")
one_neuron, parameters, depth_and_try = st.container(), st.container(), st.container()
lesson.lecture(sections)  # here, with the table: both can be read while the workers start
with left:
    settings = controls.choose_settings()
network = settings.network
with right:
    drawing = st.container()
    words, count = st.columns([0.75, 0.25], gap="medium")
    words.caption(sections["click"])
    with count:
        lesson.result("param_count", "Parameters", f"{network.parameter_count:,}")
with parameters:
    summary.show_layers(network)
with equation:
    st.latex(equations.parameter_equation(network), width="content")
diagram = None
try:
    with drawing, st.spinner(engine.progress, show_time=True):
        diagram = engine.ask(diagrams.draw, network, settings.seed, settings.layer, settings.unit)
    with equation:
        st.latex(equations.neuron_equation(diagram.unit), width="content")
    with drawing:
        show_diagram(diagram, settings)
    with one_neuron:
        show_neuron(diagram, settings, sections["fresh"])
except EngineError as error:
    with drawing:
        lesson.problem(str(error))
with depth_and_try:
    show_depth_and_try(sections, settings, diagram)
