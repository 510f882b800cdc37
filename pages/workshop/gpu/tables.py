"""Tables of timings, the lecture's among them, and the device that a training worker names."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from nncore.cluster.engine import EngineError, default_engine
from nncore.cluster.timing_queue import default_stopwatch
from nncore.training.device import Device
from nncore.training.epoch_timing import LECTURE, Timing
from pages.ui import lesson, polling


def show_measured(measured: Sequence[Timing]) -> None:
    """Show the timings of this session in a table, sorted by device and size."""
    rows = [
        {
            "device": timing.device,
            "pictures": f"{timing.pictures:,}",
            "seconds": f"{timing.seconds:.2f}",
            "pictures a second": f"{timing.pictures / timing.seconds:,.0f}",
            "first epoch": f"{timing.first_seconds:.2f} s",
        }
        for timing in sorted(measured, key=lambda timing: (timing.device, timing.pictures))
    ]
    if rows:
        with st.container(key="timing_table"):
            st.table(rows, hide_index=True, alt="What was timed in this session")


def lecture_rows() -> Sequence[dict[str, str]]:
    """The rows of the lecture's table: seconds an epoch, with and without a GPU."""
    return [
        {
            "pictures": f"{pictures:,}",
            "CPU": f"{LECTURE['CPU'][pictures]:g} s",
            "CPU and GPU": f"{LECTURE['GPU'][pictures]:g} s",
        }
        for pictures in LECTURE["CPU"]
    ]


def ask_for_device() -> Device | None:
    """The device of a training worker; None, and a sentence on the page, until one has answered."""
    try:
        used = default_stopwatch().device() if default_engine().started() else None
    except EngineError as error:
        lesson.problem(str(error))
        return None
    if used is None:
        polling.poll_until(
            lambda: default_engine().started() and default_stopwatch().device() is not None,
            lambda: "A training worker is being asked what it computes on; it answers when its run is over.",
        )
    return used
