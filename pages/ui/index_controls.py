"""Numbers in the URL whose range depends on what is shown: which map, which row, which column."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from pages.ui import lesson, widgets


def whole(key: str, label: str, high: int, default: int = 0) -> int:
    """A whole number from 0 to `high`; a link beyond it is answered in a sentence, a widget is brought back."""
    given = st.query_params.get(key)
    if key in st.session_state:
        if (st.session_state[key] or 0) > high:
            st.session_state[key] = high
    elif given is not None and not (given.isdecimal() and int(given) <= high):
        lesson.problem(f"{label}: expected a whole number from 0 to {high}, received “{given}”.")
    return int(widgets.number(key, label, 0, high, default, step=1))


def along(key: str, label: str, high: int) -> int:
    """A row or column, 0 to `high`; when a map of another size comes, it stays at the same part of the picture."""
    before = st.session_state.get(f"{key}:high", high)
    if before != high and st.session_state.get(key):
        st.session_state[key] = round(st.session_state[key] * high / max(before, 1))
    st.session_state[f"{key}:high"] = high
    return whole(key, label, high, round(0.6 * high))


def one_of(key: str, label: str, names: Mapping[str, str]) -> str:
    """One of the keys of `names`, shown by their names; the first where the link or the last network had another."""
    first = next(iter(names))
    given = st.query_params.get(key)
    if key not in st.session_state and given is not None and given not in names:
        lesson.problem(f"{label}: expected one of {first} to {list(names)[-1]}, received “{given}”.")
    if st.session_state.get(key, first) not in names:
        st.session_state[key] = first
    return widgets.choice(key, label, tuple(names), first, names=names)
