"""Layers below one another, each a sheet of its maps or units, painted by the browser in a fraction of a figure's time.

A click on a map, or a unit, becomes the page's `layer` and `map`, whose widgets must stand above.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from nncore.figures import theme
from nncore.figures.convolution.feature_maps import LayerSheet, lay_sheets

HERE = Path(__file__).parent
ELEMENT = st.components.v2.component(
    "sheets",
    js=(HERE / "element.js").read_text(encoding="utf-8"),
    css=(HERE / "style.css").read_text(encoding="utf-8"),
    isolate_styles=False,
)
COLOURS = {
    "negative": theme.SIGNED[0][1],
    "zero": theme.SIGNED[1][1],
    "positive": theme.SIGNED[2][1],
    "mark": theme.OUTPUT,
}


def show_layer_sheets(
    key: str, layers: Sequence[tuple[str, NDArray[Any]]], chosen: tuple[int, int] | None, *, clickable: bool = False
) -> None:
    """The layers (title, values); `chosen` is the number of a layer and of its map or unit, which is outlined."""
    data = {
        "sheets": [_packed(sheet) for sheet in lay_sheets(layers)],
        "chosen": chosen,
        "colours": COLOURS,
        "clickable": clickable,
    }
    element, counts = f"{key}_element", [values.shape[-1] for _, values in layers]

    def hear() -> None:
        given = st.session_state[element]["chosen"]
        if isinstance(given, list) and len(given) == 2 and all(isinstance(number, int) for number in given):
            layer = min(max(given[0], 0), len(counts) - 1)
            st.session_state["layer"], st.session_state["map"] = str(layer), min(max(given[1], 0), counts[layer] - 1)

    with st.container(key=key):
        ELEMENT(key=element, data=data, on_chosen_change=hear)


def _packed(sheet: LayerSheet) -> dict[str, Any]:
    units = sheet.units
    return {
        "title": sheet.title,
        "shape": sheet.levels.shape,
        "levels": _base64(sheet.levels),
        "signed": sheet.signed,
        "corners": sheet.corners.tolist(),
        "size": sheet.size,
        "gap": 0 if units is not None else 1,
        "units": None if units is None else _base64(units.astype(np.float32)),
        "labels": [str(digit) for digit in range(10)] if units is not None and units.shape == (10,) else [],
    }


def _base64(array: NDArray[Any]) -> str:
    return base64.b64encode(array.tobytes()).decode()
