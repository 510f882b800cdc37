"""The controls of the lesson on costs: a neuron, how it is trained, and a line through data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

import streamlit as st

from nncore.theory.cost_functions import Judgement, judge, train_neuron
from nncore.theory.least_squares import STEP_SIZE, Errors, measure
from pages.learning.cost.picture import COSTS, RANGES
from pages.ui import widgets
from pages.ui.interactive_figure import control
from pages.ui.interactive_figure.control import Control

NUMBERS = {
    "w": ("Weight w", -5.0, 5.0, 1.5, 0.1),
    "b": ("Bias b", -5.0, 5.0, 1.0, 0.1),
    "eta": ("Step size η", 0.0, 2.0, 0.15, 0.05),
    "steps": ("Steps", 0, 300, 100, 5),
    "slope": ("Slope", *RANGES["slope"], -0.4, 0.02),
    "offset": ("Offset", *RANGES["offset"], 2.0, 0.05),
}
"""Label, lowest, highest, default and step of each number, by its key."""


@dataclass(frozen=True)
class Settings:
    """The neuron with weight w, bias b, input 1 and target y, its training, and the line through the data."""

    w: Control
    b: Control
    y: int
    against: Literal["output", "z"]
    """What the costs are drawn against."""
    eta: Control
    steps: Control
    slope: Control
    offset: Control

    @property
    def z(self) -> float:
        """The neuron's sum w + b, without the crumbs of binary arithmetic."""
        return round(self.w.value + self.b.value, 12)

    @property
    def judgement(self) -> Judgement:
        """Both costs and their gradients where the neuron is, in arrays of shape ()."""
        return judge(self.z, self.y)

    @property
    def start(self) -> tuple[float, float]:
        """The weight and the bias from which the neuron is trained."""
        return self.w.value, self.b.value

    @property
    def trainings(self) -> tuple[Judgement, Judgement]:
        """The training on the quadratic cost and the one on cross-entropy, in arrays of shape (steps + 1,)."""
        steps = int(self.steps.value)
        quadratic, cross_entropy = (train_neuron(cost, *self.start, self.y, self.eta.value, steps) for cost in COSTS)
        return quadratic, cross_entropy

    @property
    def line(self) -> Errors:
        """The errors of the line at the data."""
        return measure(self.slope.value, self.offset.value)


def read_numbers() -> dict[str, Control]:
    """Return the controls of NUMBERS by their keys; they are shown with the pictures."""
    return {key: _read(key, *NUMBERS[key]) for key in NUMBERS}


def _read(key: str, label: str, low: float, high: float, default: float, step: float) -> Control:
    return control.read(key, label, low, high, default, step=step)


def choose_settings(numbers: dict[str, Control]) -> Settings:
    """Show the buttons for the target and for what the costs are drawn against; return them with the numbers."""
    y = int(widgets.radio("y", "Target y", ["0", "1"], "0"))
    against = cast(Literal["output", "z"], widgets.radio("against", "Costs against", ["output", "z"], "output"))
    return Settings(y=y, against=against, **numbers)


def step_downhill() -> None:
    """Move the line by one step of gradient descent on the sum of squares, within the ranges of its controls."""
    line = {key: float(st.session_state[key]) for key in RANGES}
    errors = measure(**line)
    for key, gradient in (("slope", errors.slope_gradient), ("offset", errors.offset_gradient)):
        low, high = RANGES[key]
        st.session_state[key] = min(high, max(low, line[key] - STEP_SIZE * float(gradient)))
