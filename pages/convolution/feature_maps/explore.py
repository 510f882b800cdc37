"""The rooms of the page "Inside the network" that compute only while they are open; the key `room` says which is."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from nncore.cluster.engine import EngineError, default_engine
from nncore.registry import networks
from nncore.registry.networks import UnknownNetworkError
from nncore.storage.run_store import StoreError
from pages.convolution.feature_maps import ablation, compare, occlusion, projection, top_activations
from pages.convolution.feature_maps.selection import Outcome, Selection, Settings, pop_selection
from pages.ui import lesson, url_state, widgets

SHOW = {
    "off": ablation.show,
    "occlusion": occlusion.show,
    "exemplars": top_activations.show,
    "space": projection.show,
    "beside": compare.show,
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
FIRST_SQUARE = 7


def show(look: Selection, sections: Mapping[str, str]) -> None:
    """The choice of a room, and the room in a fragment of its own.

    While it computes in steps, the fragment runs again and again; what the rest of the page needs to know of it, a
    digit chosen or a challenge solved, runs the whole page once.
    """
    st.subheader("Look further", anchor=False)
    first = next((room for key, room in OPENED_BY.items() if url_state.linked(key) is not None), "none")
    room = widgets.radio("room", "What to do with this network and picture", tuple(NAMES), first, names=NAMES)
    st.session_state["script settings"] = None  # the page's script is written after the room
    busy = room != "none" and bool(st.session_state.get("room busy"))
    if room != "none":
        st.fragment(run_every=TICK_SECONDS if busy else None)(_room)(look, room, sections, busy)
    else:
        st.session_state["room busy"] = False


def _room(look: Selection, room: str, sections: Mapping[str, str], busy: bool) -> None:
    if pop_selection():
        st.rerun()
    with st.container(key=f"further_{room}"):
        try:
            outcome = SHOW[room](look, sections)
        except (EngineError, UnknownNetworkError, StoreError) as error:
            lesson.problem(str(error))
            outcome = Outcome()
    st.session_state["room busy"] = outcome.busy
    scripted = st.session_state["script settings"]
    if outcome.busy != busy or _newly_solved(outcome) or scripted not in (None, _chosen()):
        st.rerun()


def settings(name: str) -> Settings:
    """What the rooms are set to now; where a room changes that later, the page runs again for its script."""
    off, size, beside = st.session_state["script settings"] = _chosen()
    scale, data = _how_it_reads(name)
    beside_scale = _how_it_reads(beside)[0] if beside else False
    return Settings(scale, data, off, size, beside, beside_scale)


def _chosen() -> tuple[tuple[int, ...], int, str | None]:
    """The maps that are off, the side of the grey square, and the network beside."""
    state = st.session_state
    off = tuple(sorted(int(number) for number in state.get("off", ())))
    beside = state.get("beside")
    return off, url_state.kept("occlusion_size") or FIRST_SQUARE, None if beside in (None, "none") else beside


def _how_it_reads(name: str) -> tuple[bool, str]:
    """Asked once a network in this session; a run that goes on reads as before."""
    known: dict[str, tuple[bool, str]] = st.session_state.setdefault("how networks read", {})
    if name not in known:
        known[name] = default_engine().ask(networks.input_scaling, name)
    return known[name]


def _newly_solved(outcome: Outcome) -> bool:
    remembered: set[tuple[str, str]] = st.session_state.setdefault("solved challenges", set())
    now = {(st.session_state["page"], name) for name in outcome.solved} - remembered
    remembered |= now
    return bool(now)
