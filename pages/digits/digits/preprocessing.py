"""A drawing on its way to the picture that a network reads, step by step."""

from __future__ import annotations

import streamlit as st

from nncore.data.drawing import Preparation
from nncore.figures import theme
from nncore.figures.digits.digit import plot_digit
from pages.ui import lesson


def show_steps(prepared: Preparation, *, centre: bool) -> None:
    """Ink, crop, fitted and final picture side by side; in the last one the ink's centre of mass is outlined."""
    row, column = (at + shift for at, shift in zip(prepared.centre_of_mass, prepared.offset, strict=True))
    rows, columns = prepared.fitted.shape
    last = "Centred" if centre else "Box in the middle"
    steps = (
        ("ink", "1 · Ink and its box", prepared.ink, (*prepared.box, theme.WEIGHT)),
        ("cropped", "2 · Cropped", prepared.cropped, None),
        ("fitted", f"3 · Fitted: {rows} × {columns}", prepared.fitted, None),
        ("prepared", f"4 · {last}: 28 × 28", prepared.picture, (row - 0.5, column - 0.5, 1.0, 1.0, theme.COST)),
    )
    for place, (key, title, picture, box) in zip(st.columns(4, gap="small"), steps, strict=True):
        with place:
            st.markdown(f"**{title}**")
            lesson.figure(key, plot_digit(picture, boxes=(box,) if box else (), height=220), title)
