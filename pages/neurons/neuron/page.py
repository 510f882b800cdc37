"""A neuron and its activation function: a weighted sum of three inputs, bent."""

from collections.abc import Mapping

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from nncore.theory.activations import ACTIVATIONS, SATURATED
from nncore.theory.logic_gates import GATES, Gate
from nncore.theory.neuron import Neuron
from pages.neurons.neuron import controls, picture, softmax
from pages.neurons.neuron.controls import Choices
from pages.neurons.neuron.script import script
from pages.ui import challenges, lesson
from pages.ui.latex import latex_factor, latex_number


def show_equation(neuron: Neuron) -> None:
    """The weighted sum and the output with the numbers on the screen."""
    with st.container(
        key="equation", horizontal=True, horizontal_alignment="center", vertical_alignment="center", gap="medium"
    ):
        products = zip(neuron.w, neuron.x, strict=True)
        terms = " + ".join(rf"{latex_factor(weight)}\cdot {latex_factor(value)}" for weight, value in products)
        z = latex_number(float(neuron.z))
        st.latex(rf"z = \mathbf{{w}}\cdot\mathbf{{x}} + b = {terms} + {latex_factor(neuron.b)} = {z}", width="content")
        st.latex(rf"f(z) = {neuron.f.substituted(z)} = {latex_number(float(neuron.output))}", width="content")


def show_results(neuron: Neuron, gate: Gate | None, right_side: int, saturated: str) -> None:
    """What the neuron gives, and what that says of it."""
    lesson.result("z", "z", f"{neuron.z:.4g}")
    lesson.result("output", "Output f(z)", f"{neuron.output:.4g}")
    lesson.result("slope", "Slope f′(z)", f"{neuron.slope:.4g}")
    if abs(neuron.slope) < SATURATED:
        with st.container(key="saturation"):
            st.warning(saturated)
    if gate:
        lesson.result("right_side", f"{gate.name}: right side", f"{right_side} of 4")


def show_pros_and_cons(choices: Choices, points: str) -> None:
    """What speaks for the activation functions and against them, and what the data points are."""
    for name in (choices.activation, *([choices.compared] if choices.compared != "none" else [])):
        good, bad = st.columns(2)
        good.markdown(f":material/thumb_up: **For {name}:** {ACTIVATIONS[name].pros}")
        bad.markdown(f":material/thumb_down: **Against it:** {ACTIVATIONS[name].cons}")
    if choices.dataset in GATES:
        st.markdown(points)


@st.fragment
def show_lesson(choices: Choices, place: DeltaGenerator, sections: Mapping[str, str]) -> None:
    """The neuron with its controls and pictures in their `place`; below, what follows from it."""
    numbers = controls.read_numbers()
    neuron = picture.neuron_of(numbers, choices.activation)
    gate = GATES.get(choices.dataset)
    right_side = picture.count_right(neuron, gate, choices.over) if gate else 0
    with place:
        show_equation(neuron)
        left, right = st.columns([0.16, 0.84], gap="medium")
        with left:
            show_results(neuron, gate, right_side, sections["saturated"])
        with right:
            controls.show_neuron(numbers, choices)
    softmaxed = softmax.show(sections)
    challenges.try_this(sections, picture.solved_by(neuron, choices.dataset, right_side))
    lesson.code(lambda: script(neuron, *softmaxed), "neuron.py")


sections = lesson.header(__file__)
left, right = st.columns([0.17, 0.83], gap="medium")
with left, st.container(horizontal=True, gap="small"):
    choices = controls.read_choices()
show_pros_and_cons(choices, sections["points"])
show_lesson(choices, right, sections)
lesson.lecture(sections)
