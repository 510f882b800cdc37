"""An interactive figure: controls whose picture repaints while they are dragged, and which report when let go.

    eta = control.read("eta", "Step size η", 0.0, 1.5, 0.1, step=0.01)  # a Control: eta.value, eta.positions
    element.show_interactive_figure("descent", [eta], lambda moving, eta: ...)

`control.read` may stand anywhere above the figure. A picture holds all `positions` of one control, the others staying
where they are. Python sends the picture of the control that was moved, of another control when the mouse, a finger or
the keyboard comes to it (controls.js requests it), and a still one when something else on the page has changed.
Lessons memoize their packed pictures: a class that follows its lecturer requests the same ones again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import partial
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
    """The key of the control that moves in it; "" for a still picture, after something else on the page has changed."""
    moving: Control
    """The control that moves; in a still picture, the first one."""
    controls: tuple[Control, ...]
    """All controls: the moving one stands for all its positions, or has only one position in a still picture."""


def requested_views(key: str, controls: Sequence[Control]) -> list[View]:
    """The views that `send_pictures` is to send in this run, at least one; each request is answered once."""
    requested = st.session_state.pop(f"{_name(key)}:requested", ())
    views = [View(moving.key, moving, _with(controls, moving.cache_key())) for moving in controls]
    views = [view for view in views if view.name in requested]
    return views or [View("", controls[0], _with(controls, controls[0].fixed()))]


def _with(controls: Sequence[Control], replacement: Control) -> tuple[Control, ...]:
    return tuple(replacement if control.key == replacement.key else control for control in controls)


def show_interactive_figure(
    key: str, controls: Sequence[Control], draw: Callable[..., bytes], *, columns: int = 3, play: str = ""
) -> None:
    """Send what `draw(moving, *controls)` returns for each requested view; `moving` is the key of its control."""
    pictures = {view.name: draw(view.moving.key, *view.controls) for view in requested_views(key, controls)}
    send_pictures(key, controls, pictures, columns=columns, play=play)


def send_pictures(
    key: str, controls: Sequence[Control], pictures: Mapping[str, bytes], *, columns: int = 3, play: str = ""
) -> None:
    """Show the controls above their common picture.

    `pictures` maps the name of a view to its encoded picture (nncore.figures.interactive.encode), which holds all
    positions of the moving control. All pictures have the same readouts and the same panels, in at most `columns`
    columns. The control named `play` gets a button that runs it, in the browser only, from its lowest position on.
    """
    name = _name(key)
    described = {
        "controls": [
            asdict(control) | {"positions": control.positions.tolist(), "whole": isinstance(control.step, int)}
            for control in controls
        ],
        "columns": columns,
        "play": play,
        "acknowledged": st.session_state.get(f"{name}:acknowledged", 0),
        "pictures": {moving: len(packed) for moving, packed in pictures.items()},
    }
    data = with_header(described, b"".join(pictures.values()))
    ELEMENT(key=name, data=data, on_moved_change=partial(_on_change, name, controls))


def _name(key: str) -> str:
    return f"drag_{st.session_state.get('page')}_{key}"


def _on_change(name: str, controls: Sequence[Control]) -> None:
    """Take the browser's message: controls were let go, or pictures are requested.

    It is {"values": {key: number}, "requested": [key of a control, ...], "sequence": number of the message}; without
    "requested", the pictures of the moved controls are.
    """
    message = st.session_state[name]["moved"]
    for control in controls:
        value = number_at(message["values"].get(control.key), control)
        if value is not None:
            st.session_state[control.key] = value
    st.session_state[f"{name}:requested"] = message.get("requested", list(message["values"]))
    st.session_state[f"{name}:acknowledged"] = message["sequence"]
