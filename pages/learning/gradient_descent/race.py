"""The race of optimisers from one start, played in the browser."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
import pyarrow as pa
import streamlit as st
from numpy.typing import NDArray

from nncore.figures.learning.optimizer_race import plot_race, plot_race_costs
from nncore.theory.convergence import extend
from nncore.theory.gradient_descent import Descent, Trajectories, Trajectory, subsample
from nncore.theory.optimizers import OPTIMIZERS
from pages.learning.gradient_descent.controls import Settings
from pages.ui import lesson, widgets
from pages.ui.interactive_figure import control
from pages.ui.memoize import memoize

RACERS = {name: each.words for name, each in OPTIMIZERS.items()}
FIRST = ["gd", "momentum", "adam"]
WITH_MOMENTUM = ("momentum", "nesterov")
MOMENTUM = 0.9
"""Of the two rules that need one, where the page's own momentum is 0."""


@dataclass(frozen=True)
class Race:
    """What the room shows of one race. Kept: most sliders leave the race as it was for somebody."""

    paths: Mapping[str, Trajectory]
    """By the racers' names."""
    picture: go.Figure
    costs: go.Figure
    told: str
    table: pa.Table


class Racers(NamedTuple):
    """Who races."""

    names: tuple[str, ...]
    adaptive: float
    """The step size of those who adapt it."""


def read_racers(*, shown: bool) -> Racers:
    """Who takes part, as the link and the session say; the controls are drawn where they are `shown`."""
    chosen = widgets.several("race", "Who races", list(RACERS), FIRST, names=RACERS, shown=shown)
    label, low, high, step = "Step size η of Adam and RMSprop", 0.01, 1.0, 0.01
    adaptive = control.read("eta_adaptive", label, low, high, 0.1, step=step)
    if shown:
        st.slider(label, low, high, step=step, format="%.6g", key=adaptive.key)
    return Racers(tuple(chosen), adaptive.value)


def show_race(settings: Settings, sections: Mapping[str, str]) -> Racers:
    """The section of the race; who takes part."""
    with lesson.folded("race_section", "A race of optimisers", opened_by=("race", "eta_adaptive")) as section:
        if not section.open:
            return read_racers(shown=False)
        left, middle, right = st.columns([0.28, 0.36, 0.36], gap="medium")
        with left:
            racers = read_racers(shown=True)
            st.markdown(sections["race"])
        if not racers.names:
            middle.info("Choose at least one optimiser.")
            return racers
        race = run_race(settings, racers)
        with middle:
            lesson.figure("race_picture", race.picture, f"The paths of the optimisers on the cost. {race.told}.")
        with right:
            lesson.figure("race_costs", race.costs, f"C above the least cost against the step. {race.told}.")
        columns = {name: st.column_config.NumberColumn(format="%.6g") for name in race.table.column_names[1:-1]}
        st.dataframe(race.table, hide_index=True, key="race_table", column_config=columns)
        return racers


def paths(settings: Settings, racers: Racers) -> Mapping[str, Trajectory]:
    """The path of each, by the racers' names."""
    return run_race(settings, racers).paths if racers.names else {}


@memoize
def run_race(settings: Settings, racers: Racers) -> Race:
    """Each racer's path from the page's start, and what becomes of it."""
    names = {name: RACERS[name] for name in racers.names}
    count, start, verdicts = settings.count, settings.start, []
    each, points, numbers = {}, [], subsample(count)
    for name in names:
        rule = OPTIMIZERS[name]
        eta = racers.adaptive if rule.adaptive else settings.eta.value
        momentum = settings.descent.momentum or MOMENTUM if name in WITH_MOMENTUM else 0.0
        descent = replace(settings.descent, optimizer=rule, momentum=momentum)
        each[name], walked, verdict = _run(descent, tuple(start), eta, count, int(settings.steps.high))
        points.append(walked[numbers])
        verdicts.append(verdict)
    walks = Trajectories(settings.descent.landscape, numbers, np.array(points), verdicts)
    told = "; ".join(f"{words}: {verdict}" for words, verdict in zip(names.values(), verdicts, strict=True))
    ends = dict(zip(walks.landscape.parameters, walks.ends.T, strict=True)) | {"C": walks.landscape.cost(walks.ends)}
    table = pa.table({"optimiser": list(names.values())} | ends | {"what becomes of it": verdicts})
    return Race(each, plot_race(walks, names), plot_race_costs(walks, names), told, table)


@lru_cache(maxsize=1000)
def _run(
    descent: Descent, start: tuple[float, ...], eta: float, count: int, most: int
) -> tuple[Trajectory, NDArray[np.float64], str]:
    """One racer's path, its points, and what becomes of it: most sliders change few of the racers.

    What becomes of it is told from the longest path that can be shown, as it is of the path above.
    """
    (walked,), (fate,) = extend(descent, start, eta, most)
    return descent.path(start, eta, count), walked[: count + 1], fate.after(count).words
