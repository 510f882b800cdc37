"""The race of optimisers from one start, played in the browser."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd
import streamlit as st

from nncore.descent import Path, thinned
from nncore.figures.race import plot_race
from nncore.optimizers import OPTIMIZERS
from nncore.verdicts import fates
from pages.ui import controls, lesson
from pages.ui.descending import Settings

RACERS = {name: each.words for name, each in OPTIMIZERS.items()}
FIRST = ["gd", "momentum", "adam"]
MOMENTUM = 0.9
"""Of the two rules that need one, where the page's own momentum is 0."""


def show_race(settings: Settings, sections: Mapping[str, str]) -> dict[str, Path]:
    """The room of the race; the paths of those who take part, by their names."""
    st.subheader("A race of optimisers", anchor=False)
    left, right = st.columns([0.3, 0.7], gap="medium")
    with left:
        chosen = st.multiselect("Who races", list(RACERS), FIRST, RACERS.get, key="race", bind="query-params")
        adaptive = controls.slider(
            "eta_adaptive", "Step size η of Adam and RMSprop", 0.01, 1.0, 0.1, step=0.01, format="%.6g"
        )
        st.markdown(sections["race"])
    if not chosen:
        right.info("Choose at least one optimiser.")
        return {}
    momentum, count = settings.descent.momentum or MOMENTUM, settings.count
    race, points, rows = {}, {}, []
    numbers = thinned(count)
    for name in (name for name in OPTIMIZERS if name in chosen):
        rule = OPTIMIZERS[name]
        eta = adaptive if rule.adaptive else settings.eta.value
        descent = replace(settings.descent, optimizer=rule, momentum=momentum)
        race[name] = path = descent.path(settings.start, eta, count)
        points[name] = descent.walk(settings.start, eta, count)[numbers]
        verdict = fates(descent, settings.start, eta, count)[0].after(count)
        ends = dict(zip(descent.landscape.parameters, path.points[-1], strict=True))
        rows.append({"optimiser": rule.words} | ends | {"C": path.cost[-1], "what becomes of it": verdict.words})
    with right:
        told = "; ".join(f"{row['optimiser']}: C = {row['C']:.4g}, {row['what becomes of it']}" for row in rows)
        lesson.figure("race_picture", plot_race(settings.descent.landscape, numbers, points, RACERS), told)
    number = st.column_config.NumberColumn
    columns = {name: number(format="%.6g") for name in (*settings.descent.landscape.parameters, "C")}
    with right:
        st.dataframe(pd.DataFrame(rows), hide_index=True, key="race_table", column_config=columns)
    return race
