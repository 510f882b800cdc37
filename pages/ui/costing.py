"""The three moving pictures of the lesson on costs: one neuron, its training, and a line through data."""

from __future__ import annotations

from typing import Literal, cast

import numpy as np
import streamlit as st

from nncore import squares
from nncore.costs import Judgement, judge, judge_around, train_neuron
from nncore.descent import thinned
from nncore.figures.costs import plot_costs, plot_training
from nncore.figures.packing import pack
from nncore.figures.squares import plot_squares
from pages.ui import drag, dragged
from pages.ui.dragged import Dragged
from pages.ui.kept import kept

LINE = {"slope": ("Slope", -2.0, 2.0, -0.4, 0.02), "offset": ("Offset", -2.0, 4.0, 2.0, 0.05)}


def show_neuron(w: Dragged, b: Dragged, y: int, against: str) -> None:
    """Weight and bias with both costs and their gradients."""
    drag.show("neuron", (w, b), _neuron(w, b, y, cast(Literal["output", "z"], against)), columns=2)


@kept
def _neuron(w: Dragged, b: Dragged, y: int, against: Literal["output", "z"]) -> bytes:
    pictures = []
    for control, other in ((w, b), (b, w)):
        z = np.round(control.positions + other.value, 12)  # without the crumbs of binary arithmetic
        pictures.append(plot_costs(judge_around(float(np.abs(z).max()), y), judge(z, y), against))
    return pack(pictures)


def show_training(eta: Dragged, steps: Dragged, start: tuple[float, float], y: int) -> tuple[Judgement, Judgement]:
    """Step size and number of steps with both trainings; the trainings where the controls stand."""
    packed, slow, fast = _training(eta, steps, start, y)
    drag.show("training", (eta, steps), packed, play="steps")
    return slow, fast


@kept
def _training(eta: Dragged, steps: Dragged, start: tuple[float, float], y: int) -> tuple[bytes, Judgement, Judgement]:
    w, b = start
    count, most = int(steps.value), int(steps.high)
    numbers, pairs = thinned(count, most=61), []
    for cost in ("quadratic", "cross_entropy"):
        of_etas = train_neuron(cost, w, b, y, eta.positions, count)
        whole = train_neuron(cost, w, b, y, eta.value, most)
        pairs.append((of_etas, whole))
    counts = steps.positions.astype(int)
    marks = np.union1d(thinned(most, most=61), counts)
    grown = [judge(whole.z[marks], y).seen(marks <= counts[:, None]) for _, whole in pairs]
    moved = [judge(of_etas.z[:, numbers], y) for of_etas, _ in pairs]
    pictures = [plot_training(numbers.astype(float), *moved), plot_training(marks.astype(float), *grown)]
    slow, fast = (judge(whole.z[: count + 1], y) for _, whole in pairs)
    return pack(pictures), slow, fast


def read_line() -> tuple[Dragged, Dragged]:
    """Slope and offset of the line."""
    slope, offset = (
        dragged.read(key, label, low, high, first, step=step) for key, (label, low, high, first, step) in LINE.items()
    )
    return slope, offset


def show_line(slope: Dragged, offset: Dragged) -> None:
    """The line through the data, with its errors as squares and their sum."""
    drag.show("line", (slope, offset), _line(slope, offset), columns=2)


@kept
def _line(slope: Dragged, offset: Dragged) -> bytes:
    pictures = []
    for control, lines in ((slope, (slope.positions, offset.value)), (offset, (slope.value, offset.positions))):
        errors = squares.measure(*np.broadcast_arrays(*lines))
        outlines = squares.corners(*np.broadcast_arrays(*lines))
        pictures.append(plot_squares(control.key, control.positions, (squares.X, squares.Y), errors, outlines))
    return pack(pictures)


def step_downhill() -> None:
    """One step of gradient descent on the sum of squares."""
    line = {key: float(st.session_state[key]) for key in LINE}
    errors = squares.measure(**line)
    for key, gradient in (("slope", errors.slope_gradient), ("offset", errors.offset_gradient)):
        _, low, high, _, _ = LINE[key]
        st.session_state[key] = min(high, max(low, line[key] - squares.STEP_SIZE * float(gradient)))
