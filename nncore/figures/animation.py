"""Animated figures: all frames are sent once, and the browser plays them without asking the server."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nncore.figures import theme

FRAMES = 51
"""The most frames of an animation."""
SECONDS = 5.0
"""The duration of an animation."""


def moments(steps: int) -> NDArray[np.int64]:
    """Return the steps from 0 to `steps` that have a frame: all of them, or `FRAMES` evenly spaced ones."""
    return np.unique(np.round(np.linspace(0, steps, FRAMES)).astype(np.int64))


def play(frames: Sequence[Sequence[theme.Description]], traces: Sequence[int]) -> theme.Description:
    """Return the frames of a figure and its buttons Play and End; each frame has the changes of these `traces`."""
    described = [
        {"name": str(number), "data": [{"type": "scatter"} | each for each in changes], "traces": list(traces)}
        for number, changes in enumerate(frames)
    ]
    instantly = {"duration": 0, "redraw": False}
    run = {"frame": instantly | {"duration": round(1000 * SECONDS / max(len(frames), 1))}, "transition": instantly}
    names = [frame["name"] for frame in described]
    buttons = [
        {"label": "▶ Play", "method": "animate", "args": [names, run | {"mode": "immediate", "fromcurrent": False}]},
        {"label": "■ End", "method": "animate", "args": [names[-1:], {"mode": "immediate", "frame": instantly}]},
    ]
    style = {"bgcolor": "rgba(0,0,0,0)", "bordercolor": theme.NEUTRAL, "borderwidth": 1, "showactive": False}
    position = {"x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom", "direction": "right", "pad": {"b": 6}}
    menu = {"type": "buttons", "buttons": buttons, "font": {"size": theme.FONT_SIZE}, **style, **position}
    return {"frames": described, "updatemenus": [menu]}
