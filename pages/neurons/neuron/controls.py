"""The controls of one neuron: what kind it is, and its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from nncore.theory.activations import ACTIVATIONS, Activation
from nncore.theory.logic_gates import GATES, Gate
from nncore.theory.neuron import Neuron
from pages.ui import widgets
from pages.ui.interactive_figure import control
from pages.ui.interactive_figure.control import Control

DEFAULTS = {"x1": 1.0, "x2": 0.5, "x3": -1.0, "w1": 0.8, "w2": -0.4, "w3": 0.3}
SURFACES = {"x1x2": "x₁ and x₂", "x1x3": "x₁ and x₃", "x2x3": "x₂ and x₃"}
GATE_NAMES = {"none": "none"} | {name: gate.name for name, gate in GATES.items()}


class Choices(NamedTuple):
    """The names that are chosen from lists; `compared` and `dataset` may be "none"."""

    activation: str
    compared: str
    """A second activation function, drawn over the first."""
    surface: str
    """One of SURFACES: the two inputs that the surface lies over."""
    dataset: str
    """One of GATES, whose four points lie on the surface."""


@dataclass(frozen=True)
class Settings:
    """The choices and numbers of the page."""

    choices: Choices
    numbers: tuple[Control, ...]
    """x1 to x3, w1 to w3 and b."""

    @property
    def neuron(self) -> Neuron:
        """The neuron with the numbers at which the controls stand."""
        values = [number.value for number in self.numbers]
        return Neuron(tuple(values[:3]), tuple(values[3:6]), values[6], ACTIVATIONS[self.choices.activation])

    @property
    def compared(self) -> Activation | None:
        """The second activation function, if there is one."""
        return ACTIVATIONS.get(self.choices.compared)

    @property
    def axes(self) -> tuple[int, int]:
        """The two inputs that the surface lies over, counted from 0."""
        return int(self.choices.surface[1]) - 1, int(self.choices.surface[3]) - 1

    @property
    def gate(self) -> Gate | None:
        """The gate whose points are shown, if there is one."""
        return GATES.get(self.choices.dataset)

    @property
    def correct(self) -> int:
        """The number of the gate's four points on the correct side of the line z = 0; 0 without a gate."""
        return int(self.gate.is_right(self.neuron.sums_at(self.gate.points, *self.axes)).sum()) if self.gate else 0


def read_choices() -> Choices:
    """Show the select boxes and return what is chosen in them."""
    name = widgets.choice("activation", "Activation f", list(ACTIVATIONS), "sigmoid")
    others = ["none", *(other for other in ACTIVATIONS if other != name)]
    compared = widgets.choice("compare", "Compare with", others, "none")
    surface = widgets.choice("surface", "Surface over", list(SURFACES), "x1x2", names=SURFACES)
    dataset = widgets.choice("dataset", "Data points", list(GATE_NAMES), "none", names=GATE_NAMES)
    return Choices(name, compared, surface, dataset)


def read_settings(choices: Choices) -> Settings:
    """Return the choices with inputs, weights and bias, whose controls are shown with the picture."""
    numbers = []
    for key, default in DEFAULTS.items():
        label = f"{'Input' if key[0] == 'x' else 'Weight'} {key[0]}{'₁₂₃'[int(key[1]) - 1]}"
        numbers.append(control.read(key, label, -5, 5, default, step=0.1))
    return Settings(choices, (*numbers, control.read("b", "Bias b", -10, 10, 0.2, step=0.1)))
