"""The steps in which a drawing becomes the picture that a network reads."""

from __future__ import annotations

import streamlit as st

from nncore.data.drawing import Preparation
from nncore.figures import theme
from nncore.figures.digits.digit import plot_digit
from pages.ui import lesson


def show_steps(prepared: Preparation, *, centre: bool) -> None:
    """Show ink, crop, fitted and final picture side by side; the last one outlines the ink's centre of mass."""
    mass_row, mass_column = (mass + shift for mass, shift in zip(prepared.centre_of_mass, prepared.offset, strict=True))
    rows, columns = prepared.fitted.shape
    last = "Centred" if centre else "Box in the middle"
    steps = (
        ("ink", "1 · Ink and its box", prepared.ink, (*prepared.box, theme.WEIGHT)),
        ("cropped", "2 · Cropped", prepared.cropped, None),
        ("fitted", f"3 · Fitted: {rows} × {columns}", prepared.fitted, None),
        (
            "prepared",
            f"4 · {last}: 28 × 28",
            prepared.picture,
            (mass_row - 0.5, mass_column - 0.5, 1.0, 1.0, theme.COST),
        ),
    )
    for column, (key, title, picture, box) in zip(st.columns(4, gap="small"), steps, strict=True):
        with column:
            st.markdown(f"**{title}**")
            lesson.figure(key, plot_digit(picture, boxes=(box,) if box else (), height=220), title)
