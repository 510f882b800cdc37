"""The evaluation below a trained network: what it misreads, and what the coach says about its run."""

from __future__ import annotations

import time

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from nncore.analysis import classification
from nncore.analysis.classification import Evaluation
from nncore.cluster.engine import EngineError, default_engine
from nncore.registry.networks import UnknownNetworkError
from nncore.runs.snapshot import Snapshot
from nncore.specs.presets import PRESETS
from nncore.storage.run_store import StoreError
from pages.training import coach, lecture_figures, mistakes
from pages.training.network_select import TRAINED
from pages.ui import lesson, polling

RESULT_SECONDS = 3.0  # within which a run that was just paused has its weights written


def show_evaluation(run: Snapshot | None, preset: str, advice: DeltaGenerator, tests: DeltaGenerator) -> None:
    """Fill both containers for the page's run once it rests, else for the stored reference run.

    A page calls this last, since it is slow.
    """
    if run is not None and run.active:
        return
    trained = run if run is not None and run.status in TRAINED and run.epochs_done else None
    name = trained.run_id if trained else preset
    summary = None
    with tests:
        st.subheader("What it reads, and what it misreads", anchor=False)
        try:
            summary = _test(name)
        except (EngineError, StoreError, UnknownNetworkError) as error:
            lesson.problem(str(error))
        if summary is not None:
            _show_tests(name, trained, summary)
    if run is not None and run.epochs_done:
        with advice:
            coach.show_advice(run, summary)


def _test(name: str) -> Evaluation | None:
    """Test the network part by part, so that other questions can come in between; None while the workers start."""
    engine = default_engine()
    if engine.warmed_up() is None:
        polling.poll_until(
            lambda: engine.warmed_up() is not None,
            lambda: f"The test digits are read as soon as the workers are ready. {engine.progress}",
        )
        return None
    bar, share, deadline = st.empty(), 0.0, time.monotonic() + RESULT_SECONDS
    while share < 1:
        try:
            share = engine.ask(classification.continue_evaluation, name)
        except UnknownNetworkError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
        if share < 1:
            bar.progress(share, "Reading all test digits")
    bar.empty()
    return engine.ask(classification.summarize, name)


def _show_tests(name: str, trained: Snapshot | None, summary: Evaluation) -> None:
    experiment = trained.experiment if trained else PRESETS[name]
    who = "The network that was trained above" if trained else f"The stored reference run of {name}"
    st.caption(
        f"{who} has read {summary.tested:,} test {summary.things}, {100 * summary.accuracy:.2f} % of them rightly."
    )
    if not summary.sound:
        lesson.problem("Its outputs are not numbers, since the training diverged: there is nothing to look at.")
        return
    mistakes.show_mistakes(name, summary)
    lecture_figures.show_lecture_figures(experiment, summary, stored=trained is None)
