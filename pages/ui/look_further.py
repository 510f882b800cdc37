"""The rooms of the page "Inside the network" that compute only while they are open; the key `room` says which is."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from nncore.engine import EngineError
from nncore.networks import UnknownNetworkError
from nncore.store import StoreError
from pages.ui import controls, exciting, hidden_map, lesson, occluding, side_by_side, switching_off
from pages.ui.look import Look, Outcome, digit_was_chosen

SHOW = {
    "off": switching_off.show,
    "occlusion": occluding.show,
    "exemplars": exciting.show,
    "space": hidden_map.show,
    "beside": side_by_side.show,
}
NAMES = {
    "none": "nothing",
    "off": "switch off",
    "occlusion": "hide a part",
    "exemplars": "what excites a map",
    "space": "a thousand digits",
    "beside": "another network",
}
OPENED_BY = {"off": "off", "occlusion_size": "occlusion", "method": "space", "beside": "beside"}
"""Keys of a room, which open it where a link does not name the room."""
TICK_SECONDS = 0.2


def show(look: Look, sections: Mapping[str, str]) -> None:
    """The choice of a room, and the room in a fragment of its own.

    While it computes in steps, the fragment runs again and again; what the rest of the page needs to know of it, a
    digit chosen or a challenge solved, runs the whole page once.
    """
    st.subheader("Look further", anchor=False)
    first = next((room for key, room in OPENED_BY.items() if key in st.query_params), "none")
    room = controls.radio("room", "What to do with this network and picture", tuple(NAMES), first, names=NAMES)
    busy = room != "none" and bool(st.session_state.get("room busy"))
    if room != "none":
        st.fragment(run_every=TICK_SECONDS if busy else None)(_room)(look, room, sections, busy)
    else:
        st.session_state["room busy"] = False


def _room(look: Look, room: str, sections: Mapping[str, str], busy: bool) -> None:
    if digit_was_chosen():
        st.rerun()
    with st.container(key=f"further_{room}"):
        try:
            outcome = SHOW[room](look, sections)
        except (EngineError, UnknownNetworkError, StoreError) as error:
            lesson.problem(str(error))
            outcome = Outcome()
    st.session_state["room busy"] = outcome.busy
    if outcome.busy != busy or _newly_solved(outcome):
        st.rerun()


def _newly_solved(outcome: Outcome) -> bool:
    remembered: set[tuple[str, str]] = st.session_state.setdefault("solved challenges", set())
    now = {(st.session_state["page"], name) for name in outcome.solved} - remembered
    remembered |= now
    return bool(now)
