"""The race of optimisers from one start, played in the browser."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pyarrow as pa
import streamlit as st
from numpy.typing import NDArray

from nncore.descent import Descent, Path, Walks, thinned
from nncore.figures.race import plot_race, plot_race_costs
from nncore.optimizers import OPTIMIZERS
from nncore.verdicts import carry_on
from pages.ui import controls, lesson
from pages.ui.descending import Settings

RACERS = {name: each.words for name, each in OPTIMIZERS.items()}
FIRST = ["gd", "momentum", "adam"]
WITH_MOMENTUM = ("momentum", "nesterov")
MOMENTUM = 0.9
"""Of the two rules that need one, where the page's own momentum is 0."""


def show_race(settings: Settings, sections: Mapping[str, str]) -> dict[str, Path]:
    """The room of the race; the paths of those who take part, by their names."""
    st.subheader("A race of optimisers", anchor=False)
    left, middle, right = st.columns([0.28, 0.36, 0.36], gap="medium")
    with left:
        chosen = controls.several("race", "Who races", list(RACERS), FIRST, names=RACERS)
        label = "Step size η of Adam and RMSprop"
        adaptive = controls.slider("eta_adaptive", label, 0.01, 1.0, 0.1, step=0.01, format="%.6g")
        st.markdown(sections["race"])
    names = {name: words for name, words in RACERS.items() if name in chosen}
    if not names:
        middle.info("Choose at least one optimiser.")
        return {}
    count, start, verdicts = settings.count, settings.start, []
    race, points, numbers = {}, [], thinned(count)
    for name in names:
        rule = OPTIMIZERS[name]
        eta = adaptive if rule.adaptive else settings.eta.value
        momentum = settings.descent.momentum or MOMENTUM if name in WITH_MOMENTUM else 0.0
        descent = replace(settings.descent, optimizer=rule, momentum=momentum)
        race[name], walked, verdict = _run(descent, tuple(start), eta, count)
        points.append(walked[numbers])
        verdicts.append(verdict)
    walks = Walks(settings.descent.landscape, numbers, np.array(points), verdicts)
    told = "; ".join(f"{words}: {verdict}" for words, verdict in zip(names.values(), verdicts, strict=True))
    with middle:
        lesson.figure("race_picture", plot_race(walks, names), f"The paths of the optimisers on the cost. {told}.")
    with right:
        lesson.figure("race_costs", plot_race_costs(walks, names), f"C above the least cost against the step. {told}.")
    _show_table(walks, names)
    return race


@lru_cache(maxsize=1000)
def _run(descent: Descent, start: tuple[float, ...], eta: float, count: int) -> tuple[Path, NDArray[np.float64], str]:
    """One racer's path, its points, and what becomes of it: most sliders change few of the racers."""
    walked, fates = carry_on(descent, start, eta, count)
    return descent.path(start, eta, count), walked[0], fates[0].after(count).words


def _show_table(walks: Walks, names: Mapping[str, str]) -> None:
    ends = dict(zip(walks.landscape.parameters, walks.ends.T, strict=True)) | {"C": walks.landscape.cost(walks.ends)}
    rows = pa.table({"optimiser": list(names.values())} | ends | {"what becomes of it": list(walks.words)})
    columns = {name: st.column_config.NumberColumn(format="%.6g") for name in ends}
    st.dataframe(rows, hide_index=True, key="race_table", column_config=columns)
