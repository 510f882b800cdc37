"""Slide a grey square over the picture, and see where it makes the digit that was read less probable."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from nncore.cluster.engine import default_engine
from nncore.figures.convolution.ablation import plot_compared, plot_occlusion
from nncore.figures.digits.digit import plot_digit
from nncore.networks.ablation import cover
from nncore.networks.forward import predict_batch
from nncore.registry import networks
from pages.convolution.feature_maps.challenges import hides_digit
from pages.convolution.feature_maps.selection import Outcome, Selection
from pages.ui import lesson, widgets

DEFAULT_SIZE = 7


def show(selection: Selection, sections: Mapping[str, str]) -> Outcome:
    """Show the slider `occlusion_size`, a map of the probabilities, and the worst place of the square."""
    st.markdown(sections["analysis occlusion"])
    left, middle, right = st.columns([0.42, 0.24, 0.34], gap="medium")
    with left:
        size = int(widgets.slider("occlusion_size", "Side of the grey square, in pixels", 3, 15, DEFAULT_SIZE, step=2))
    covered = cover(selection.picture, size)
    outputs = default_engine().ask(networks.apply_to_network, predict_batch, selection.name, covered)
    rows, columns = selection.picture.shape
    probabilities = outputs[:, selection.predicted].reshape(rows, columns)
    predictions = outputs.argmax(axis=1).reshape(rows, columns)
    worst = int(probabilities.argmin())
    row, column = divmod(worst, columns)
    with left:
        box = (row - size // 2, column - size // 2, size, size)
        drawn = plot_occlusion(selection.picture, probabilities, predictions, digit=selection.predicted, box=box)
        lesson.figure("occlusion", drawn, f"The probability of {selection.predicted} for every place of the square")
    with middle:
        lesson.result(
            "occlusion_worst", f"At worst, {selection.predicted} with", f"{100 * probabilities[row, column]:.1f} %"
        )
        st.markdown(f"**The worst place:** row {row}, column {column}")
        lesson.figure("occluded", plot_digit(covered[worst], height=230), "The picture with the square there")
    with right:
        lesson.result(
            "occlusion_other",
            "Places where another digit is read",
            f"{int((predictions != selection.predicted).sum())}",
        )
        drawn = plot_compared({"all to see": selection.outputs, "hidden there": outputs[worst]}, label=selection.label)
        lesson.figure("compared_occlusion", drawn, "The ten outputs with and without the square")
    return Outcome(solved=("hide",) if hides_digit(selection, size, predictions) else ())
