"""Polling: show a sentence that is renewed every second, and rerun the page once a condition is met."""

from __future__ import annotations

import time
from collections.abc import Callable

import streamlit as st

from nncore.cluster.engine import EngineError
from pages.ui import lesson

SECONDS = 1.0
"""Time between two polls."""


def poll_until(met: Callable[[], bool], words: Callable[[], str], *, say: Callable[[str], object] = st.caption) -> None:
    """Call `say` with the words at every poll until `met()` is true; then rerun the whole page.

    An `EngineError` of `met` is shown in their place. The rerun waits until this run has ended: what a
    callback has set in this run, say a preset, is sent with this run only, and a browser that is given the next one at
    once shows the old value and sends it back.
    """
    begun = time.monotonic()

    @st.fragment(run_every=SECONDS)
    def poll() -> None:
        try:
            done = met()
        except EngineError as error:
            lesson.problem(str(error))
            return
        if done and time.monotonic() > begun + SECONDS / 2:
            st.rerun()
        say(words())

    poll()
