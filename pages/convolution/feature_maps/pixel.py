"""One value of a layer taken apart: a pixel of a map, which can be hovered and clicked, or a dense unit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from nncore.cluster.engine import default_engine
from nncore.keras_import.layers import IDLE
from nncore.networks.inspection import PIXEL_KINDS, explain_map, explain_unit
from nncore.registry import networks
from pages.convolution.feature_maps.controls import choose_pixel
from pages.convolution.feature_maps.selection import SelectedPixel, Selection
from pages.ui import pixel_arithmetic
from pages.ui.convolution_explorer import element


def take_apart(
    selection: Selection,
    equation: DeltaGenerator,
    row_and_column: Sequence[DeltaGenerator],
    sections: Mapping[str, str],
) -> SelectedPixel | None:
    """Show where the selected value lies, what it sees, and its arithmetic; return the pixel, if it is one.

    Its equation goes into the container `equation`, the widgets that choose the pixel into two columns.
    """
    kind = selection.activation.kind
    if kind in PIXEL_KINDS:
        row, column = choose_pixel(row_and_column, selection.activation.values.shape)
        pixel = SelectedPixel(_explain(explain_map, selection), row, column)
        pixel_arithmetic.show_equation(equation, pixel_arithmetic.pixel_equation(pixel.arithmetic))
        _show_pixel(pixel, selection.picture, sections["pixel"])
        return pixel
    if kind == "Dense":
        unit = _explain(explain_unit, selection)
        pixel_arithmetic.show_equation(equation, pixel_arithmetic.unit_equation(unit))
        st.markdown(sections["dense"])
        pixel_arithmetic.unit_pictures(unit)
        pixel_arithmetic.agreement(unit)
    else:
        st.markdown(sections["unchanged" if kind in IDLE else "by rule"])
    return None


def _explain(explain: Callable[..., Any], selection: Selection) -> Any:
    """Have a worker explain the selected map or unit."""
    where = selection.picture, selection.layer, selection.channel
    return default_engine().ask(networks.apply_to_network, explain, selection.name, *where)


def _show_pixel(pixel: SelectedPixel, picture: NDArray[Any], caption: str) -> None:
    """Show the pixel's map; a click on another pixel sets the session's `row` and `col`."""
    arithmetic, stored = pixel.arithmetic, pixel.map.stored
    numbers, explorer = st.columns([0.26, 0.74], gap="medium")
    with numbers:
        pixel_arithmetic.agreement(arithmetic)
        largest = divmod(int(stored.argmax()), stored.shape[1])
        st.button("Go to the map's largest value", key="strongest", on_click=_go_to, args=largest)
        channel = pixel_arithmetic.choose_channel(arithmetic.sums)
        st.caption(caption)
    with explorer:
        chosen = pixel.row, pixel.column
        element.show_convolution_explorer(
            "large_map", picture, pixel.map, chosen, names=("row", "col"), channel=channel
        )


def _go_to(row: int, column: int) -> None:
    st.session_state["row"], st.session_state["col"] = row, column
