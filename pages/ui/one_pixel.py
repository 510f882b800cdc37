"""One pixel of a map: the map to click, the part of the digit that it sees, and how its value comes about."""

from __future__ import annotations

from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from nncore.figures import theme
from nncore.figures.digits import plot_digit
from nncore.figures.feature_maps import plot_map
from nncore.inspection import PixelArithmetic
from pages.ui import arithmetic, lesson


def show_pixel(
    pixel: PixelArithmetic, picture: NDArray[np.uint8], values: NDArray[np.float32], row: int, column: int
) -> None:
    """The pixel (row, column) of a map (rows, columns); a click on the map sets the session's `row` and `col`."""
    large, where, numbers = st.columns([0.38, 0.32, 0.3], gap="medium")
    with large:
        st.markdown("**The map:** click a pixel")
        drawn = plot_map(values, chosen=(row, column), height=330)
        select = partial(_choose, values.shape[1])
        alt = "The chosen map, the chosen pixel outlined"
        lesson.figure("large_map", drawn, alt, on_select=select, selection_mode="points")
    with where:
        rows, columns = pixel.receptive_field[2:]
        st.markdown(f"**What the pixel sees:** {rows} × {columns} pixels")
        drawn = plot_digit(picture, boxes=((*pixel.receptive_field, theme.WEIGHT),), height=330)
        lesson.figure("receptive_field", drawn, "The digit, its part that the pixel sees outlined")
    with numbers:
        arithmetic.agreement(pixel)
        peak = divmod(int(values.argmax()), values.shape[1])
        st.button("Go to the map's largest value", key="strongest", on_click=_go_to, args=peak)
        channel = arithmetic.choose_channel(pixel.sums)
    arithmetic.pixel_cells(pixel, channel)


def _choose(columns: int) -> None:
    """A click on the large map, of so many columns, chooses the pixel."""
    points = st.session_state["large_map"]["selection"]["point_indices"]
    if points:
        _go_to(*divmod(points[0], columns))


def _go_to(row: int, column: int) -> None:
    st.session_state["row"], st.session_state["col"] = row, column
