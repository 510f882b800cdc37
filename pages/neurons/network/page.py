"""From neurons to a network: layers and their weights drawn, one neuron's sum, parameters, and what depth does."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import streamlit as st

from nncore.cluster.engine import EngineError, default_engine
from nncore.figures.neurons.gradient_flow import plot_depth
from nncore.figures.neurons.network_diagram import plot_network, targets
from nncore.figures.neurons.weighted_sum import plot_terms
from nncore.networks import diagram as diagrams
from nncore.networks.gradient_flow import DEEPEST, measure_depth
from nncore.specs.experiment import NetworkSpec
from nncore.theory.activations import ACTIVATIONS
from pages.neurons.network import controls as stack_settings
from pages.neurons.network import equations, script
from pages.training import summary
from pages.ui import challenges, lesson, pixel_arithmetic, widgets

BOX = {"vanishes": st.error, "holds": st.success, "explodes": st.error}


def click_neuron(there: list[tuple[int, int]]) -> None:
    points = st.session_state["network_drawing"]["selection"]["point_indices"]
    if points:
        layer, st.session_state["unit"] = there[points[0]]
        st.session_state["layer"] = str(layer)


def show_diagram(drawn: diagrams.Diagram, layer: int, unit: int) -> None:
    """The network with its weights; a click chooses a neuron."""
    figure = plot_network(drawn, layer=layer, unit=unit)
    sizes = ", ".join(f"{column.kind} {column.size}" for column in drawn.columns)
    options = {"on_select": lambda: click_neuron(targets(drawn)), "selection_mode": "points"}
    lesson.figure("network_drawing", figure, f"A network with the layers {sizes}; lines are weights", **options)


def show_neuron(drawn: diagrams.Diagram, layer: int, unit: int, fresh: str) -> None:
    """The weighted sum of the chosen neuron, term by term, and Keras' own output."""
    apart = drawn.unit
    st.subheader(f"Unit {unit} of layer {layer}, term by term", anchor=False)
    bars, numbers = st.columns([0.68, 0.32], gap="medium")
    with bars:
        figure = plot_terms(apart.inputs, apart.weights, apart.bias)
        lesson.figure("terms", figure, f"The {len(apart.inputs)} products of the sum, the bias and z")
    with numbers:
        pixel_arithmetic.agreement(apart)
        st.markdown(f"The network's inputs are {drawn.seen}. {fresh}")


@st.fragment
def show_depth_and_try(
    sections: Mapping[str, str], solved: dict[str, bool], network: NetworkSpec, seed: int, layer: int, unit: int
) -> None:
    """The gradients of a deep network, and below what hangs on them: the challenges and the code."""
    engine = default_engine()
    st.subheader("What depth does to gradients", anchor=False)
    left, right = st.columns([0.32, 0.68], gap="medium")
    with left:
        depth = widgets.slider("depth", "Hidden layers of 100 units", 2, DEEPEST, 10)
        one, other = st.columns(2, wrap=False)
        with one:
            f = widgets.choice("depth_activation", "Their activation", tuple(ACTIVATIONS), "sigmoid")
        with other:
            names = stack_settings.INITIALIZERS
            initializer = widgets.choice("depth_initializer", "First weights", names, "glorot_uniform")
        scale = widgets.slider("depth_scale", "First weights times", 0.1, 5.0, 1.0, step=0.1, format="%.6g")
    try:
        with right, st.spinner(engine.progress, show_time=True):
            profile = engine.ask(measure_depth, depth, f, initializer, scale, seed)
        with left:
            first, second = st.columns(2, wrap=False)
            with first:
                lesson.result("gradient_ratio", "First : last layer", f"{profile.ratio:.3g}")
            with second:
                lesson.result("gradient_factor", "From layer to layer", f"× {profile.per_layer:.3g}")
            with st.container(key="gradient_verdict"):
                BOX[profile.outcome](sections[profile.outcome])
        with right:
            told = f"The gradient in {depth} hidden layers; first to last as {profile.ratio:.3g} to 1: it "
            lesson.figure("depth_figure", plot_depth(profile), told + profile.outcome)
            st.caption(sections["measured"])
        solved["hold"] = depth >= 10 and profile.outcome == "holds"
        solved["explode"] = depth <= 10 and profile.ratio > 1000
    except EngineError as error:
        with right:
            lesson.problem(str(error))
    st.markdown(sections["why"])
    challenges.try_this(sections, solved)
    deep = (depth, f, initializer, scale)
    code = script.script(network, seed, (layer, unit), deep)
    lesson.code(code, "network.py")


engine = default_engine()
solved = dict.fromkeys(("exact", "widest", "hold", "explode"), False)
sections = lesson.header(__file__)
equation = st.container(
    key="equation", horizontal=True, horizontal_alignment="center", vertical_alignment="center", gap="medium"
)
left, right = st.columns([0.29, 0.71], gap="medium")
one_neuron, parameters, depth_and_try = st.container(), st.container(), st.container()
lesson.lecture(sections)  # here, with the table: both can be read while the workers start
with left:
    network, seed = stack_settings.choose_network()
    layer, unit = stack_settings.choose_neuron(network)
with right:
    picture = st.container()
    words, count = st.columns([0.75, 0.25], gap="medium")
    words.caption(sections["click"])
    with count:
        lesson.result("param_count", "Parameters", f"{network.parameter_count:,}")
with parameters:
    summary.layers(network)
with equation:
    st.latex(equations.parameter_equation(network), width="content")
try:
    with picture, st.spinner(engine.progress, show_time=True):
        drawn = engine.ask(diagrams.draw, network, seed, layer, unit)
    with equation:
        st.latex(equations.neuron_equation(drawn.unit), width="content")
    with picture:
        show_diagram(drawn, layer, unit)
    with one_neuron:
        show_neuron(drawn, layer, unit, sections["fresh"])
    neurons = sum(column.size for column in drawn.columns if column.kind == "Dense")
    solved["widest"] = neurons >= 5 and float(np.abs(drawn.unit.weights).max()) == drawn.largest
except EngineError as error:
    with picture:
        lesson.problem(str(error))
sizes = [shape[0] for shape in network.shapes()]
solved["exact"] = (len(sizes), sizes[-1], network.input_shape, network.parameter_count) == (3, 1, (2,), 100)
with depth_and_try:
    show_depth_and_try(sections, solved, network, seed, layer, unit)
