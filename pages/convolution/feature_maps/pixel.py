"""One map of a layer: hover a pixel to see what it sees and its arithmetic; a click keeps the pixel in the link."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st
from numpy.typing import NDArray

from nncore.networks.inspection import MapArithmetic, PixelArithmetic
from pages.ui import pixel_arithmetic
from pages.ui.convolution_explorer import element


class OnePixel(NamedTuple):
    """A pixel of a map."""

    shown: MapArithmetic
    row: int
    column: int

    @property
    def arithmetic(self) -> PixelArithmetic:
        """How its value comes about."""
        return self.shown.pixel(self.row, self.column)


def show_pixel(one: OnePixel, picture: NDArray, words: str) -> None:
    """The pixel and its map; a click on another sets the session's `row` and `col`. `words` say how."""
    pixel, shown = one.arithmetic, one.shown
    numbers, large = st.columns([0.26, 0.74], gap="medium")
    with numbers:
        pixel_arithmetic.agreement(pixel)
        peak = divmod(int(shown.stored.argmax()), shown.stored.shape[1])
        st.button("Go to the map's largest value", key="strongest", on_click=_go_to, args=peak)
        channel = pixel_arithmetic.choose_channel(pixel.sums)
        st.caption(words)
    with large:
        element.show_convolution_explorer(
            "large_map", picture, shown, (one.row, one.column), names=("row", "col"), channel=channel
        )


def _go_to(row: int, column: int) -> None:
    st.session_state["row"], st.session_state["col"] = row, column
