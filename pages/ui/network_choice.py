"""Which trained network a page looks at: one of the lecture's four, or a run that the link or this session knows."""

from __future__ import annotations

import streamlit as st

from nncore.models import PRESETS
from nncore.store import StoreError, default_store
from pages.ui import controls, lesson

TRAINED = ("finished", "cancelled", "paused")
REFERENCE_NAMES = {name: f"Model {name[-1]} of the lecture" for name in PRESETS}


def choose_network(default: str = "model3", key: str = "model", *, none: str | None = None) -> str:
    """A select box of networks: `model1` to `model4`, runs of this session, and the run in `?model=` or `?run=`.

    With `none`, its words are a first choice, whose option is `none`, and a run is not chosen by itself.
    """
    linked, run = st.query_params.get(key), st.query_params.get("run")
    known = [st.session_state.get(f"{page}:run") for page in ("mlp", "cnn")]
    names = ({"none": none} if none else {}) | REFERENCE_NAMES
    for candidate in dict.fromkeys([linked, run, st.session_state.get(key), *known]):
        if candidate and candidate not in names:
            name = _run_name(candidate, asked_for=candidate in (linked, run))
            names |= {candidate: name} if name else {}
    if st.session_state.get(key, default) not in names:
        st.session_state[key] = default
    first = run if run in names and not none else default
    return controls.choice(key, "Network beside" if none else "Network", tuple(names), first, names=names)


def _run_name(run_id: str, *, asked_for: bool) -> str | None:
    """A trained run in a few words; None, and a sentence if a link asked for it, where there is none."""
    try:
        record = default_store().load(run_id)
    except StoreError as error:
        lesson.problem(str(error))
        return None
    if record is not None and record.status in TRAINED:
        read = "" if record.test_accuracy is None else f", {100 * record.test_accuracy:.1f} % right"
        return f"Run {run_id[:6]}: {record.experiment.name}{read}"
    if asked_for:
        lesson.problem(f"Expected model1 to model4 or the id of a finished run, received “{run_id}”.")
    return None
