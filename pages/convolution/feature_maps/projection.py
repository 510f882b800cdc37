"""Lay a thousand test digits out as points, by the values of the selected layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from nncore.analysis import projection
from nncore.cluster import worker
from nncore.cluster.engine import default_engine
from nncore.figures.convolution.projection import plot_space
from nncore.figures.digits.digit import percent, plot_digit
from nncore.specs.datasets import TEN_DIGITS
from pages.convolution.feature_maps.selection import Outcome, Selection, select_clicked_digit
from pages.ui import lesson, widgets

METHODS = {"pca": "principal components", "tsne": "t-SNE"}
AXES = {"pca": ("first component", "second component"), "tsne": ("first axis of t-SNE", "second axis of t-SNE")}


def show(selection: Selection, sections: Mapping[str, str]) -> Outcome:
    """Show the choice `method` and the points; while t-SNE still moves them, the outcome is busy."""
    st.markdown(sections["analysis space"])
    left, right = st.columns([0.74, 0.26], gap="medium")
    with right:
        method = widgets.radio("method", "Laid out by", tuple(METHODS), "pca", names=METHODS)
    layout = default_engine().ask(projection.locate, selection.name, selection.layer, method)
    with right:
        if method == "pca":
            lesson.result(
                "variance",
                "Of the variance",
                percent(sum(layout.explained_variance_ratio)),
                of="in these two directions",
            )
        else:
            st.progress(layout.iteration / layout.iterations, f"Iteration {layout.iteration} of {layout.iterations}")
        _show_digit(selection, len(layout.labels), layout.classes)
    with left:
        st.markdown(f"**{selection.title}:** click a point to look at its digit")
        chosen = None if selection.index is None or selection.index >= len(layout.labels) else selection.index
        drawn = plot_space(layout.positions, layout.labels, names=AXES[method], classes=layout.classes, chosen=chosen)
        alt = f"{len(layout.labels)} test digits as points, by the values of layer {selection.title}"
        lesson.figure("space", drawn, alt, on_select=lambda: select_clicked_digit("space"), selection_mode="points")
    return Outcome(busy=not layout.done)


def _show_digit(selection: Selection, count: int, classes: Sequence[str]) -> None:
    """Show the selected test digit, if it is one of the `count` points."""
    if selection.index is None or selection.index >= count:
        st.caption(f"The points are the test digits 0 to {count - 1}.")
        return
    picture, label = default_engine().ask(worker.pick_digit, selection.index, selection.name)
    name = f"a {label}" if classes == TEN_DIGITS else classes[label]
    st.markdown(f"**Number {selection.index}, {name}**, is ringed")
    lesson.figure("space_digit", plot_digit(picture, height=210), f"The chosen test picture, {name}")
