"""One training run on a page: start it, follow it, cancel it."""

from __future__ import annotations

import streamlit as st

from nncore.engine import EngineError, default_engine
from nncore.jobs import default_jobs
from nncore.snapshot import Snapshot
from nncore.specs import Experiment
from nncore.store import StoreError
from pages.ui import lesson, run_view

REFRESH_SECONDS = 0.5
ALL_DIGITS = 60_000


def train_and_follow(page: str, experiment: Experiment | None) -> Snapshot | None:
    """The buttons, and below them the page's run as it goes; returns the run as it stands.

    All of it is one fragment, so that Train and Cancel answer at once, without the rest of the page. While a run
    is active the fragment looks again twice a second; when that changes, the whole page runs once more.
    """
    run = _look_up(page, quietly=True)
    active = run is not None and run.active

    @st.fragment(run_every=REFRESH_SECONDS if active else None)
    def room() -> None:
        now = _look_up(page)
        _buttons(page, experiment, now)
        for sentence in st.session_state.pop(f"{page}:problems", []):
            lesson.problem(sentence)
        if now is None:
            run_view.show_nothing_yet(experiment)
        else:
            run_view.show(now, experiment)
        _say_what_the_workers_have(now)
        if active != (now is not None and now.active):
            st.rerun()

    room()
    return run


def _say_what_the_workers_have(run: Snapshot | None) -> None:
    """What keeps a waiting run waiting at the start, and that a network sees few digits where it does."""
    try:
        found = default_engine().warmed_up()
    except EngineError as error:
        lesson.problem(str(error))
        return
    if found is None and run is not None and run.active:
        st.caption(default_engine().progress)
    elif found is not None and found.train_digits < ALL_DIGITS:
        st.caption(f"Trained on {found.train_digits:,} digits and tested on {found.test_digits:,}: {found.source}.")


def _buttons(page: str, experiment: Experiment | None, run: Snapshot | None) -> None:
    active = run is not None and run.active
    with st.container(horizontal=True):
        st.button(
            "Train",
            key="train",
            type="primary",
            icon=":material/play_arrow:",
            disabled=active or experiment is None,
            on_click=_start,
            args=(page, experiment),
        )
        st.button(
            "Cancel",
            key="cancel",
            icon=":material/stop:",
            disabled=not active,
            on_click=_cancel,
            args=(run.run_id if run else "",),
        )


def _run_id(page: str) -> str | None:
    """The run in the link, else the last one of this page in this session, which then goes back into the link."""
    linked, known = st.query_params.get("run"), st.session_state.get(f"{page}:run")
    if linked is None and known is not None:
        st.query_params["run"] = known
    return linked or known


def _look_up(page: str, *, quietly: bool = False) -> Snapshot | None:
    """The page's run; says on the page why there is none where a link names one, unless `quietly`."""
    run_id, run, trouble = _run_id(page), None, ""
    try:
        run = default_jobs().snapshot(run_id) if run_id else None
    except StoreError as error:
        trouble = str(error)
    if run_id and run is None and not trouble:
        trouble = f"No run is known here under the id “{run_id}” that the link names. Press Train for a new one."
    if trouble and not quietly:
        lesson.problem(trouble)
    return run


def _start(page: str, experiment: Experiment) -> None:
    try:
        run_id = default_jobs().submit(experiment)
    except (EngineError, StoreError) as error:
        st.session_state[f"{page}:problems"] = [str(error)]
        return
    st.session_state[f"{page}:run"] = run_id
    st.query_params["run"] = run_id


def _cancel(run_id: str) -> None:
    default_jobs().cancel(run_id)
