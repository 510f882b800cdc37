"""Waiting for what comes by itself: a sentence that is renewed, and the whole page again once it is there."""

from __future__ import annotations

import time
from collections.abc import Callable

import streamlit as st

from nncore.cluster.engine import EngineError
from pages.ui import lesson

SECONDS = 1.0
"""Between two looks."""


def until(there: Callable[[], bool], words: Callable[[], str], *, say: Callable[[str], object] = st.caption) -> None:
    """`say` the words, anew at each look, until it is `there`; an error is said in their place.

    The page never runs again while it is still running: what a callback has set in this run, a preset say, is sent with
    this run only, and a browser that is given the next one at once shows the old value and sends it back.
    """
    begun = time.monotonic()

    @st.fragment(run_every=SECONDS)
    def look() -> None:
        try:
            come = there()
        except EngineError as error:
            lesson.problem(str(error))
            return
        if come and time.monotonic() > begun + SECONDS / 2:
            st.rerun()
        say(words())

    look()
