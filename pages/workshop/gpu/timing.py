"""Time epochs of model 3 on this machine, one after the other on each of its devices."""

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
MEASURED, LEFT, NOW, PROBLEM = "gpu:measured", "gpu:left", "gpu:now", "gpu:problem"
OPTIONS = tuple(str(size) for size in SIZES)
DEFAULTS = OPTIONS[:2]
CHOSEN = "gpu:chosen"


def measured() -> list[Timing]:
    """The timings of this session: the last one of each device and size."""
    return list(st.session_state.get(MEASURED, {}).values())


def devices_of(used: Device) -> tuple[str, ...]:
    """The devices that can be timed: the first GPU and the CPU beside it, or the CPU alone."""
    return (used.names[0], "CPU") if used.names else ("CPU",)


def chosen() -> tuple[list[int], list[str]]:
    """The chosen numbers of images, and the devices as Keras names them; the defaults where none is chosen."""
    sizes, devices = st.session_state.get(CHOSEN, ([], []))
    named = ["cpu:0" if device == "CPU" else "gpu:0" for device in devices]
    return sizes or [int(size) for size in DEFAULTS], named or ["cpu:0"]


def show_timing(used: Device | None) -> None:
    """Show sizes, devices, buttons and the table at the left, and the figure at the right."""
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
    def time_epochs() -> None:
        _advance()
        _buttons([(int(size), name == "CPU") for name in devices for size in sizes])
        _show_status()
        if busy != _busy():
            st.rerun()

    with left:
        time_epochs()
        tables.show_measured(measured())
    with right:
        by_device: dict[str, list[tuple[int, float]]] = {}
        for timing in measured():
            by_device.setdefault(timing.device, []).append((timing.pictures, timing.seconds))
        drawn = plot_timings(by_device, LECTURE)
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


def _advance() -> None:
    """Store a measurement that is done, and begin the next one."""
    try:
        now: tuple[Any, ...] | None = st.session_state.get(NOW)
        if now is not None and now[0].done():
            st.session_state[NOW] = None
            timing: Timing = outcome(now[0])
            st.session_state.setdefault(MEASURED, {})[timing.device, timing.pictures] = timing
        left: list[tuple[int, bool]] = st.session_state.get(LEFT, [])
        if left and st.session_state.get(NOW) is None:
            (pictures, on_cpu), *rest = left
            future = default_stopwatch().begin(pictures, on_cpu=on_cpu)
            st.session_state[NOW] = (future, pictures, time.monotonic())
            st.session_state[LEFT] = rest
    except (EngineError, OccupiedError, ValueError) as error:
        st.session_state[PROBLEM] = str(error)
        st.session_state[NOW], st.session_state[LEFT] = None, []


def _show_status() -> None:
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
