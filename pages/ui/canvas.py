"""The drawing canvas: white ink on black, as MNIST shows its digits; what was drawn last survives a page change."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit_drawable_canvas import st_canvas

SIDE = 280


def draw_digit(key: str = "canvas", *, side: int = SIDE) -> NDArray[np.uint8] | None:
    """The drawing as RGBA (side, side, 4), 0..255, or None while nothing is drawn.

    The component loses its strokes when it leaves the page and reports no picture for restored ones, so the last
    strokes and the last picture are kept in the session. They are handed back only when the component comes anew:
    a new `initial_drawing` at every stroke would empty its undo history. Its own reset brings back what it started
    with; "Clear" starts a new, empty one.
    """
    kept: dict[str, Any] = st.session_state.setdefault(f"{key}:kept", _nothing(0))
    component = f"{key}_{kept['number']}"
    if component not in st.session_state:
        kept["start"] = kept["drawing"]
    with st.container(key=key):
        st.button("Clear", key=f"{key}_clear", icon=":material/delete:", on_click=_clear, args=(key,))
        drawn = st_canvas(
            stroke_width=22,
            stroke_color="#FFFFFF",
            background_color="#000000",
            height=side,
            width=side,
            initial_drawing=kept["start"],
            return_image_data=True,
            key=component,
        )
    return _remember(kept, drawn)


def _nothing(number: int) -> dict[str, Any]:
    return {"number": number, "start": None, "drawing": None, "picture": None}


def _clear(key: str) -> None:
    st.session_state[f"{key}:kept"] = _nothing(st.session_state[f"{key}:kept"]["number"] + 1)


def _remember(kept: dict[str, Any], drawn: Any) -> NDArray[np.uint8] | None:
    picture = drawn.image_data
    if picture is not None:
        empty = not (drawn.json_data or {}).get("objects")
        kept["picture"] = None if empty else picture
        kept["drawing"] = None if empty else drawn.json_data
    return kept["picture"]
