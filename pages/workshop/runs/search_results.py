"""The results of a search: its progress, the best trial, what mattered, and each setting against accuracy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from nncore.figures.workshop.search import plot_importance, plot_progress, plot_slices
from nncore.runs import search_space
from nncore.runs.search_space import SearchProgress, Trial
from nncore.specs.settings import HYPERPARAMETERS
from pages.training import run_view
from pages.ui import lesson

REFRESH_SECONDS, COMPARED = 3.0, 3
LOGARITHMIC = [HYPERPARAMETERS[name].label for name, d in search_space.SPACE.items() if getattr(d, "log", False)]


def show_progress(now: SearchProgress | None) -> None:
    """Show status, best trial, accuracy by trial and importance of settings; before a search, say how to start."""
    if now is None:
        st.info("Press **Search**: trials train one after the other in the queue that everybody uses.")
        return
    done, budget = sum(trial.over for trial in now.trials), now.plan.runs
    state = "searching" if now.running else "over"
    with st.container(key="search_status"):
        st.progress(
            min(1.0, done / budget) if now.running else 1.0,
            f"{done} of {budget} runs done · {run_view.duration(now.seconds)} · {state}",
        )
    if now.message:
        st.caption(now.message)
    best, columns = now.best, st.columns(3)
    with columns[0]:
        lesson.result("best_accuracy", "Best on validation digits", _percent(best.accuracy if best else None))
    with columns[1]:
        lesson.result("best_test", "The same on test digits", _percent(best.test_accuracy if best else None))
    with columns[2]:
        lesson.result("best_trial", "Trial", str(best.number) if best else "–")
    if best is not None:
        words = ", ".join(f"{name} {_short(value)}" for name, value in best.settings.items())
        st.caption(f"Best settings: {words}")
    if now.trials:
        drawn = plot_progress([trial.accuracy for trial in now.trials], budget=budget)
        lesson.figure("search_progress", drawn, "Validation accuracy of each trial, and the best so far")
    if now.importance:
        labels = {HYPERPARAMETERS[name].label: share for name, share in now.importance.items()}
        st.markdown("**What mattered:** the share of each setting in the differences between trials")
        lesson.figure("importance", plot_importance(labels), "The importance of each setting in percent")


def show_what_mattered(progress: SearchProgress, last: Callable[[], SearchProgress | None]) -> None:
    """Plot each setting against accuracy, list the trials and offer to compare the best; renewed while it runs."""
    tested = progress.tested
    if not tested:
        return

    @st.fragment(run_every=REFRESH_SECONDS if progress.running else None)
    def draw_trials() -> None:
        found = (last() or progress).tested
        st.markdown("**Each setting against accuracy:** a point is a trial, later ones are darker")
        values = {HYPERPARAMETERS[name].label: [t.settings[name] for t in found] for name in progress.plan.settings}
        drawn = plot_slices(values, [t.accuracy or 0.0 for t in found], LOGARITHMIC)
        lesson.figure("slices", drawn, "Validation accuracy against each searched setting")
        with st.expander(f"All {len(found)} trials", key="trials"):
            st.dataframe([_row(trial) for trial in found], hide_index=True, key="trial_table")

    draw_trials()
    best = sorted(tested, key=lambda trial: -(trial.accuracy or 0.0))[:COMPARED]
    st.button(
        f"Compare the best {len(best)}", key="compare_best", icon=":material/compare_arrows:", on_click=_compare,
        args=([trial.run_id for trial in best],),
    )  # fmt: skip


def _row(trial: Trial) -> dict[str, Any]:
    results = {"validation": _percent(trial.accuracy), "test": _percent(trial.test_accuracy)}
    words = {name: _short(value) for name, value in trial.settings.items()}
    return {"trial": trial.number, **results, **words, "run": trial.run_id[:4]}


def _compare(run_ids: list[str]) -> None:
    st.session_state["runs"], st.session_state["room"] = run_ids, "compare"


def _short(value: Any) -> str:
    return f"{value:.2g}" if isinstance(value, float) else str(value)


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.2f} %"
