"""The coach: what it measured in a run, what that means, and buttons that change the settings accordingly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from nncore.analysis import coach
from nncore.analysis.advice import Advice, Measurements
from nncore.analysis.classification import Evaluation
from nncore.runs.snapshot import Snapshot
from nncore.specs.datasets import item_name


def show_advice(run: Snapshot, summary: Evaluation | None) -> None:
    """Show each piece of advice with its evidence and a button; `summary` is None if the network was not tested."""
    measured = Measurements((), run.test_accuracy, run.updates, things=item_name(run.experiment.training.data))
    if summary:
        tested = {"test_accuracy": summary.accuracy, "train_pictures": summary.train_pictures}
        measured = replace(measured, health=summary.health, **tested)
    found = coach.advise(run.experiment, run.history, measured)
    with st.container(key="coach"):
        st.subheader("What the coach measured", anchor=False)
        if not found:
            st.caption("Nothing to point out: it learned, no units are dead or saturated, and it does not overfit.")
        for advice in found:
            _show_piece(advice)


def _show_piece(advice: Advice) -> None:
    with st.container(border=True, key=f"advice_{advice.rule}"):
        words, button = st.columns([0.72, 0.28], vertical_alignment="center")
        words.markdown(f"**{advice.title}.** {advice.evidence} {advice.cause}")
        already = all(st.session_state.get(key) == value for key, value in advice.values.items())
        with button:
            st.button(
                f"Set: {advice.change}",
                key=f"coach_{advice.rule}",
                on_click=_set,
                args=(advice.values,),
                disabled=already,
                width="stretch",
            )
            if already:
                st.caption("It is set. Press Train.")


def _set(values: Mapping[str, Any]) -> None:
    for key, value in values.items():
        st.session_state[key] = value
