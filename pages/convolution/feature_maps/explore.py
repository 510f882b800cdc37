"""The section "Look further": analyses of the selection that compute only while they are chosen, by the key `room`."""

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

ANALYSES = {
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
"""The keys that open an analysis where a link does not name one."""
TICK_SECONDS = 0.2


def show(selection: Selection, sections: Mapping[str, str]) -> None:
    """Show the choice of an analysis, and the analysis in a fragment of its own.

    While it computes in steps, the fragment runs again and again. A digit selected in it, a challenge solved or a
    setting that the script repeats run the whole page once more.
    """
    st.subheader("Look further", anchor=False)
    default = next((name for key, name in OPENED_BY.items() if url_state.linked(key) is not None), "none")
    name = widgets.radio("room", "What to do with this network and picture", tuple(NAMES), default, names=NAMES)
    st.session_state["script settings"] = None  # the page's script is written after the analysis
    busy = name != "none" and bool(st.session_state.get("analysis busy"))
    if name != "none":
        st.fragment(run_every=TICK_SECONDS if busy else None)(_show_analysis)(selection, name, sections, busy)
    else:
        st.session_state["analysis busy"] = False


def _show_analysis(selection: Selection, name: str, sections: Mapping[str, str], busy: bool) -> None:
    """Show one analysis; `busy` says whether it was still computing when the page last ran."""
    if pop_selection():
        st.rerun()
    with st.container(key=f"further_{name}"):
        try:
            outcome = ANALYSES[name](selection, sections)
        except (EngineError, UnknownNetworkError, StoreError) as error:
            lesson.problem(str(error))
            outcome = Outcome()
    st.session_state["analysis busy"] = outcome.busy
    in_script = st.session_state["script settings"]
    if outcome.busy != busy or _newly_solved(outcome) or in_script not in (None, _current_settings()):
        st.rerun()


def read_settings(name: str) -> Settings:
    """Return what the analyses are set to, and how the network `name` and the other one are fed.

    Where an analysis changes one of these settings later, the page runs again for its script.
    """
    off, size, beside = st.session_state["script settings"] = _current_settings()
    scale, data = _input_scaling(name)
    return Settings(scale, data, off, size, beside, beside is not None and _input_scaling(beside)[0])


def _current_settings() -> tuple[tuple[int, ...], int, str | None]:
    """Return the maps that are off, the side of the grey square, and the other network."""
    off = tuple(sorted(int(number) for number in st.session_state.get("off", ())))
    beside = st.session_state.get("beside")
    size = url_state.kept("occlusion_size") or occlusion.DEFAULT_SIZE
    return off, size, None if beside in (None, "none") else beside


def _input_scaling(name: str) -> tuple[bool, str]:
    """Return whether the network wants scaled grey values, and its data set; a session asks once for each network."""
    known: dict[str, tuple[bool, str]] = st.session_state.setdefault("input scaling", {})
    if name not in known:
        known[name] = default_engine().ask(networks.input_scaling, name)
    return known[name]


def _newly_solved(outcome: Outcome) -> bool:
    """Remember the solved challenges for this session, and return whether one of them is new."""
    remembered: set[tuple[str, str]] = st.session_state.setdefault("solved challenges", set())
    new = {(st.session_state["page"], name) for name in outcome.solved} - remembered
    remembered |= new
    return bool(new)
