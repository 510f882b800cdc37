"""Choose a trained network: one of the lecture's four, a run, or an uploaded file.

The runs and files on offer are those that the link or this session knows.
"""

from __future__ import annotations

import streamlit as st

from nncore.specs.presets import PRESETS
from nncore.storage.run_record import OWN_NETWORK
from nncore.storage.run_store import StoreError, default_store
from pages.ui import lesson, url_state, widgets

TRAINED = ("finished", "cancelled", "paused")
SCALING_NAMES = {"raw": ", grey values 0 to 255", "scaled": ", divided by 255"}
REFERENCE_NAMES = {name: f"Model {name[-1]} of the lecture" for name in PRESETS}


def choose_network(default: str = "model3", key: str = "model", *, none: str | None = None) -> str:
    """Show a select box of networks and return the identity of the chosen one.

    It offers `model1` to `model4`, the runs and files of this session, and what a link names in `?model=` or `?run=`.
    With `none` it also offers the option "none", labelled by that text, and chooses no run by itself.
    """
    linked, run = url_state.linked(key), url_state.linked("run")
    known = [url_state.kept("run", page) for page in ("mlp", "cnn")]
    known += st.session_state.get("own networks", [])
    names = ({"none": none} if none else {}) | REFERENCE_NAMES
    for candidate in dict.fromkeys([linked, run, url_state.given(key), *known]):
        if candidate and candidate not in names:
            name = _name_of(candidate, asked_for=candidate in (linked, run))
            names |= {candidate: name} if name else {}
    first = run if run in names and not none else default
    return widgets.choice(key, "Network beside" if none else "Network", tuple(names), first, names=names, told=False)


def _name_of(identity: str, *, asked_for: bool) -> str | None:
    """The label of a trained run or a file; None if it does not exist: the page says so if a link named it."""
    try:
        if identity.startswith(OWN_NETWORK):
            return _file_name(identity, asked_for)
        record = default_store().load(identity)
    except StoreError as error:
        lesson.problem(str(error))
        return None
    if record is not None and record.status in TRAINED:
        read = "" if record.test_accuracy is None else f", {100 * record.test_accuracy:.1f} % right"
        return f"Run {identity[:6]}: {record.experiment.name}{read}"
    if asked_for:
        lesson.problem(f"Expected model1 to model4 or the id of a finished run, received “{identity}”.")
    return None


def _file_name(identity: str, asked_for: bool) -> str | None:
    identity, _, scaling = identity.partition(".")
    about = default_store().own_networks.find(identity)
    if about is not None:
        return f"{about.name} (your own)" + SCALING_NAMES.get(scaling, "")
    if asked_for:
        lesson.problem("The network of this link is not kept here any more: only the newest are. Open its file again.")
    return None
