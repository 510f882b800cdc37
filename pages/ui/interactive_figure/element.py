"""Controls whose picture repaints while they are dragged, and which report to Python when they are let go.

    eta = dragged.read("eta", "Step size η", 0.0, 1.5, 0.1, step=0.01)  # a Dragged: eta.value, eta.positions
    drag.show("descent", [eta], lambda moving, eta: ...)                # the control with its picture

`read` (control.py) may stand anywhere above `show`. A picture is computed for all `positions` of one control, with the
others left where they are. It is sent for the control that was moved; for another when the mouse, a finger or the
keyboard comes to it (controls.js asks); and where something else on the page has changed, as it stands. Pages keep what
they packed: a class that follows its lecturer asks for the same again, as does who moves a control to and fro.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from nncore.figures.interactive.encode import with_header
from pages.ui.interactive_figure.control import Control
from pages.ui.parameters import number_at

HERE = Path(__file__).parent
ELEMENT = st.components.v2.component(
    "drag",
    js="".join((HERE / name).read_text(encoding="utf-8") for name in ("../leaving.js", "draw.js", "controls.js")),
    css=(HERE / "style.css").read_text(encoding="utf-8"),
    isolate_styles=False,
)


class View(NamedTuple):
    """A picture that the browser needs."""

    name: str
    """The key of the control that moves in it; "" where none does, since something else on the page has changed."""
    moving: Control
    """That control, or the first one, where it stands."""
    controls: tuple[Control, ...]
    """All of them; the moving one anywhere in its range or, in a picture without a name, with one position only."""


def requested(key: str, controls: Sequence[Control]) -> list[View]:
    """What `send` is to send now, at least one picture; a request is answered once."""
    wanted = st.session_state.pop(f"{_name(key)}:wanted", ())
    views = [View(moving.key, moving, _given(controls, moving, moving.cache_key())) for moving in controls]
    views = [view for view in views if view.name in wanted]
    return views or [View("", controls[0], _given(controls, controls[0], controls[0].fixed()))]


def _given(controls: Sequence[Control], moving: Control, given: Control) -> tuple[Control, ...]:
    return tuple(given if control is moving else control for control in controls)


def show(
    key: str, controls: Sequence[Control], draw: Callable[..., bytes], *, columns: int = 3, play: str = ""
) -> None:
    """`send` with what `draw(moving, *controls)` makes of each requested picture, `moving` being a control's key."""
    pictures = {view.name: draw(view.moving.key, *view.controls) for view in requested(key, controls)}
    send(key, controls, pictures, columns=columns, play=play)


def send(
    key: str, controls: Sequence[Control], pictures: Mapping[str, bytes], *, columns: int = 3, play: str = ""
) -> None:
    """The controls above their common picture.

    `pictures` are packed (nncore.figures.interactive.encode), each for all positions of the control that moves in it:
    its own value means nothing then. All pictures have the same panels and readouts, which stand in at most so many
    `columns`. The control named `play` gets a button that runs it, in the browser only, from its lowest position on.
    """
    name = _name(key)
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
    data = with_header(described, b"".join(pictures.values()))
    ELEMENT(key=name, data=data, on_moved_change=_hear(name, controls))


def _name(key: str) -> str:
    return f"drag_{st.session_state.get('page')}_{key}"


def _hear(name: str, controls: Sequence[Control]) -> Callable[[], None]:
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
