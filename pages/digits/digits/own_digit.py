"""A digit of the learner's own: drawn, photographed or uploaded."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from nncore.data.photo import LARGEST_BYTES, Photo, read_photo
from nncore.figures.digits.digit import plot_digit
from pages.ui import canvas, lesson, widgets

SOURCES = {"draw": "Draw", "photograph": "Photograph", "upload": "Upload"}


def ask_for_digit(sections: Mapping[str, str]) -> NDArray[np.uint8] | None:
    """A drawing for `drawing.prepare`, or None while there is none; PhotoError for a file that does not serve.

    The key `source` chooses. The camera is asked for only by who chooses to photograph: a browser wants permission as
    soon as the widget is on the page.
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
    """Kept, so that the switches of the page do not decode the file again."""
    return read_photo(file)
