"""Controls whose picture repaints while they are dragged, and which report to Python when they are let go.

    eta = dragged.read("eta", "Step size η", 0.0, 1.5, 0.1, step=0.01)  # a Dragged: eta.value, eta.positions
    drag.show("descent", [eta], lambda moving, eta: ...)                # the control with its picture

`read` (control.py) may stand anywhere above `show`. A picture is computed for all `positions` of one control, with the
others left where they are. It is sent for the control that was moved; for another when the mouse, a finger or the
keyboard comes to it (controls.js asks); and where something else on the page has changed, as it stands. Pages keep what
they packed: a class that follows its lecturer asks for the same again, as does who moves a control to and fro.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

import streamlit as st

from nncore.figures.interactive.encode import headed
from pages.ui.interactive_figure.control import Dragged, number_at

HERE = Path(__file__).parent
ELEMENT = st.components.v2.component(
    "drag",
    js="".join((HERE / name).read_text(encoding="utf-8") for name in ("../leaving.js", "draw.js", "controls.js")),
    css=(HERE / "style.css").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def show(
    key: str,
    controls: Sequence[Dragged],
    draw: Callable[..., bytes],
    *,
    columns: int = 3,
    play: str = "",
) -> None:
    """The controls above their common picture.

    `draw(moving, *controls)` gives the packed picture (nncore.figures.interactive.encode) for all positions of the
    control whose key is `moving`: its own value means nothing then, and its range may be no more than where it stands.
    All pictures have the same panels and readouts, which stand in at most so many `columns`. The control named `play`
    gets a button that runs it, in the browser only, from its lowest position on.
    """
    name = f"drag_{st.session_state.get('page')}_{key}"
    wanted = st.session_state.pop(f"{name}:wanted", ())
    pictures = {
        moving.key: _draw(draw, moving, moving.anywhere(), controls) for moving in controls if moving.key in wanted
    }
    if not pictures:
        pictures = {"": _draw(draw, controls[0], controls[0].standing(), controls)}
    described = {
        "controls": [
            asdict(control) | {"positions": control.positions.tolist(), "whole": isinstance(control.step, int)}
            for control in controls
        ],
        "columns": columns,
        "play": play,
        "heard": st.session_state.get(f"{name}:heard", 0),
        "pictures": {moving: len(packed) for moving, packed in pictures.items()},
    }
    data = headed(described, b"".join(pictures.values()))
    ELEMENT(key=name, data=data, on_moved_change=_hear(name, controls))


def _draw(draw: Callable[..., bytes], moving: Dragged, given: Dragged, controls: Sequence[Dragged]) -> bytes:
    return draw(moving.key, *(given if control is moving else control for control in controls))


def _hear(name: str, controls: Sequence[Dragged]) -> Callable[[], None]:
    """What is done when controls were let go or a picture is wanted.

    `moved` is {"values": {key: number}, "wanted": [key of the control whose picture is wanted, ...], "serial": count};
    unless it says otherwise, the pictures of what was moved are wanted.
    """

    def hear() -> None:
        moved = st.session_state[name]["moved"]
        for control in controls:
            value = number_at(moved["values"].get(control.key), control)
            if value is not None:
                st.session_state[control.key] = value
        st.session_state[f"{name}:wanted"] = moved.get("wanted", list(moved["values"]))
        st.session_state[f"{name}:heard"] = moved["serial"]

    return hear
