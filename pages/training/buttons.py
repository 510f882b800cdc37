"""The buttons that change a run: train, pause, continue, one epoch more, cancel; and what they answer."""

from __future__ import annotations

import time
from collections.abc import Callable

import streamlit as st

from nncore.cluster.engine import EngineError
from nncore.runs.service import BusyError, RefusedError, default_runs
from nncore.runs.snapshot import Snapshot
from nncore.specs.experiment import Experiment
from nncore.storage.run_status import NotPossibleError
from nncore.storage.run_store import StoreError
from pages.training import owner as ownership
from pages.ui import lesson, url_state

REST_SECONDS = 0.4
"""A training stops within less at its next look at the flag."""
TROUBLES = (EngineError, StoreError, RefusedError, NotPossibleError)


def show(page: str, experiment: Experiment | None, run: Snapshot | None) -> None:
    """All five, each where it makes sense; below them what the last one was answered."""
    mine = run is not None and run.belongs_to(ownership.token())
    active = run is not None and run.active
    rate = _new_rate(experiment, run)
    epochs = experiment.training.epochs if experiment is not None and rate is not None else 0
    left = run is not None and (run.status != "finished" or epochs > run.epochs_done)
    resumable = mine and run is not None and run.settled and run.can("continue")
    changed = rate is not None and run is not None and rate != run.learning_rate
    with_rate = f" at {rate:g}" if changed else ""
    run_id = run.run_id if run else ""
    with st.container(horizontal=True, gap="small"):
        _button("Train", "train", "play_arrow", experiment is None, _start, page, experiment, type="primary")
        _button("Pause", "pause", "pause", not (mine and active), _pause, page, run_id)
        _button(
            f"Continue{with_rate}", "continue", "resume", not (resumable and left), _resume, page, run_id, rate, epochs
        )
        _button(f"+1 epoch{with_rate}", "one_more", "exposure_plus_1", not resumable, _one_more, page, run_id, rate)
        _button("Cancel", "cancel", "stop", not (mine and run and run.can("cancel")), _cancel, page, run_id)
    with st.container():
        for sentence in st.session_state.pop(f"{page}:problems", []):
            lesson.problem(sentence)
        if st.session_state.get(f"{page}:busy"):
            _offer_to_replace(page, experiment)


def _new_rate(experiment: Experiment | None, run: Snapshot | None) -> float | None:
    """The controls' learning rate, if they show the run's network and optimizer; None if they are about another."""
    if experiment is None or run is None:
        return None
    here, there = experiment.training, run.experiment.training
    same = experiment.network == run.experiment.network and (here.optimizer, here.data) == (there.optimizer, there.data)
    return here.learning_rate if same else None


def _button(
    label: str, key: str, icon: str, disabled: bool, act: Callable[..., None], *args: object, **more: str
) -> None:
    st.button(label, key=key, icon=f":material/{icon}:", disabled=disabled, on_click=act, args=args, **more)  # type: ignore[arg-type]


def _offer_to_replace(page: str, experiment: Experiment | None) -> None:
    busy = st.session_state[f"{page}:busy"]
    with st.container(key="busy", border=True):
        st.markdown("**You have a run that is not over yet.** A second one at the same time would make others wait.")
        with st.container(horizontal=True):
            _button("Cancel it and train this", "replace", "swap_horiz", experiment is None, _replace, page, experiment)
            _button("Show it", "show_busy", "visibility", False, _show, page, busy)
            _button("Leave it", "keep_busy", "close", False, _leave, page)


def _try(page: str, act: Callable[[], None]) -> None:
    st.session_state.pop(f"{page}:busy", None)
    try:
        act()
    except BusyError as error:
        st.session_state[f"{page}:busy"] = error.run_id
    except TROUBLES as error:
        st.session_state[f"{page}:problems"] = [str(error)]


def _start(page: str, experiment: Experiment, replace: bool = False) -> None:
    def act() -> None:
        owner = ownership.token_for_training()
        _show(page, default_runs().submit(experiment, owner=owner, nickname=ownership.nickname(), replace=replace))

    _try(page, act)


def _replace(page: str, experiment: Experiment) -> None:
    _start(page, experiment, replace=True)


def _show(page: str, run_id: str) -> None:
    st.session_state.pop(f"{page}:busy", None)
    url_state.carry("run", run_id)


def _leave(page: str) -> None:
    st.session_state.pop(f"{page}:busy", None)


def _pause(page: str, run_id: str) -> None:
    def act() -> None:
        default_runs().pause(run_id, ownership.token())
        _wait_for_rest(run_id)

    _try(page, act)


def _cancel(page: str, run_id: str) -> None:
    def act() -> None:
        default_runs().cancel(run_id, ownership.token())
        _wait_for_rest(run_id)

    _try(page, act)


def _wait_for_rest(run_id: str) -> None:
    """A moment, so that the answer to the button is the run at rest, and not half a second later the next look."""
    deadline = time.monotonic() + REST_SECONDS
    while time.monotonic() < deadline and (run := default_runs().snapshot(run_id)) is not None and run.active:
        time.sleep(0.02)


def _resume(page: str, run_id: str, rate: float | None, epochs: int) -> None:
    _try(page, lambda: default_runs().resume(run_id, ownership.token(), learning_rate=rate, epochs=epochs))


def _one_more(page: str, run_id: str, rate: float | None) -> None:
    _try(page, lambda: default_runs().resume(run_id, ownership.token(), learning_rate=rate, one_epoch=True))
