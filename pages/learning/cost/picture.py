"""The three pictures of the lesson on costs, packed for the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from nncore.figures.interactive.encode import encode
from nncore.figures.learning.cost_functions import plot_costs, plot_training
from nncore.figures.learning.least_squares import plot_squares
from nncore.theory.cost_functions import judge, judge_around, train_neuron
from nncore.theory.gradient_descent import subsample
from nncore.theory.least_squares import X, Y, corners, measure
from pages.ui.memoize import memoize

if TYPE_CHECKING:
    from pages.ui.interactive_figure.control import Control

COSTS: tuple[Literal["quadratic", "cross_entropy"], ...] = ("quadratic", "cross_entropy")
RANGES = {"slope": (-2.0, 2.0), "offset": (-2.0, 4.0)}
"""The lowest and the highest slope and offset of a line."""


@memoize
def draw_costs(moving: str, w: Control, b: Control, y: int, against: Literal["output", "z"]) -> bytes:
    """Draw both costs and their gradients for all positions of `moving`, the weight or the bias."""
    z = w.positions + b.value if moving == w.key else w.value + b.positions
    z = np.round(z, 12)  # without the crumbs of binary arithmetic
    return encode(plot_costs(judge_around(float(np.abs(z).max()), y), judge(z, y), against))


@memoize
def draw_training(moving: str, eta: Control, steps: Control, start: tuple[float, float], y: int) -> bytes:
    """Draw the training on each cost from `start`, (w, b), for all positions of `moving`, step size or steps."""
    if moving == eta.key:
        numbers = subsample(int(steps.value), most=61)
        trained = [train_neuron(cost, *start, y, eta.positions, int(steps.value)) for cost in COSTS]
        drawn = [judge(each.z[:, numbers], y) for each in trained]
    else:
        counts = steps.positions.astype(int)
        numbers = np.union1d(subsample(int(steps.high), most=61), counts)
        trained = [train_neuron(cost, *start, y, eta.value, int(steps.high)) for cost in COSTS]
        drawn = [judge(each.z[numbers], y).masked(numbers <= counts[:, None]) for each in trained]
    return encode(plot_training(numbers.astype(float), *drawn))


@memoize
def draw_line(moving: str, slope: Control, offset: Control) -> bytes:
    """Draw the line with its errors as squares, and their sum, for all positions of `moving`, slope or offset."""

    def lines(positions: np.ndarray) -> list[np.ndarray]:
        return np.broadcast_arrays(*(positions if each.key == moving else each.value for each in (slope, offset)))

    whole = np.linspace(*RANGES[moving], 101)
    curve = whole, measure(*lines(whole)).cost
    positions = (slope if moving == slope.key else offset).positions
    errors, outlines = measure(*lines(positions)), corners(*lines(positions))
    return encode(plot_squares(moving, positions, (X, Y), errors, outlines, curve))
