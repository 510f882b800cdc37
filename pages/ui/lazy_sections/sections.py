"""The rooms of a lesson below its picture: a control runs its own room alone, and what depends on it follows.

A page that is run as a whole at every move computes mostly what nobody sees. So each room is a fragment. What it
returns is what those below it depend on: where that has changed, a room below is out of date, and the browser
(sections.js) asks for it, at once if it is in view or comes into view, else when the hand has rested. A page that was
just opened has all rooms up to date.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

HERE = Path(__file__).parent
SCRIPT = "".join((HERE / name).read_text(encoding="utf-8") for name in ("../leaving.js", "sections.js"))
ELEMENT = st.components.v2.component("rooms", js=SCRIPT, isolate_styles=False)
PLAIN = (str, int, float, list, tuple, type(None))
"""What controls leave in the session."""


@dataclass
class _Told:
    """What is known of the rooms of one page in one session, by their numbers from the first to the last."""

    answers: dict[int, object] = field(default_factory=dict)
    changed: dict[int, int] = field(default_factory=dict)
    """When each answer last changed."""
    now: int = 0
    """A clock that goes on by one with each change."""
    controls: Mapping[str, object] = field(default_factory=dict)
    """Where everything stood when the last room was drawn."""
    wanted: bool = False
    """Whether the browser has asked for this run, which it never does for the first room."""


def show(*rooms: Callable[..., object], places: Sequence[DeltaGenerator] = ()) -> None:
    """Draw rooms below one another. Each receives what those above it returned, in order; `==` must compare it.

    The first ones may have `places` of their own, such as columns.
    """
    _told().wanted = False
    for number, room in enumerate(rooms):
        with places[number] if number < len(places) else nullcontext():
            _show(number, room)


@st.fragment
def _show(number: int, room: Callable[..., object]) -> None:
    told = _told()
    if number and told.wanted and told.controls != _controls():
        st.rerun()  # something moved in the same moment, and Streamlit may run one room for both
    told.wanted = False
    answer = room(*(told.answers[above] for above in range(number)))
    if number not in told.answers or told.answers[number] != answer:
        told.now += 1
        told.answers[number], told.changed[number] = answer, told.now
    told.controls = _controls()
    data = {"number": number, "changed": told.changed[number], "drawn": told.now}
    ELEMENT(key=f"watch_{st.session_state.get('page')}_{number}", data=data, on_wanted_change=_want)


def _told() -> _Told:
    told: _Told = st.session_state.setdefault(f"rooms of {st.session_state.get('page')}", _Told())
    return told


def _controls() -> dict[str, object]:
    return {key: value for key, value in st.session_state.to_dict().items() if isinstance(value, PLAIN)}


def _want() -> None:
    """The browser asks for a room that is out of date, which the run that follows will draw."""
    _told().wanted = True
