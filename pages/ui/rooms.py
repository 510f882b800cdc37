"""The rooms of a lesson below its picture: a control runs its own room alone, and what depends on it follows.

A page that is run as a whole at every move computes mostly what nobody sees. So each room is a fragment. What it
returns is what those below it depend on: where that has changed, a room below is out of date, and the browser
(rooms.js) asks for it, at once if it is in view or comes into view, else when the hand has rested. A page that was just
opened has all rooms up to date.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import streamlit as st

SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
ELEMENT = st.components.v2.component("rooms", js=SCRIPT, isolate_styles=False)


@dataclass
class _Told:
    """What the rooms of one page returned in this session, from the first to the last, and when each last changed."""

    answers: dict[int, object] = field(default_factory=dict)
    changed: dict[int, int] = field(default_factory=dict)
    now: int = 0
    """A clock that goes on by one with each change."""


def show(*rooms: Callable[..., object]) -> None:
    """Draw rooms below one another. Each receives what those above it returned, in order; `==` must compare it."""
    for number, room in enumerate(rooms):
        _show(number, room)


@st.fragment
def _show(number: int, room: Callable[..., object]) -> None:
    page = st.session_state.get("page")
    told: _Told = st.session_state.setdefault(f"rooms of {page}", _Told())
    answer = room(*(told.answers[above] for above in range(number)))
    if number not in told.answers or told.answers[number] != answer:
        told.now += 1
        told.answers[number], told.changed[number] = answer, told.now
    data = {"number": number, "changed": told.changed[number], "drawn": told.now}
    ELEMENT(key=f"watch_{page}_{number}", data=data, on_wanted_change=_draw_anew)


def _draw_anew() -> None:
    """Nothing but the run that follows."""
