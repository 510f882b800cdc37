"""The controls of one neuron: what kind it is, and its numbers with the pictures that move with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from nncore.theory.activations import ACTIVATIONS
from nncore.theory.logic_gates import GATES
from pages.neurons.neuron import picture
from pages.ui import widgets
from pages.ui.interactive_figure import control, element
from pages.ui.interactive_figure.control import Control

DEFAULTS = {"x1": 1.0, "x2": 0.5, "x3": -1.0, "w1": 0.8, "w2": -0.4, "w3": 0.3}
PAIR_NAMES = {"x1x2": "x₁ and x₂", "x1x3": "x₁ and x₃", "x2x3": "x₂ and x₃"}
GATE_NAMES = {"none": "none"} | {name: gate.name for name, gate in GATES.items()}


class Choices(NamedTuple):
    """Activation function, another one beside it, the inputs that the surface lies over, and the points of a gate."""

    activation: str
    compared: str
    over: str
    dataset: str


def read_choices() -> Choices:
    """What kind of neuron it is, and what is drawn with it."""
    name = widgets.choice("activation", "Activation f", list(ACTIVATIONS), "sigmoid")
    others = ["none", *(other for other in ACTIVATIONS if other != name)]
    compared = widgets.choice("compare", "Compare with", others, "none")
    over = widgets.choice("surface", "Surface over", list(picture.PAIRS), "x1x2", names=PAIR_NAMES)
    dataset = widgets.choice("dataset", "Data points", list(GATE_NAMES), "none", names=GATE_NAMES)
    return Choices(name, compared, over, dataset)


def read_numbers() -> dict[str, Control]:
    """Inputs, weights and bias by their keys."""
    numbers = {}
    for key, default in DEFAULTS.items():
        label = f"{'Input' if key[0] == 'x' else 'Weight'} {key[0]}{'₁₂₃'[int(key[1]) - 1]}"
        numbers[key] = control.read(key, label, -5, 5, default, step=0.1)
    return numbers | {"b": control.read("b", "Bias b", -10, 10, 0.2, step=0.1)}


def show_neuron(numbers: Mapping[str, Control], choices: Choices) -> None:
    """The numbers with the drawing, the surface and the curves."""

    def draw(moving: str, *there: Control) -> bytes:
        return picture.draw(moving, there, *choices)

    element.show("neuron", tuple(numbers.values()), draw, columns=2)
