"""The choice of a network, the upload of a `.keras` file of the visitor's own, and the description of that."""

from __future__ import annotations

import streamlit as st

from nncore.cluster.engine import EngineError, default_engine
from nncore.keras_import import receive
from nncore.keras_import.archive import LARGEST_BYTES, UploadedNetworkError
from nncore.storage.network_store import UploadedNetwork
from nncore.storage.run_record import OWN_NETWORK, WAYS
from nncore.storage.run_store import StoreError, default_store
from pages.training import network_select
from pages.ui import lesson

TIMEOUT_SECONDS = 40.0
"""Enough to check the largest network that is allowed while others ask too."""
GREY = {False: "as they are, 0 to 255", True: "divided by 255"}
POOR_ACCURACY = 0.5
"""A test accuracy below this one calls for a remark."""


def choose_or_open(words: str) -> str:
    """Show the select box of networks and the upload `own_network`, explained by `words`; return the chosen name."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        select_box = st.container()
        with st.popover("Your own", key="open_own", icon=":material/upload_file:", width="content"):
            _ask_for_file(words)
    with select_box:
        return network_select.choose_network()


def _ask_for_file(words: str) -> None:
    """Show the upload; the select box then chooses the network of a new file, or a sentence says why not."""
    limit = LARGEST_BYTES // 2**20
    label = f"Open a network of your own: a .keras file of up to {limit} MB"
    file = st.file_uploader(label, ("keras",), key="own_network", max_upload_size=limit)
    st.caption(words)
    if file is None:
        return
    problems: dict[str, str] = st.session_state.setdefault("own networks' problems", {})
    if file.file_id not in problems:
        problems[file.file_id] = _receive(file.getvalue(), file.name)
    if problems[file.file_id]:
        lesson.problem(problems[file.file_id])
    else:
        st.markdown(":material/check: It is open, and one of the networks in the box.")


def _receive(content: bytes, name: str) -> str:
    """Have a worker check and store the file, and choose its network; return a sentence if it cannot be used, or ""."""
    try:
        with st.spinner("It is being checked, and tried on 1,000 test digits.", show_time=True):
            network = default_engine().ask(receive.receive, content, name, timeout=TIMEOUT_SECONDS)
    except (UploadedNetworkError, EngineError, StoreError) as error:
        return str(error)
    st.session_state.setdefault("own networks", []).append(network.id)
    st.session_state["model"] = network.id
    return ""


def show_description(name: str) -> None:
    """Describe a visitor's network, with a button for the other grey values; show nothing for other networks.

    The button is there because a test does not always reveal which grey values a network learned from.
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
    """Return a visitor's network in Markdown; `scale` says whether it gets grey values divided by 255."""
    used, other = about.raw_accuracy, about.scaled_accuracy
    if scale:
        used, other = other, used
    words = [
        f"**{lesson.escape(about.name)}**, {about.parameters:,} parameters, gets grey values {GREY[scale]}: of 1,000 "
        f"test digits it reads {_percent(used)} rightly ({GREY[not scale]}: {_percent(other)})."
    ]
    if used < POOR_ACCURACY:
        words.append("So few: it may have learned other pictures, or digits prepared in another way.")
    if about.softmax_added:
        words.append("Its own outputs are no shares from 0 to 1, so this page put a softmax after its last layer.")
    return " ".join(words)


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %" if share >= 0 else "none, since some outputs are no numbers"
