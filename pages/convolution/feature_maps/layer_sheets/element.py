"""Layers below one another, each with all its maps or units, painted by the browser much faster than a figure.

A click on a map or a unit sets the page's `layer` and `map`, whose widgets must be called before.
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
    """Show layers (title, values), values (rows, columns, maps) or (units,); the map or unit `chosen` is outlined.

    `chosen` holds the number of its layer and its own; only if `clickable` does a click choose another one.
    """
    data = {
        "sheets": [_encode(sheet) for sheet in lay_sheets(layers)],
        "chosen": chosen,
        "colours": COLOURS,
        "clickable": clickable,
    }
    element, counts = f"{key}_element", [values.shape[-1] for _, values in layers]

    def choose() -> None:
        clicked = st.session_state[element]["chosen"]
        if isinstance(clicked, list) and len(clicked) == 2 and all(isinstance(number, int) for number in clicked):
            layer = min(max(clicked[0], 0), len(counts) - 1)
            st.session_state["layer"] = str(layer)
            st.session_state["map"] = min(max(clicked[1], 0), counts[layer] - 1)

    with st.container(key=key):
        ELEMENT(key=element, data=data, on_chosen_change=choose)


def _encode(sheet: LayerSheet) -> dict[str, Any]:
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
