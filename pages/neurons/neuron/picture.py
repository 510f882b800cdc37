"""What is drawn of a neuron: its sum, the surface over two of its inputs, and its activation function."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from nncore.figures.interactive.encode import encode
from nncore.figures.neurons.neuron import plot_neuron
from nncore.theory.activations import ACTIVATIONS, SATURATED
from nncore.theory.logic_gates import GATES, Gate
from nncore.theory.neuron import Neuron
from pages.ui.memoize import memoize

if TYPE_CHECKING:
    from pages.ui.interactive_figure.control import Control

PAIRS = {"x1x2": (0, 1), "x1x3": (0, 2), "x2x3": (1, 2)}
"""Over which inputs the surface lies, by their number from 0."""


def neuron_of(numbers: Mapping[str, Control], activation: str) -> Neuron:
    """The neuron where the controls stand: x1 to x3, w1 to w3 and b, by their keys."""
    x, w = (tuple(numbers[f"{letter}{k}"].value for k in (1, 2, 3)) for letter in "xw")
    return Neuron(x, w, numbers["b"].value, ACTIVATIONS[activation])


def count_right(neuron: Neuron, gate: Gate, over: str) -> int:
    """How many of the gate's four points, laid over this pair of inputs, are on the right side of the line z = 0."""
    return int(gate.is_right(neuron.sums_at(gate.points, *PAIRS[over])).sum())


def solved_by(neuron: Neuron, dataset: str, right_side: int) -> dict[str, bool]:
    """Which challenges the neuron meets, with so many points of the gate `dataset`, or "none", on the right side."""
    bent, slope = neuron.f.name in ("sigmoid", "tanh"), abs(float(neuron.slope))
    weighted = any(weight * value for weight, value in zip(neuron.w, neuron.x, strict=True))
    return {
        "half": neuron.f.name == "sigmoid" and float(neuron.output) == 0.5 and weighted,
        "saturate": bent and slope < SATURATED,
        "alive": float(neuron.z) >= 4 and slope >= 0.5,
        "gate": dataset in ("and", "or") and right_side == 4,
        "xor": dataset == "xor" and right_side == 3,
    }


@memoize
def draw(moving: str, controls: tuple[Control, ...], activation: str, compared: str, over: str, dataset: str) -> bytes:
    """The packed picture for all positions of the control whose key is `moving`.

    `compared` and `dataset` may be "none"; `over` is one of `PAIRS`.
    """
    numbers = {control.key: control for control in controls}
    neuron, positions = neuron_of(numbers, activation), numbers[moving].positions
    gate, second = GATES.get(dataset), ACTIVATIONS.get(compared)
    return encode(plot_neuron(neuron, moving, positions, over=PAIRS[over], compared=second, gate=gate))
