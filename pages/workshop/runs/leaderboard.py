"""The class board: a large ranking for the projector, and the runs that are in training now."""

from __future__ import annotations

import streamlit as st

from nncore.runs import comparison
from nncore.storage.run_store import StoreError, default_store
from pages.ui import lesson, presentation, url_state

REFRESH_SECONDS = 2.0
SHOWN = 12
LARGE = """
.st-key-ranking table { font-size: 1.5rem; }
.st-key-ranking td, .st-key-ranking th { padding: 0.25rem 1rem; }
.st-key-training_now [data-testid="stMetricValue"] :is(p, div) { font-size: 3rem; line-height: 1.1; }
.st-key-training_now strong { font-size: 1.2rem; }
"""


def is_requested() -> bool:
    """Whether the link says `board=1`."""
    return url_state.linked("board") == "1"


def show_leaderboard(title: str) -> None:
    """Show the best test accuracy of each nickname, the runs in training and the queue, renewed by itself."""
    st.html(lesson.STYLE)
    st.html(f"<style>{presentation.PRESENT}{LARGE}</style>")
    st.title(title, anchor=False)
    _board()
    st.page_link("pages/workshop/runs/page.py", label="Back to all runs", icon=":material/arrow_back:")


@st.fragment(run_every=REFRESH_SECONDS)
def _board() -> None:
    try:
        ranked = comparison.rank(default_store().load_all(limit=500))
        training, waiting = comparison.active(default_store().load_active())
    except StoreError as error:
        lesson.problem(str(error))
        return
    left, right = st.columns([7, 3], gap="large")
    with left, st.container(key="ranking"):
        if not ranked:
            st.markdown("No tested run with a nickname yet: give yourself one below a run, and train.")
        else:
            rows = [_row(place, found) for place, found in enumerate(ranked[:SHOWN], 1)]
            st.table(rows, hide_index=True, alt="The best test accuracy of each nickname")
    with right, st.container(key="training_now"):
        lesson.result("waiting", "Waiting in the queue", str(waiting))
        lesson.result("in_training", "In training now", str(len(training)))
        for record in training:
            done, accuracy = len(record.history.get("loss", [])), record.history.get("accuracy", [])
            reached = f", {100 * accuracy[-1]:.1f} %" if accuracy else ""
            name = lesson.escape(record.nickname or "no name")
            st.markdown(f"**{name}**: epoch {done} of {record.experiment.training.epochs}{reached}")


def _row(place: int, found: comparison.Rank) -> dict[str, str]:
    return {
        "": f"{place}",
        "nickname": f"**{lesson.escape(found.nickname)}**",
        "test accuracy": f"**{100 * found.accuracy:.2f} %**",
        "parameters": f"{found.parameters:,}",
        "runs": str(found.runs),
    }
