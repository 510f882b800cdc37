"""The race of optimisers from one start, as paths, figures and a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import plotly.graph_objects as go
import pyarrow as pa
from numpy.typing import NDArray

from nncore.figures.learning.optimizer_race import plot_race, plot_race_costs
from nncore.theory.convergence import extend
from nncore.theory.gradient_descent import Descent, Trajectories, Trajectory, subsample
from nncore.theory.optimizers import OPTIMIZERS
from pages.ui.memoize import memoize

if TYPE_CHECKING:
    from pages.learning.gradient_descent.controls import Settings

NAMES = {name: each.label for name, each in OPTIMIZERS.items()}
WITH_MOMENTUM = ("momentum", "nesterov")
MOMENTUM = 0.9
"""The momentum of the two rules that need one, if the page's own is 0."""


class Racers(NamedTuple):
    """The optimisers that take part."""

    names: tuple[str, ...]
    """Some of OPTIMIZERS."""
    adaptive: float
    """The step size of the optimisers that adapt it."""


@dataclass(frozen=True)
class Race:
    """The result of one race, to be shown. It is memoized, since most controls leave a race as it was."""

    paths: Mapping[str, Trajectory]
    """By the racers' names."""
    picture: go.Figure
    costs: go.Figure
    alt: str
    """What becomes of each racer, for those who do not see the figures."""
    table: pa.Table
    """One row for each racer."""


@memoize
def run_race(settings: Settings, racers: Racers) -> Race:
    """Let at least one optimiser descend from the page's start and return where each goes and what becomes of it."""
    names = {name: NAMES[name] for name in racers.names}
    paths, points, verdicts, numbers = {}, [], [], subsample(settings.count)
    for name in names:
        rule = OPTIMIZERS[name]
        eta = racers.adaptive if rule.adaptive else settings.eta.value
        momentum = settings.descent.momentum or MOMENTUM if name in WITH_MOMENTUM else 0.0
        descent = replace(settings.descent, optimizer=rule, momentum=momentum)
        most = int(settings.steps.high)
        paths[name], walked, verdict = _run(descent, tuple(settings.start), eta, settings.count, most)
        points.append(walked[numbers])
        verdicts.append(verdict)
    walks = Trajectories(settings.descent.landscape, numbers, np.array(points), verdicts)
    alt = "; ".join(f"{words}: {verdict}" for words, verdict in zip(names.values(), verdicts, strict=True))
    ends = dict(zip(walks.landscape.parameters, walks.ends.T, strict=True)) | {"C": walks.landscape.cost(walks.ends)}
    table = pa.table({"optimiser": list(names.values())} | ends | {"what becomes of it": verdicts})
    return Race(paths, plot_race(walks, names), plot_race_costs(walks, names), alt, table)


@lru_cache(maxsize=1000)
def _run(
    descent: Descent, start: tuple[float, ...], eta: float, count: int, most: int
) -> tuple[Trajectory, NDArray[np.float64], str]:
    """Return one racer's path, its points, and what becomes of it; cached, since most controls change few racers.

    What becomes of it is judged by the longest path that can be shown, of `most` steps, as for the page's own path.
    """
    (walked,), (convergence,) = extend(descent, start, eta, most)
    return descent.path(start, eta, count), walked[: count + 1], convergence.after(count).words
