"""Timings as tables, the lecture's among them, and the device that a training worker names."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from nncore.cluster.engine import EngineError, default_engine
from nncore.cluster.timing_queue import default_stopwatch
from nncore.training.device import Device
from nncore.training.epoch_timing import LECTURE, Timing
from pages.ui import lesson, polling


def show_measured(found: Sequence[Timing]) -> None:
    """What was timed in this session, by device and size."""
    rows = [
        {
            "device": timed.device,
            "pictures": f"{timed.pictures:,}",
            "seconds": f"{timed.seconds:.2f}",
            "pictures a second": f"{timed.pictures / timed.seconds:,.0f}",
            "first epoch": f"{timed.first_seconds:.2f} s",
        }
        for timed in sorted(found, key=lambda timed: (timed.device, timed.pictures))
    ]
    if rows:
        with st.container(key="timing_table"):
            st.table(rows, hide_index=True, alt="What was timed in this session")


def lecture_rows() -> Sequence[dict[str, str]]:
    """The lecture's table with the speed-up worked out from it."""
    return [
        {
            "pictures": f"{pictures:,}",
            "CPU": f"{LECTURE['CPU'][pictures]:g} s",
            "CPU and GPU": f"{LECTURE['GPU'][pictures]:g} s",
        }
        for pictures in LECTURE["CPU"]
    ]


def ask_for_device() -> Device | None:
    """What a training worker computes on; a line and None while none has answered."""
    try:
        used = default_stopwatch().device() if default_engine().started() else None
    except EngineError as error:
        lesson.problem(str(error))
        return None
    if used is None:
        polling.until(
            lambda: default_engine().started() and default_stopwatch().device() is not None,
            lambda: "A training worker is being asked what it computes on; it answers when its run is over.",
        )
    return used
