"""The numbers of a page that are dragged: each stands in the link and in the session, and every page has its own.

A control's key is its query parameter and, in the browser, the class `st-key-<key>`. Each page remembers its own value:
`st.session_state[key]`, for callbacks and tests. `pages/ui/interactive_figure/element.py` shows the control.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray


@dataclass(frozen=True)
class Dragged:
    """A control of a page: its range, its step and where it is."""

    key: str
    label: str
    low: float
    high: float
    step: float
    """Where it is an `int`, only whole numbers are taken."""
    value: float

    @cached_property
    def positions(self) -> NDArray[np.float64]:
        """(P,), ascending: all steps of the range, and the value where it lies between two of them."""
        steps = _steps(self.low, self.high, self.step)
        return steps if self.value in steps else np.sort(np.append(steps, self.value))

    def anywhere(self) -> Dragged:
        """The same wherever it is of its `positions`: what is drawn for all of them is the same."""
        return replace(self, value=self.low) if self.value in _steps(self.low, self.high, self.step) else self

    def standing(self) -> Dragged:
        """With the one position where it is: what is drawn for that is quickly computed and small."""
        return replace(self, low=self.value, high=self.value)


@lru_cache(maxsize=100)
def _steps(low: float, high: float, step: float) -> NDArray[np.float64]:
    """The range in steps, ascending and each once; shared by everybody, so not to be written to."""
    digits = max(0, -math.floor(math.log10(step))) + 2
    steps = np.round(np.arange(round((high - low) / step) + 1) * step + low, digits)
    steps = np.unique(np.clip(steps, low, high)).astype(np.float64)
    steps.flags.writeable = False
    return steps


def read(key: str, label: str, low: float, high: float, default: float, *, step: float) -> Dragged:
    """The control with the value of this page's link or session; what is no number in the range gives the default."""
    page = st.session_state.get("page")
    memory = st.session_state.setdefault("drags", {"pages": {}, "owners": {}})
    remembered = memory["pages"].setdefault(page, {})
    if memory["owners"].get(key) == page:
        given = st.session_state.get(key, remembered.get(key))  # a widget that is not drawn any more is forgotten there
    else:
        given = st.query_params.get(key, remembered.get(key))
        memory["owners"][key] = page
    dragged = Dragged(key, label, low, high, step, float(default))
    value = found if (found := number_at(given, dragged)) is not None else dragged.value
    if value is not given:
        st.session_state[key] = value
    remembered[key] = value
    _link(key, value, default)
    return replace(dragged, value=value)


def _link(key: str, value: float, default: float) -> None:
    """The link says what is not the default; it is left alone where it says so already, since each change is sent."""
    short = f"{value:g}"
    wanted = None if value == default else short if float(short) == value else repr(value)
    if wanted == st.query_params.get(key):
        return
    if wanted is None:
        del st.query_params[key]
    else:
        st.query_params[key] = wanted


def leave_other_pages() -> None:
    """Take the values of other pages' controls out of the session: a widget here may have the same key."""
    page, owners = st.session_state.get("page"), st.session_state.get("drags", {}).get("owners", {})
    for key in [key for key, owner in owners.items() if owner != page]:
        del owners[key]
        st.session_state.pop(key, None)


def forget(page: str) -> None:
    """Leave all controls of the page to its link."""
    memory = st.session_state.get("drags", {"pages": {}, "owners": {}})
    memory["pages"].pop(page, None)
    for key in [key for key, owner in memory["owners"].items() if owner == page]:
        del memory["owners"][key]
        st.session_state.pop(key, None)


def number_at(given: Any, control: Dragged) -> float | None:
    """A number that the control can be at, out of a link, a session or a browser; else None."""
    try:
        value = float(given) + 0.0
    except (TypeError, ValueError):
        return None
    fits = control.low <= value <= control.high and (value.is_integer() or not isinstance(control.step, int))
    return value if fits else None
