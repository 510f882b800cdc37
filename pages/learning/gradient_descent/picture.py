"""What is drawn of a descent, and what becomes of it: for every position of one control, or where all of them stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from nncore.figures.interactive.encode import encode
from nncore.figures.learning.gradient_descent import plot_descent
from nncore.theory.convergence import Convergence, extend
from nncore.theory.gradient_descent import Descent, Trajectories, subsample
from pages.ui.memoize import memoize

if TYPE_CHECKING:
    from pages.ui.interactive_figure.control import Control


class Drawn(NamedTuple):
    """The picture for all positions of one control."""

    packed: bytes
    """For the browser (nncore.figures.interactive.encode)."""
    fates: Mapping[float, Convergence]
    """What becomes of the path, by the control's position.

    A fate is that of the longest path that can be shown, so that words do not depend on how many steps are.
    """


@memoize
def draw(moving: str, descent: Descent, controls: tuple[Control, ...]) -> Drawn:
    """The picture of the control whose key is `moving`, one of `controls`: eta, w0 (v0) and steps, in this order."""
    *begin, steps = controls
    walks, fates = _growing(descent, begin, steps) if moving == steps.key else _moving(moving, descent, begin, steps)
    positions = next(control.positions for control in controls if control.key == moving)
    return Drawn(encode(plot_descent(walks)), dict(zip(positions.tolist(), fates, strict=True)))


def _moving(
    moving: str, descent: Descent, begin: Sequence[Control], steps: Control
) -> tuple[Trajectories, list[Convergence]]:
    """As many paths as the step size or the start has positions."""
    column = [control.key for control in begin].index(moving)
    rows = np.repeat([[control.value for control in begin]], len(begin[column].positions), axis=0)
    rows[:, column] = begin[column].positions
    points, fates = extend(descent, rows[:, 1:], rows[:, 0], int(steps.high))
    count = int(steps.value)
    numbers, words = subsample(count), [fate.after(count).words for fate in fates]
    return Trajectories(descent.landscape, numbers, points[:, numbers], words), fates


def _growing(descent: Descent, begin: Sequence[Control], steps: Control) -> tuple[Trajectories, list[Convergence]]:
    """One path with more and more steps."""
    eta, *start = (control.value for control in begin)
    counts = steps.positions.astype(int)
    numbers = np.union1d(subsample(int(counts[-1])), counts)
    (whole,), (fate,) = extend(descent, start, eta, int(counts[-1]))
    points = np.where((numbers <= counts[:, None])[..., None], whole[numbers], np.nan)
    words = [fate.after(int(count)).words for count in counts]
    return Trajectories(descent.landscape, numbers, points, words), [fate] * len(counts)
