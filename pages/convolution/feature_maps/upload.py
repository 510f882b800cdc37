"""A network of the visitor's own: the upload of a `.keras` file beside the choice of a network, and what it is."""

from __future__ import annotations

import streamlit as st

from nncore.cluster.engine import EngineError, default_engine
from nncore.keras_import import receive
from nncore.keras_import.archive import LARGEST_BYTES, OwnNetworkError
from nncore.storage.network_store import UploadedNetwork
from nncore.storage.run_record import OWN_NETWORK, WAYS
from nncore.storage.run_store import StoreError, default_store
from pages.training import network_select
from pages.ui import lesson

SECONDS = 40.0
"""For a network that is as large as may be, while others ask too."""
GREY = {False: "as they are, 0 to 255", True: "divided by 255"}
POOR = 0.5
"""Fewer test digits read rightly than this call for a remark."""


def choose_or_open(words: str) -> str:
    """The select box of networks, and beside it the upload `own_network`, explained by `words`: the chosen name."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        box = st.container()
        with st.popover("Your own", key="open_own", icon=":material/upload_file:", width="content"):
            _ask_for_file(words)
    with box:
        return network_select.choose_network()


def _ask_for_file(words: str) -> None:
    """The upload; a file that is new makes the select box choose its network, or is answered in a sentence."""
    limit = LARGEST_BYTES // 2**20
    label = f"Open a network of your own: a .keras file of up to {limit} MB"
    file = st.file_uploader(label, ("keras",), key="own_network", max_upload_size=limit)
    st.caption(words)
    if file is None:
        return
    answers: dict[str, str] = st.session_state.setdefault("own network's answers", {})
    if file.file_id not in answers:
        answers[file.file_id] = _receive(file.getvalue(), file.name)
    if answers[file.file_id]:
        lesson.problem(answers[file.file_id])
    else:
        st.markdown(":material/check: It is open, and one of the networks in the box.")


def _receive(content: bytes, name: str) -> str:
    """Have the file checked and kept, and choose its network; if it does not serve, the sentence that says why."""
    try:
        with st.spinner("It is being checked, and tried on 1,000 test digits.", show_time=True):
            found = default_engine().ask(receive.receive, content, name, timeout=SECONDS)
    except (OwnNetworkError, EngineError, StoreError) as error:
        return str(error)
    st.session_state.setdefault("own networks", []).append(found.id)
    st.session_state["model"] = found.id
    return ""


def say_what_it_is(name: str) -> None:
    """What was found out about a visitor's network, and a button for the other grey values; nothing for others.

    The button is there because a network does not always show which grey values it learned from.
    """
    identity, _, way = name.partition(".")
    about = default_store().own_networks.find(identity) if name.startswith(OWN_NETWORK) else None
    if about is None:
        return
    scale = WAYS.get(way, about.scale)
    other = next(other for other, divided in WAYS.items() if divided != scale)
    name = identity if WAYS[other] == about.scale else f"{identity}.{other}"
    st.caption(describe(about, scale))
    words = f"Give it grey values {GREY[not scale]} instead"
    st.button(words, key="other_grey", icon=":material/swap_horiz:", on_click=_choose, args=(name,), type="tertiary")


def _choose(name: str) -> None:
    st.session_state["model"] = name


def describe(about: UploadedNetwork, scale: bool) -> str:
    """What was found out about a network that gets grey values divided by 255, or not, in Markdown."""
    used, other = about.raw_accuracy, about.scaled_accuracy
    if scale:
        used, other = other, used
    words = [
        f"**{lesson.escape(about.name)}**, {about.parameters:,} parameters, gets grey values {GREY[scale]}: of 1,000 "
        f"test digits it reads {_percent(used)} rightly ({GREY[not scale]}: {_percent(other)})."
    ]
    if used < POOR:
        words.append("So few: it may have learned other pictures, or digits prepared in another way.")
    if about.softmax_added:
        words.append("Its own outputs are no shares from 0 to 1, so this page put a softmax after its last layer.")
    return " ".join(words)


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %" if share >= 0 else "none, since some outputs are no numbers"
