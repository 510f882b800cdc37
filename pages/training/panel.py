"""One training run on a page: its buttons, and below them the run as it goes."""

from __future__ import annotations

import streamlit as st

from nncore.cluster.engine import EngineError, default_engine
from nncore.runs.service import default_runs
from nncore.runs.snapshot import Snapshot
from nncore.specs.experiment import Experiment
from nncore.storage.run_store import StoreError
from pages.training import buttons, owner, run_view
from pages.ui import lesson, url_state

REFRESH_SECONDS = 0.5
AGAIN_SECONDS = 5.0
"""For a run that stands still: its server may come back and go on with it, or its owner may from another page."""
ALL_DIGITS = 60_000


def train_and_follow(page: str, experiment: Experiment | None) -> Snapshot | None:
    """The buttons, and below them the page's run as it goes; returns the run as it stands.

    All of it is one fragment, so that Train and Cancel answer at once, without the rest of the page. While a run
    is active the fragment looks again twice a second, and every few seconds while it is paused or interrupted; when
    that changes, the whole page runs once more.
    """
    run = _look_up(quietly=True)
    pace = _pace(run)

    @st.fragment(run_every=pace)
    def room() -> None:
        now = _look_up()
        buttons.show(page, experiment, now)
        with st.container(key="estimate"):  # always there, or all below would move and stand twice for a moment
            if experiment is not None and (now is None or not now.active):
                _say_how_long_it_would_take(experiment)
        if now is None:
            run_view.show_nothing_yet(experiment)
        else:
            run_view.show(now, experiment, mine=now.belongs_to(owner.token()))
        _say_what_the_workers_have(now)
        owner.name_and_links(now.run_id if now else None)
        if pace != _pace(now):
            st.rerun()

    room()
    return run


def _pace(run: Snapshot | None) -> float | None:
    """Seconds after which the page is to look again, if it is."""
    if run is not None and (run.active or not run.settled):
        return REFRESH_SECONDS
    return AGAIN_SECONDS if run is not None and run.status in ("paused", "interrupted") else None


def _say_how_long_it_would_take(experiment: Experiment) -> None:
    """Foreseen from the network's size and the pace of the last epochs here."""
    foreseen = default_runs().estimate(experiment)
    words = f"Training would take about {run_view.duration(foreseen.seconds)} here"
    if foreseen.ahead:
        runs = "one run is" if foreseen.ahead == 1 else f"{foreseen.ahead} runs are"
        words += f"; {runs} before it, so it would start in about {run_view.duration(foreseen.seconds_to_start)}"
    st.caption(f"{words}.")


def _say_what_the_workers_have(run: Snapshot | None) -> None:
    """What keeps a waiting run waiting at the start, and that a network sees few digits where it does."""
    try:
        found = default_engine().warmed_up()
    except EngineError as error:
        lesson.problem(str(error))
        return
    if found is None and run is not None and run.active:
        st.caption(default_engine().progress)
    elif found is not None and found.train_digits < ALL_DIGITS and _sees_digits(run):
        st.caption(f"Trained on {found.train_digits:,} digits and tested on {found.test_digits:,}: {found.source}.")


def _sees_digits(run: Snapshot | None) -> bool:
    return run is None or run.experiment.training.data == "mnist"


def _run_id() -> str | None:
    """The run in the link, else the last one of this page in this session, which then goes back into the link."""
    owner.token()
    return url_state.carried("run")


def _look_up(*, quietly: bool = False) -> Snapshot | None:
    """The page's run; says on the page why there is none where a link names one, unless `quietly`."""
    run_id, run, trouble = _run_id(), None, ""
    try:
        run = default_runs().snapshot(run_id) if run_id else None
    except StoreError as error:
        trouble = str(error)
    if run_id and run is None and not trouble:
        trouble = f"No run is known here under the id “{run_id}” that the link names. Press Train for a new one."
    if trouble and not quietly:
        lesson.problem(trouble)
    return run
