"""A drawing canvas, white on black like MNIST's digits; the last drawing survives a change of page."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit_drawable_canvas import st_canvas

SIDE = 280


def draw_digit(key: str = "canvas", *, side: int = SIDE) -> NDArray[np.uint8] | None:
    """Show the canvas and return the drawing as RGBA (side, side, 4), 0 to 255, or None while it is empty.

    The component loses its strokes when it leaves the page and reports no image for restored ones, so the session
    remembers the last strokes and the last image. They are passed back only to a new component: a new
    `initial_drawing` at every stroke would empty its undo history. The component's own reset restores what it started
    with; "Clear" starts a new, empty component.
    """
    last: dict[str, Any] = st.session_state.setdefault(f"{key}:kept", _empty(0))
    component = f"{key}_{last['number']}"
    if component not in st.session_state:
        last["start"] = last["drawing"]
    with st.container(key=key):
        st.button("Clear", key=f"{key}_clear", icon=":material/delete:", on_click=_clear, args=(key,))
        drawn = st_canvas(
            stroke_width=22,
            stroke_color="#FFFFFF",
            background_color="#000000",
            height=side,
            width=side,
            initial_drawing=last["start"],
            return_image_data=True,
            key=component,
        )
    return _remember(last, drawn)


def _empty(number: int) -> dict[str, Any]:
    return {"number": number, "start": None, "drawing": None, "picture": None}


def _clear(key: str) -> None:
    st.session_state[f"{key}:kept"] = _empty(st.session_state[f"{key}:kept"]["number"] + 1)


def _remember(last: dict[str, Any], drawn: Any) -> NDArray[np.uint8] | None:
    picture = drawn.image_data
    if picture is not None:
        empty = not (drawn.json_data or {}).get("objects")
        last["picture"] = None if empty else picture
        last["drawing"] = None if empty else drawn.json_data
    return last["picture"]
