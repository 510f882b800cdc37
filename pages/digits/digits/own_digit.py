"""A digit of the learner's own, drawn, photographed or uploaded: how it is prepared, and how the network reads it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from nncore.cluster.engine import EngineError, default_engine
from nncore.data.drawing import EmptyDrawingError, prepare
from nncore.data.photo import LARGEST_BYTES, Photo, PhotoError, read_photo
from nncore.figures.digits.digit import percent, plot_digit
from nncore.networks.inspection import predict
from nncore.registry import networks
from pages.digits.digits import preprocessing
from pages.digits.digits.challenges import changed_by_centring
from pages.training.predict import show_answer
from pages.ui import canvas, challenges, lesson, widgets

SOURCES = {"draw": "Draw", "photograph": "Photograph", "upload": "Upload"}
NETWORK = "model4"  # seldom wrong


@st.fragment
def draw_and_try(sections: Mapping[str, str], solved: Mapping[str, bool]) -> None:
    """Show the learner's digit and how it is prepared and read, and below it the page's challenges.

    `solved` says which challenges the rest of the page solves; the fragment adds `centring`, which follows the pen.
    """
    st.subheader("Your own digit", anchor=False)
    left, middle, right = st.columns([0.3, 0.25, 0.45], gap="medium")
    below = st.container()
    with middle:
        centre = widgets.switch("centre", "Centre the ink", True)
        st.markdown(sections["centre"])
    changed = False
    try:
        with left:
            ink = _ask_for_digit(sections)
        if ink is None:
            raise EmptyDrawingError(sections["empty"])
        prepared = {way: prepare(ink, centre=way) for way in (True, False)}
        ask = default_engine().ask
        outputs = {way: ask(networks.apply_to_network, predict, NETWORK, prepared[way].picture) for way in prepared}
        with right:
            show_answer(outputs[centre], height=250)
        with middle:
            label = "Without centring" if centre else "With centring"
            _show_other_way(label, outputs[not centre], prepared[not centre].picture)
        with below:
            preprocessing.show_steps(prepared[centre], centre=centre)
            st.caption(sections["steps"])
        changed = changed_by_centring(outputs[True], outputs[False])
    except (EngineError, EmptyDrawingError, PhotoError) as error:
        with right:
            lesson.problem(str(error))
    challenges.try_this(sections, {**solved, "centring": changed})


def _show_other_way(label: str, outputs: NDArray[np.float32], picture: NDArray[np.uint8]) -> None:
    """Show how the digit is read when it is prepared the other way, centred or not."""
    best = int(outputs.argmax())
    lesson.result("other_reading", label, f"{best} · {percent(float(outputs[best]))}")
    lesson.figure("other_picture", plot_digit(picture, height=150), label)


def _ask_for_digit(sections: Mapping[str, str]) -> NDArray[np.uint8] | None:
    """Return a picture for `prepare`, or None while there is none; raises PhotoError for an unsuitable file.

    The camera widget is on the page only while "Photograph" is chosen: a browser asks for permission as soon as the
    widget appears.
    """
    source = widgets.radio("source", "Where it comes from", tuple(SOURCES), "draw", names=SOURCES)
    if source == "draw":
        return canvas.draw_digit()
    if source == "photograph":
        taken = st.camera_input("One digit, large, in thick ink on plain paper", key="camera")
    else:
        limit = LARGEST_BYTES // 2**20
        label = f"A photograph or drawing of one digit, PNG or JPEG, up to {limit} MB"
        taken = st.file_uploader(label, ("png", "jpg", "jpeg"), key="upload", max_upload_size=limit)
    if taken is None:
        return None
    photo = _read(taken.getvalue())
    st.markdown("**0 · As photographed**")
    lesson.figure("photo", plot_digit(photo.grey, height=220), "The photograph in grey, upright")
    st.caption(sections["dark_ink" if photo.dark_ink else "bright_ink"])
    return photo.ink


@st.cache_data(max_entries=16, show_spinner=False)
def _read(file: bytes) -> Photo:
    """Decode a file; cached, so that the switches of the page do not decode it again."""
    return read_photo(file)
