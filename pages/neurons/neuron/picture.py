"""The numbers of one neuron as controls, and the pictures that move with them."""

from __future__ import annotations

from collections.abc import Mapping

from nncore.figures.interactive.encode import pack
from nncore.figures.neurons.neuron import plot_neuron
from nncore.theory.activations import ACTIVATIONS
from nncore.theory.logic_gates import GATES
from nncore.theory.neuron import Neuron
from pages.ui.interactive_figure import control, element
from pages.ui.interactive_figure.control import Dragged
from pages.ui.memoize import kept

DEFAULTS = {"x1": 1.0, "x2": 0.5, "x3": -1.0, "w1": 0.8, "w2": -0.4, "w3": 0.3}
PAIRS = {"x1x2": (0, 1), "x1x3": (0, 2), "x2x3": (1, 2)}
"""Over which inputs the surface lies, by their number from 0."""


def read_numbers() -> dict[str, Dragged]:
    """Inputs, weights and bias by their keys."""
    numbers = {}
    for key, default in DEFAULTS.items():
        label = f"{'Input' if key[0] == 'x' else 'Weight'} {key[0]}{'₁₂₃'[int(key[1]) - 1]}"
        numbers[key] = control.read(key, label, -5, 5, default, step=0.1)
    return numbers | {"b": control.read("b", "Bias b", -10, 10, 0.2, step=0.1)}


def neuron_of(numbers: Mapping[str, Dragged], activation: str) -> Neuron:
    """The neuron where the controls stand."""
    x, w = (tuple(numbers[f"{letter}{k}"].value for k in (1, 2, 3)) for letter in "xw")
    return Neuron(x, w, numbers["b"].value, ACTIVATIONS[activation])


def show_neuron(numbers: Mapping[str, Dragged], activation: str, *, over: str, compared: str, dataset: str) -> None:
    """The controls with the drawing, the surface and the curves; `compared` and `dataset` may be "none"."""
    settings = activation, over, compared, dataset
    element.show(
        "neuron", tuple(numbers.values()), lambda moving, *there: _picture(moving, there, *settings), columns=2
    )


@kept
def _picture(moving: str, there: tuple[Dragged, ...], activation: str, over: str, compared: str, dataset: str) -> bytes:
    numbers = {number.key: number for number in there}
    neuron, positions = neuron_of(numbers, activation), numbers[moving].positions
    gate, second = GATES.get(dataset), ACTIVATIONS.get(compared)
    return pack(plot_neuron(neuron, moving, positions, over=PAIRS[over], compared=second, gate=gate))
