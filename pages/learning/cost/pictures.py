"""The three moving pictures of the lesson on costs: one neuron, its training, and a line through data."""

from __future__ import annotations

from typing import Literal, cast

import numpy as np
import streamlit as st

from nncore.figures.interactive.encode import encode
from nncore.figures.learning.cost_functions import plot_costs, plot_training
from nncore.figures.learning.least_squares import plot_squares
from nncore.theory import least_squares
from nncore.theory.cost_functions import Judgement, judge, judge_around, train_neuron
from nncore.theory.gradient_descent import subsample
from pages.ui.interactive_figure import control, element
from pages.ui.interactive_figure.control import Control
from pages.ui.memoize import memoize

COSTS = ("quadratic", "cross_entropy")
LINE = {"slope": ("Slope", -2.0, 2.0, -0.4, 0.02), "offset": ("Offset", -2.0, 4.0, 2.0, 0.05)}


def show_neuron(w: Control, b: Control, y: int, against: str) -> None:
    """Weight and bias with both costs and their gradients."""
    over = cast(Literal["output", "z"], against)
    element.show("neuron", (w, b), lambda moving, w, b: _neuron(moving, w, b, y, over), columns=2)


@memoize
def _neuron(moving: str, w: Control, b: Control, y: int, against: Literal["output", "z"]) -> bytes:
    z = w.positions + b.value if moving == w.key else w.value + b.positions
    z = np.round(z, 12)  # without the crumbs of binary arithmetic
    return encode(plot_costs(judge_around(float(np.abs(z).max()), y), judge(z, y), against))


def show_training(eta: Control, steps: Control, start: tuple[float, float], y: int) -> tuple[Judgement, Judgement]:
    """Step size and number of steps with both trainings; the trainings where the controls stand."""
    element.show(
        "training", (eta, steps), lambda moving, eta, steps: _training(moving, eta, steps, start, y), play="steps"
    )
    slow, fast = (train_neuron(cost, *start, y, eta.value, int(steps.value)) for cost in COSTS)
    return slow, fast


@memoize
def _training(moving: str, eta: Control, steps: Control, start: tuple[float, float], y: int) -> bytes:
    if moving == eta.key:
        numbers = subsample(int(steps.value), most=61)
        walked = [train_neuron(cost, *start, y, eta.positions, int(steps.value)) for cost in COSTS]
        drawn = [judge(each.z[:, numbers], y) for each in walked]
    else:
        counts = steps.positions.astype(int)
        numbers = np.union1d(subsample(int(steps.high), most=61), counts)
        walked = [train_neuron(cost, *start, y, eta.value, int(steps.high)) for cost in COSTS]
        drawn = [judge(each.z[numbers], y).seen(numbers <= counts[:, None]) for each in walked]
    return encode(plot_training(numbers.astype(float), *drawn))


def read_line() -> tuple[Control, Control]:
    """Slope and offset of the line."""
    slope, offset = (
        control.read(key, label, low, high, first, step=step) for key, (label, low, high, first, step) in LINE.items()
    )
    return slope, offset


def show_line(slope: Control, offset: Control) -> None:
    """The line through the data, with its errors as squares and their sum."""
    element.show("line", (slope, offset), _line, columns=2)


@memoize
def _line(moving: str, slope: Control, offset: Control) -> bytes:
    def along(places: np.ndarray) -> list[np.ndarray]:
        return np.broadcast_arrays(*(places if each.key == moving else each.value for each in (slope, offset)))

    _, low, high, *_ = LINE[moving]
    whole = np.linspace(low, high, 101)
    curve = whole, least_squares.measure(*along(whole)).cost
    positions = (slope if moving == slope.key else offset).positions
    errors, outlines = least_squares.measure(*along(positions)), least_squares.corners(*along(positions))
    return encode(plot_squares(moving, positions, (least_squares.X, least_squares.Y), errors, outlines, curve))


def solved_by(
    w: float, z: float, y: int, trained: tuple[Judgement, Judgement], line: least_squares.Errors
) -> dict[str, bool]:
    """Which challenges are solved by a neuron of this sum, trained on both costs, and by a line with these errors."""
    here, (slow, fast) = judge(z, y), trained
    return {
        "stuck": bool(here.quadratic > 0.4 and abs(here.quadratic_gradient) < 0.05),
        "least": z == 0 and w != 0,
        "race": abs(slow.output[-1] - y) > 0.9 and abs(fast.output[-1] - y) < 0.1,
        "smallest": line.cost < 1.01 * least_squares.measure(*least_squares.best_line()).cost,
        "exact": sum(abs(error) < 0.005 for error in line.errors) >= 2,
    }


def step_downhill() -> None:
    """One step of gradient descent on the sum of squares."""
    line = {key: float(st.session_state[key]) for key in LINE}
    errors = least_squares.measure(**line)
    for key, gradient in (("slope", errors.slope_gradient), ("offset", errors.offset_gradient)):
        _, low, high, _, _ = LINE[key]
        st.session_state[key] = min(high, max(low, line[key] - least_squares.STEP_SIZE * float(gradient)))
