"""A thousand test digits as points, where the chosen layer puts them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from nncore.analysis import projection
from nncore.cluster import worker
from nncore.cluster.engine import default_engine
from nncore.figures.convolution.projection import plot_space
from nncore.figures.digits.digit import percent, plot_digit
from nncore.specs.datasets import TEN_DIGITS
from pages.convolution.feature_maps.selection import Outcome, Selection, look_at_clicked
from pages.ui import lesson, widgets

METHODS = {"pca": "principal components", "tsne": "t-SNE"}
AXES = {"pca": ("first component", "second component"), "tsne": ("first axis of t-SNE", "second axis of t-SNE")}


def show(look: Selection, sections: Mapping[str, str]) -> Outcome:
    """The key `method` chooses how the points are laid out; while t-SNE moves them, the room is busy."""
    st.markdown(sections["room space"])
    left, right = st.columns([0.74, 0.26], gap="medium")
    with right:
        method = widgets.radio("method", "Laid out by", tuple(METHODS), "pca", names=METHODS)
    found = default_engine().ask(projection.locate, look.name, look.layer, method)
    names = AXES[method]
    with right:
        if method == "pca":
            lesson.result(
                "variance", "Of the variance", percent(sum(found.probabilities)), of="in these two directions"
            )
        else:
            st.progress(found.iteration / found.iterations, f"Iteration {found.iteration} of {found.iterations}")
        _show_digit(look, len(found.labels), found.classes)
    with left:
        st.markdown(f"**{look.titles[look.layer]}:** click a point to look at its digit")
        chosen = None if look.index is None or look.index >= len(found.labels) else look.index
        drawn = plot_space(found.positions, found.labels, names=names, classes=found.classes, chosen=chosen)
        alt = f"{len(found.labels)} test digits as points, by the values of layer {look.titles[look.layer]}"
        lesson.figure("space", drawn, alt, on_select=lambda: look_at_clicked("space"), selection_mode="points")
    return Outcome(busy=not found.done)


def _show_digit(look: Selection, count: int, classes: Sequence[str]) -> None:
    if look.index is None or look.index >= count:
        st.caption(f"The points are the test digits 0 to {count - 1}.")
        return
    picture, label = default_engine().ask(worker.pick_digit, look.index, look.name)
    named = f"a {label}" if classes == TEN_DIGITS else classes[label]
    st.markdown(f"**Number {look.index}, {named}**, is ringed")
    lesson.figure("space_digit", plot_digit(picture, height=210), f"The chosen test picture, {named}")
