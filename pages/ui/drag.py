"""Controls whose picture repaints while they are dragged, and which report to Python when they are let go.

    eta = drag.read("eta", "Step size η", 0.0, 1.5, 0.1, step=0.01)     # a Dragged: eta.value, eta.positions
    picture = plot_descent(descend_all(eta.positions, ...))            # nncore.figures.moving.Picture
    drag.show("descent", [eta], pack([picture]))                       # the control with its picture

`read` takes the value from the link or the session and may stand anywhere above `show`. The picture is computed for all
`positions` of the control; several controls share the panels if each brings them for its own positions, with the others
left where they are. Pages remember what they packed: a class that follows its lecturer asks for the same again.

A control's key is its query parameter and, in the browser, the class `st-key-<key>`. Each page remembers its own value:
`st.session_state[key]`, for callbacks and tests.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from nncore.figures.packing import headed

HERE = Path(__file__).parent
ELEMENT = st.components.v2.component(
    "drag",
    js=(HERE / "drag.js").read_text(encoding="utf-8"),
    css=(HERE / "drag.css").read_text(encoding="utf-8"),
    isolate_styles=False,
)


@dataclass(frozen=True)
class Dragged:
    """A control of a page: its range, its step and where it is."""

    key: str
    label: str
    low: float
    high: float
    step: float
    """Where it is an `int`, only whole numbers are taken."""
    value: float

    @cached_property
    def positions(self) -> NDArray[np.float64]:
        """(P,), ascending: all steps of the range, and the value where it lies between two of them."""
        steps = _steps(self.low, self.high, self.step)
        return steps if self.value in steps else np.sort(np.append(steps, self.value))


@lru_cache(maxsize=100)
def _steps(low: float, high: float, step: float) -> NDArray[np.float64]:
    """The range in steps, ascending and each once; shared by everybody, so not to be written to."""
    digits = max(0, -math.floor(math.log10(step))) + 2
    steps = np.round(np.arange(round((high - low) / step) + 1) * step + low, digits)
    steps = np.unique(np.clip(steps, low, high)).astype(np.float64)
    steps.flags.writeable = False
    return steps


def read(key: str, label: str, low: float, high: float, default: float, *, step: float) -> Dragged:
    """The control with the value of this page's link or session; what is no number in the range gives the default."""
    page = st.session_state.get("page")
    memory = st.session_state.setdefault("drags", {"pages": {}, "owners": {}})
    remembered = memory["pages"].setdefault(page, {})
    if memory["owners"].get(key) == page:
        given = st.session_state.get(key)
    else:
        given = st.query_params.get(key, remembered.get(key))
        memory["owners"][key] = page
    dragged = Dragged(key, label, low, high, step, float(default))
    value = found if (found := _number(given, dragged)) is not None else dragged.value
    if value is not given:
        st.session_state[key] = value
    remembered[key] = value
    _link(key, value, default)
    return replace(dragged, value=value)


def _link(key: str, value: float, default: float) -> None:
    """The link says what is not the default; it is left alone where it says so already, since each change is sent."""
    short = f"{value:g}"
    wanted = None if value == default else short if float(short) == value else repr(value)
    if wanted == st.query_params.get(key):
        return
    if wanted is None:
        del st.query_params[key]
    else:
        st.query_params[key] = wanted


def leave_other_pages() -> None:
    """Take the values of other pages' controls out of the session: a widget here may have the same key."""
    page, owners = st.session_state.get("page"), st.session_state.get("drags", {}).get("owners", {})
    for key in [key for key, owner in owners.items() if owner != page]:
        del owners[key]
        st.session_state.pop(key, None)


def show(
    key: str, controls: Sequence[Dragged], packed: bytes, *, beside: bool = False, columns: int = 3, play: str = ""
) -> None:
    """The controls above their common picture, or on its left where they are `beside` it and there is room.

    `packed` are the controls' pictures in the same order (nncore.figures.packing); the panels stand in at most so many
    `columns`. The control named `play` gets a button that runs it, in the browser only, from its lowest position on.
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
            value = _number(moved["values"].get(control.key), control)
            if value is not None:
                st.session_state[control.key] = value
        st.session_state[f"{name}:heard"] = moved["serial"]

    return hear


def _number(given: Any, control: Dragged) -> float | None:
    """A number that the control can be at, out of a link, a session or a browser; else None."""
    try:
        value = float(given) + 0.0
    except (TypeError, ValueError):
        return None
    fits = control.low <= value <= control.high and (value.is_integer() or not isinstance(control.step, int))
    return value if fits else None
