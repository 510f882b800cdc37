"""Epochs of model 3 timed here and now, one after the other, on each device of this machine."""

from __future__ import annotations

import time
from typing import Any

import streamlit as st

from nncore.cluster.engine import EngineError
from nncore.cluster.timing_queue import OccupiedError, default_stopwatch, outcome
from nncore.figures.workshop.epoch_timing import plot_timings
from nncore.training.device import Device
from nncore.training.epoch_timing import LECTURE, SIZES, Timing
from pages.ui import lesson, widgets
from pages.workshop.gpu import tables

REFRESH_SECONDS = 0.5
FOUND, LEFT, NOW, PROBLEM = "gpu:found", "gpu:left", "gpu:now", "gpu:problem"
OPTIONS = tuple(str(size) for size in SIZES)
DEFAULTS = OPTIONS[:2]
CHOSEN = "gpu:chosen"


def found() -> list[Timing]:
    """What was timed in this session, the last measurement of each device and size."""
    return list(st.session_state.get(FOUND, {}).values())


def devices_of(used: Device) -> tuple[str, ...]:
    """The names that a timing may be asked for; the GPU and the CPU beside it, or the CPU alone."""
    return (used.names[0], "CPU") if used.names else ("CPU",)


def chosen() -> tuple[list[int], list[str]]:
    """The sizes and the devices that are set, the latter as Keras names them; the defaults where nothing is."""
    sizes, devices = st.session_state.get(CHOSEN, ([], []))
    named = ["cpu:0" if device == "CPU" else "gpu:0" for device in devices]
    return sizes or [int(size) for size in DEFAULTS], named or ["cpu:0"]


def show(used: Device | None) -> None:
    """Sizes and devices at the left with the button, the figure at the right; in a fragment that looks again."""
    left, right = st.columns([2, 3], gap="medium")
    with left:
        names = {size: f"{int(size):,} pictures" for size in OPTIONS}
        sizes = widgets.several("pictures", "Time an epoch of", OPTIONS, DEFAULTS, names=names)
        devices = devices_of(used) if used else ()
        if len(devices) > 1:
            devices = tuple(widgets.several("on", "On", devices, devices, names={}))
        st.session_state[CHOSEN] = [int(size) for size in sizes], list(devices)
    busy = _busy()

    @st.fragment(run_every=REFRESH_SECONDS if busy else None)
    def room() -> None:
        _go_on()
        _buttons([(int(size), name == "CPU") for name in devices for size in sizes])
        _say_what_happens()
        if busy != _busy():
            st.rerun()

    with left:
        room()
        tables.show_measured(found())
    with right:
        measured: dict[str, list[tuple[int, float]]] = {}
        for timed in found():
            measured.setdefault(timed.device, []).append((timed.pictures, timed.seconds))
        drawn = plot_timings(measured, LECTURE)
        lesson.figure("timings", drawn, "Seconds an epoch of model 3 takes against its pictures, here and printed")


def _busy() -> bool:
    return st.session_state.get(NOW) is not None or bool(st.session_state.get(LEFT))


def _buttons(wanted: list[tuple[int, bool]]) -> None:
    with st.container(horizontal=True):
        st.button("Time them now", key="time", icon=":material/timer:", type="primary",
                  disabled=_busy() or not wanted, on_click=_begin, args=(wanted,))  # fmt: skip
        st.button("Stop", key="stop_timing", icon=":material/stop:", disabled=not _busy(), on_click=_stop)


def _begin(wanted: list[tuple[int, bool]]) -> None:
    st.session_state[LEFT] = list(wanted)


def _stop() -> None:
    future, *_ = st.session_state.pop(NOW, None) or (None,)
    if future is not None:
        default_stopwatch().drop(future)
    st.session_state[LEFT] = []


def _go_on() -> None:
    """Take what is measured, and begin the next."""
    try:
        now: tuple[Any, ...] | None = st.session_state.get(NOW)
        if now is not None and now[0].done():
            st.session_state[NOW] = None
            timed: Timing = outcome(now[0])
            st.session_state.setdefault(FOUND, {})[timed.device, timed.pictures] = timed
        left: list[tuple[int, bool]] = st.session_state.get(LEFT, [])
        if left and st.session_state.get(NOW) is None:
            (pictures, on_cpu), *rest = left
            future = default_stopwatch().begin(pictures, on_cpu=on_cpu)
            st.session_state[NOW] = (future, pictures, time.monotonic())
            st.session_state[LEFT] = rest
    except (EngineError, OccupiedError, ValueError) as error:
        st.session_state[PROBLEM] = str(error)
        st.session_state[NOW], st.session_state[LEFT] = None, []


def _say_what_happens() -> None:
    if PROBLEM in st.session_state:
        lesson.problem(st.session_state.pop(PROBLEM))
    now = st.session_state.get(NOW)
    with st.container(key="timing_status"):
        if now is None:
            st.caption("Two epochs a size: one to warm up, one that counts. Runs in the queue go first.")
        else:
            seconds, more = time.monotonic() - now[2], len(st.session_state.get(LEFT, []))
            st.markdown(
                f"Timing {now[1]:,} pictures for {seconds:.0f} s, {more} more to come. If runs are in the queue, it "
                "waits for them."
            )
