"""Controls whose picture repaints while they are dragged, and which report to Python when they are let go.

    eta = dragged.read("eta", "Step size η", 0.0, 1.5, 0.1, step=0.01)  # a Dragged: eta.value, eta.positions
    picture = plot_descent(descend_all(eta.positions, ...))            # nncore.figures.moving.Picture
    drag.show("descent", [eta], pack([picture]))                       # the control with its picture

`read` (pages/ui/dragged.py) may stand anywhere above `show`. The picture is computed for all `positions` of the
control; several controls share the panels if each brings them for its own positions, with the others left where they
are. Pages remember what they packed: a class that follows its lecturer asks for the same again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

import streamlit as st

from nncore.figures.packing import headed
from pages.ui.dragged import Dragged, number_at

HERE = Path(__file__).parent
ELEMENT = st.components.v2.component(
    "drag",
    js=(HERE / "drag.js").read_text(encoding="utf-8"),
    css=(HERE / "drag.css").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def show(
    key: str, controls: Sequence[Dragged], packed: bytes, *, beside: bool = False, columns: int = 3, play: str = ""
) -> None:
    """The controls above their common picture, or on its left where they are `beside` it and there is room.

    `packed` are the controls' pictures in the same order (nncore.figures.packing). Where there are fewer, the first is
    of several controls: its positions are those of the first of them, then of the second, and so on. The panels stand
    in at most so many `columns`. The control named `play` gets a button that runs it, in the browser only, from its
    lowest position on.
    """
    name = f"drag_{st.session_state.get('page')}_{key}"
    described = {
        "controls": [
            asdict(control) | {"positions": control.positions.tolist(), "whole": isinstance(control.step, int)}
            for control in controls
        ],
        "beside": beside,
        "columns": columns,
        "play": play,
        "heard": st.session_state.get(f"{name}:heard", 0),
    }
    ELEMENT(key=name, data=headed(described, packed), on_moved_change=_hear(name, controls))


def _hear(name: str, controls: Sequence[Dragged]) -> Callable[[], None]:
    """What is done when controls were let go: `moved` is {"values": {key: number}, "serial": count}."""

    def hear() -> None:
        moved = st.session_state[name]["moved"]
        for control in controls:
            value = number_at(moved["values"].get(control.key), control)
            if value is not None:
                st.session_state[control.key] = value
        st.session_state[f"{name}:heard"] = moved["serial"]

    return hear
