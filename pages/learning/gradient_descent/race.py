"""The section with the race of optimisers from one start, played in the browser."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from nncore.theory.gradient_descent import Trajectory
from pages.learning.gradient_descent.controls import Settings
from pages.learning.gradient_descent.optimizer_race import NAMES, Racers, run_race
from pages.ui import lesson, url_state, widgets
from pages.ui.interactive_figure import control

FIRST = ["gd", "momentum", "adam"]


def read_racers(*, shown: bool) -> Racers:
    """Return the racers of the link and the session; show their controls only if `shown`."""
    chosen = widgets.several("race", "Who races", list(NAMES), FIRST, names=NAMES, shown=shown)
    label, low, high, step = "Step size η of Adam and RMSprop", 0.01, 1.0, 0.01
    adaptive = control.read("eta_adaptive", label, low, high, 0.1, step=step)
    if shown:
        st.slider(label, low, high, step=step, format="%.6g", key=adaptive.key)
    else:
        url_state.release(adaptive.key)
    return Racers(tuple(chosen), adaptive.value)


def show_race(settings: Settings, sections: Mapping[str, str]) -> Racers:
    """Show the section, folded away unless it is opened; return the racers."""
    with lesson.expander("race_section", "A race of optimisers", opened_by=("race", "eta_adaptive")) as section:
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
            lesson.figure("race_picture", race.picture, f"The paths of the optimisers on the cost. {race.alt}.")
        with right:
            lesson.figure("race_costs", race.costs, f"C above the least cost against the step. {race.alt}.")
        columns = {name: st.column_config.NumberColumn(format="%.6g") for name in race.table.column_names[1:-1]}
        st.dataframe(race.table, hide_index=True, key="race_table", column_config=columns)
        return racers


def paths(settings: Settings, racers: Racers) -> Mapping[str, Trajectory]:
    """Return the racers' paths by their names; none if nobody races."""
    return run_race(settings, racers).paths if racers.names else {}
