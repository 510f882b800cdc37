"""Figures that play: all frames are sent once, and the browser runs through them without asking the server."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nncore.figures import theme

FRAMES = 51
SECONDS = 5.0


def moments(steps: int) -> NDArray[np.int64]:
    """At which of the steps 0 to `steps` there is a frame: at all of them, or at `FRAMES` evenly spaced ones."""
    return np.unique(np.round(np.linspace(0, steps, FRAMES)).astype(np.int64))


def play(frames: Sequence[Sequence[theme.Description]], traces: Sequence[int]) -> theme.Description:
    """The frames of a figure, and its buttons Play and End; each frame holds what it changes of the `traces`."""
    described = [
        {"name": str(number), "data": [{"type": "scatter"} | each for each in changes], "traces": list(traces)}
        for number, changes in enumerate(frames)
    ]
    still = {"duration": 0, "redraw": False}
    run = {"frame": still | {"duration": round(1000 * SECONDS / max(len(frames), 1))}, "transition": still}
    names = [frame["name"] for frame in described]
    buttons = [
        {"label": "▶ Play", "method": "animate", "args": [names, run | {"mode": "immediate", "fromcurrent": False}]},
        {"label": "■ End", "method": "animate", "args": [names[-1:], {"mode": "immediate", "frame": still}]},
    ]
    look = {"bgcolor": "rgba(0,0,0,0)", "bordercolor": theme.NEUTRAL, "borderwidth": 1, "showactive": False}
    place = {"x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom", "direction": "right", "pad": {"b": 6}}
    menu = {"type": "buttons", "buttons": buttons, "font": {"size": theme.FONT_SIZE}, **look, **place}
    return {"frames": described, "updatemenus": [menu]}
