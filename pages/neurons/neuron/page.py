"""A neuron and its activation function: a weighted sum of three inputs, bent."""

from typing import NamedTuple

import streamlit as st

from nncore.theory.activations import ACTIVATIONS, SATURATED
from nncore.theory.logic_gates import GATES
from nncore.theory.neuron import Neuron
from pages.neurons.neuron import picture, script, softmax
from pages.ui import challenges, lesson, widgets
from pages.ui.latex import factor, tex
from pages.ui.lazy_sections import sections as rooms

PAIR_NAMES = {"x1x2": "x₁ and x₂", "x1x3": "x₁ and x₃", "x2x3": "x₂ and x₃"}
GATE_NAMES = {"none": "none"} | {name: gate.name for name, gate in GATES.items()}


class Choices(NamedTuple):
    """Activation function, another one beside it, the inputs that the surface lies over, and the points of a gate."""

    activation: str
    compared: str
    over: str
    dataset: str


class Shown(NamedTuple):
    """How the neuron is set, as far as other rooms show it."""

    activation: str
    compared: str
    dataset: str
    x: tuple[float, ...]
    w: tuple[float, ...]
    b: float
    solved: dict[str, bool]


def choices() -> Choices:
    """What kind of neuron it is, and what is drawn with it."""
    with st.container(horizontal=True, gap="small"):
        name = widgets.choice("activation", "Activation f", list(ACTIVATIONS), "sigmoid")
        others = ["none", *(other for other in ACTIVATIONS if other != name)]
        compared = widgets.choice("compare", "Compare with", others, "none")
        over = widgets.choice("surface", "Surface over", list(picture.PAIRS), "x1x2", names=PAIR_NAMES)
        dataset = widgets.choice("dataset", "Data points", list(GATE_NAMES), "none", names=GATE_NAMES)
    return Choices(name, compared, over, dataset)


def neuron(choices: Choices) -> Shown:
    """The neuron with its controls, numbers and pictures."""
    name, compared, over, dataset = choices
    numbers = picture.read_numbers()
    neuron = picture.neuron_of(numbers, name)
    x, w, b, f = neuron.x, neuron.w, neuron.b, neuron.f
    z, output, slope = float(neuron.z), float(neuron.output), float(neuron.slope)
    gate = GATES.get(dataset)

    with st.container(
        key="equation", horizontal=True, horizontal_alignment="center", vertical_alignment="center", gap="medium"
    ):
        terms = " + ".join(rf"{factor(weight)}\cdot {factor(value)}" for weight, value in zip(w, x, strict=True))
        st.latex(rf"z = \mathbf{{w}}\cdot\mathbf{{x}} + b = {terms} + {factor(b)} = {tex(z)}", width="content")
        st.latex(rf"f(z) = {f.substituted(tex(z))} = {tex(output)}", width="content")

    left, right = st.columns([0.16, 0.84], gap="medium")
    right_side = int(gate.is_right(neuron.sums_at(gate.points, *picture.PAIRS[over])).sum()) if gate else 0
    with left:
        lesson.result("z", "z", f"{z:.4g}")
        lesson.result("output", "Output f(z)", f"{output:.4g}")
        lesson.result("slope", "Slope f′(z)", f"{slope:.4g}")
        if abs(slope) < SATURATED:
            with st.container(key="saturation"):
                st.warning(sections["saturated"])
        if gate:
            lesson.result("right_side", f"{gate.name}: right side", f"{right_side} of 4")

    with right:
        picture.show_neuron(numbers, name, over=over, compared=compared, dataset=dataset)

    weighted = any(weight * value for weight, value in zip(w, x, strict=True))
    solved = {
        "half": name == "sigmoid" and output == 0.5 and weighted,
        "saturate": name in ("sigmoid", "tanh") and abs(slope) < SATURATED,
        "alive": z >= 4 and abs(slope) >= 0.5,
        "gate": dataset in ("and", "or") and right_side == 4,
        "xor": dataset == "xor" and right_side == 3,
    }
    challenges.remember(solved)
    return Shown(name, compared, dataset, x, w, b, solved)


def classes(_choices: Choices, shown: Shown) -> tuple[list[float], float]:
    """What speaks for the activation functions and against them, and softmax; its logits and temperature."""
    for name in (shown.activation, *([shown.compared] if shown.compared != "none" else [])):
        good, bad = st.columns(2)
        good.markdown(f":material/thumb_up: **For {name}:** {ACTIVATIONS[name].good}")
        bad.markdown(f":material/thumb_down: **Against it:** {ACTIVATIONS[name].bad}")
    if shown.dataset in GATES:
        st.markdown(sections["points"])
    return softmax.show(sections)


def practice(_choices: Choices, shown: Shown, softmaxed: tuple[list[float], float]) -> None:
    """The tasks and the code."""
    challenges.try_this(sections, shown.solved)
    neuron = Neuron(shown.x, shown.w, shown.b, ACTIVATIONS[shown.activation])
    lesson.code(script.script(neuron, *softmaxed), "neuron.py")


sections = lesson.header(__file__)
rooms.show(choices, neuron, classes, practice, places=st.columns([0.17, 0.83], gap="medium"))
lesson.lecture(sections)
