"""Draw a digit and have the page's network predict it: the one trained there, else the stored reference run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from nncore.cluster.engine import EngineError, default_engine
from nncore.data import drawing
from nncore.figures.digits.digit import percent, plot_digit, plot_probabilities
from nncore.networks.inspection import predict
from nncore.reference import load_run
from nncore.registry import networks
from nncore.registry.networks import UnknownNetworkError
from nncore.runs.snapshot import Snapshot
from nncore.specs.datasets import TEN_DIGITS, classes_of
from nncore.storage.run_store import StoreError
from pages.training.network_select import TRAINED
from pages.ui import canvas, lesson


def draw_and_read(run: Snapshot | None, preset: str) -> None:
    """Show a canvas, and what the page's trained network, else the stored reference run, predicts for the drawing."""
    st.subheader("Draw a digit", anchor=False)
    trained = run is not None and run.status in TRAINED and run.epochs_done > 0
    if trained:
        st.caption("The network that was trained above reads it.")
    else:
        stored = load_run(preset)
        st.caption(
            f"Until a network is trained here, the stored reference run of this preset reads it: test accuracy "
            f"{100 * stored.test_accuracy:.2f} %, made on {stored.made} by `{stored.command}`."
        )
    data = run.experiment.training.data if run is not None and trained else "mnist"
    _read_drawing(run.run_id if run is not None and trained else preset, classes_of(data))


@st.fragment
def _read_drawing(name: str, classes: Sequence[str]) -> None:
    left, middle, right = st.columns([3, 2, 4], gap="medium")
    with left:
        drawn = canvas.draw_digit()
    try:
        preparation = drawing.prepare(drawn) if drawn is not None else None
        answer = (
            default_engine().ask(networks.apply_to_network, predict, name, preparation.picture)
            if preparation is not None
            else None
        )
    except (drawing.EmptyDrawingError, EngineError, UnknownNetworkError, StoreError) as error:
        lesson.problem(str(error))
        return
    if preparation is None or answer is None:
        with middle:
            st.info("Draw a digit with the mouse or a finger, large and in one go.")
        return
    with right:  # first what the eye waits for
        show_answer(answer, classes=classes)
    with middle:
        lesson.figure("prepared", plot_digit(preparation.picture), "The drawing as the network sees it, 28x28 pixels")


def show_answer(
    outputs: NDArray[np.float32], label: int | None = None, *, classes: Sequence[str] = TEN_DIGITS, height: int = 280
) -> None:
    """Show the predicted class and the ten outputs (10,); `label` marks the true class, if it is known."""
    show_reading(outputs, classes)
    show_outputs(outputs, label, classes=classes, height=height)


def show_reading(outputs: NDArray[np.float32], classes: Sequence[str] = TEN_DIGITS) -> None:
    """Show the predicted class and its output; outputs are (10,)."""
    best = int(outputs.argmax())
    lesson.result("prediction", "Read as", f"{classes[best]} · {percent(float(outputs[best]))}")


def show_outputs(
    outputs: NDArray[np.float32], label: int | None = None, *, classes: Sequence[str] = TEN_DIGITS, height: int = 280
) -> None:
    """Show all ten outputs (10,) as bars; `label` marks the true class, if it is known."""
    best = int(outputs.argmax())
    drawn = plot_probabilities(outputs, label=label, classes=classes, height=height)
    lesson.figure("probabilities", drawn, f"The ten outputs; the largest is that of {classes[best]}.")
