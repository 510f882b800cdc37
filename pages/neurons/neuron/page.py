"""A neuron and its activation function: a weighted sum of three inputs, bent."""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from nncore.theory.activations import ACTIVATIONS, SATURATED
from pages.neurons.neuron import controls, equations, picture
from pages.neurons.neuron.challenges import solved_by
from pages.neurons.neuron.controls import Choices, Settings
from pages.neurons.neuron.script import script
from pages.neurons.neuron.softmax import show_softmax
from pages.ui import challenges, lesson
from pages.ui.interactive_figure import element
from pages.ui.interactive_figure.control import Control


def show_pros_and_cons(choices: Choices, points: str) -> None:
    """Show what speaks for and against the activation functions, and what the data points are."""
    for name in (choices.activation, *([choices.compared] if choices.compared != "none" else [])):
        pros, cons = st.columns(2)
        pros.markdown(f":material/thumb_up: **For {name}:** {ACTIVATIONS[name].pros}")
        cons.markdown(f":material/thumb_down: **Against it:** {ACTIVATIONS[name].cons}")
    if choices.dataset != "none":
        st.markdown(points)


def show_results(settings: Settings, saturated: str) -> None:
    """Show sum, output and slope, the warning that the neuron is saturated, and the points on the correct side."""
    neuron = settings.neuron
    lesson.result("z", "z", f"{neuron.z:.4g}")
    lesson.result("output", "Output f(z)", f"{neuron.output:.4g}")
    lesson.result("slope", "Slope f′(z)", f"{neuron.slope:.4g}")
    if abs(neuron.slope) < SATURATED:
        with st.container(key="saturation"):
            st.warning(saturated)
    if settings.gate:
        lesson.result("right_side", f"{settings.gate.name}: right side", f"{settings.correct} of 4")


def show_picture(settings: Settings) -> None:
    """Show the neuron, the surface and the curves with the controls of its numbers."""

    def draw(moving: str, *numbers: Control) -> bytes:
        return picture.draw_neuron(moving, replace(settings, numbers=numbers))

    element.show_interactive_figure("neuron", settings.numbers, draw, columns=2)


@st.fragment
def show_neuron(choices: Choices, place: DeltaGenerator, sections: Mapping[str, str]) -> None:
    """Show equation, results and pictures in `place`, and below it softmax, the challenges and the code."""
    settings = controls.read_settings(choices)
    with place:
        with st.container(
            key="equation", horizontal=True, horizontal_alignment="center", vertical_alignment="center", gap="medium"
        ):
            st.latex(equations.weighted_sum(settings.neuron), width="content")
            st.latex(equations.activated(settings.neuron), width="content")
        left, right = st.columns([0.16, 0.84], gap="medium")
        with left:
            show_results(settings, sections["saturated"])
        with right:
            show_picture(settings)
    logits, temperature = show_softmax(sections)
    challenges.try_this(sections, solved_by(settings))
    lesson.code(lambda: script(settings.neuron, logits, temperature), "neuron.py")


sections = lesson.header(__file__)
left, right = st.columns([0.17, 0.83], gap="medium")
with left, st.container(horizontal=True, gap="small"):
    choices = controls.read_choices()
show_pros_and_cons(choices, sections["points"])
show_neuron(choices, right, sections)
lesson.lecture(sections)
