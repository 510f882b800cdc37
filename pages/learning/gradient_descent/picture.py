"""The path of a descent, its picture for all positions of one control, and what becomes of it at each of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from nncore.figures.interactive.encode import encode
from nncore.figures.learning.gradient_descent import plot_descent
from nncore.theory.convergence import Convergence, extend
from nncore.theory.gradient_descent import Descent, Trajectories, Trajectory, subsample
from pages.ui.memoize import memoize

if TYPE_CHECKING:
    from pages.learning.gradient_descent.controls import Settings
    from pages.ui.interactive_figure.control import Control


class Drawing(NamedTuple):
    """The picture for all positions of one control."""

    packed: bytes
    """For the browser (nncore.figures.interactive.encode)."""
    convergences: Mapping[float, Convergence]
    """What becomes of the path, by the control's position.

    It is judged by the longest path that can be shown, so that the words do not depend on how many steps are.
    """


@memoize
def follow(settings: Settings) -> Trajectory:
    """Return the path where the controls stand."""
    return settings.descent.path(settings.start, settings.eta.value, settings.count)


@memoize
def draw(moving: str, descent: Descent, controls: tuple[Control, ...]) -> Drawing:
    """Draw the path for all positions of the control whose key is `moving`.

    `controls` are eta, w0, v0 if there is one, and steps, in this order.
    """
    *begin, steps = controls
    if moving == steps.key:
        paths, convergences = _with_more_steps(descent, begin, steps)
    else:
        paths, convergences = _from_each_position(moving, descent, begin, steps)
    positions = next(control.positions for control in controls if control.key == moving)
    return Drawing(encode(plot_descent(paths)), dict(zip(positions.tolist(), convergences, strict=True)))


def _from_each_position(
    moving: str, descent: Descent, begin: Sequence[Control], steps: Control
) -> tuple[Trajectories, list[Convergence]]:
    """Return a path for each position of `moving`, the step size or a coordinate of the start."""
    column = [control.key for control in begin].index(moving)
    rows = np.repeat([[control.value for control in begin]], len(begin[column].positions), axis=0)
    rows[:, column] = begin[column].positions
    points, convergences = extend(descent, rows[:, 1:], rows[:, 0], int(steps.high))
    count = int(steps.value)
    numbers, words = subsample(count), [each.after(count).words for each in convergences]
    return Trajectories(descent.landscape, numbers, points[:, numbers], words), convergences


def _with_more_steps(
    descent: Descent, begin: Sequence[Control], steps: Control
) -> tuple[Trajectories, list[Convergence]]:
    """Return the one path for each number of steps."""
    eta, *start = (control.value for control in begin)
    counts = steps.positions.astype(int)
    numbers = np.union1d(subsample(int(counts[-1])), counts)
    (whole,), (convergence,) = extend(descent, start, eta, int(counts[-1]))
    points = np.where((numbers <= counts[:, None])[..., None], whole[numbers], np.nan)
    words = [convergence.after(int(count)).words for count in counts]
    return Trajectories(descent.landscape, numbers, points, words), [convergence] * len(counts)
