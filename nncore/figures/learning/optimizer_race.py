"""A race of optimisers: their paths on the cost, to be played, and the cost of each above the least."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from nncore.figures import theme
from nncore.figures.animation import moments, play
from nncore.figures.learning.gradient_descent import FLOOR, GREYS

if TYPE_CHECKING:
    from nncore.theory.gradient_descent import Trajectories
    from nncore.theory.loss_surfaces import LossSurface

Array = NDArray[np.float64]
STYLES = {
    "gd": (theme.COST, "solid", "circle"),
    "momentum": (theme.WEIGHT, "12px,4px", "square"),
    "nesterov": (theme.TEST, "4px,3px", "diamond"),
    "rmsprop": (theme.INPUT, "12px,4px,3px,4px", "triangle-up"),
    "adam": (theme.OUTPUT, "solid", "star"),
}
"""The colour, dash and marker of each optimiser; in these figures, as the legend says, a colour is an optimiser."""
HEIGHT = 400
MARGIN = {"l": 10, "r": 10, "t": 44, "b": 10}
LEAST = 1e-8
"""The lower end of the axis of costs; a path this near to the least cost has arrived."""


def plot_race(trajectories: Trajectories, names: Mapping[str, str]) -> go.Figure:
    """Plot the paths of the optimisers on the cost, with frames to play; `names` has their labels in the same order."""
    landscape, one = trajectories.landscape, len(trajectories.landscape.parameters) == 1
    y = trajectories.cost if one else trajectories.points[..., 1]
    ground = _curve(landscape) if one else _contours(landscape)
    traces = [ground, *_lines(trajectories.points[..., 0], y, names)]
    xs, ys = trajectories.points[..., 0].T.tolist(), y.T.tolist()
    frames = [[{"x": xs[at], "y": ys[at]}] for at in moments(len(trajectories.steps) - 1)]
    traces.append({"type": "scatter", "mode": "markers", "marker": _marks(names), "showlegend": False} | frames[-1][0])
    low_high, up = landscape.view[0], landscape.view[-1]
    if one:
        curve = landscape.curve(*low_high)[1]
        up = (curve.min() - 0.06 * np.ptp(curve), curve.max())
    return theme.draw(
        traces,
        height=HEIGHT,
        xaxis={"title": "w", "range": list(low_high)},
        yaxis={"title": "cost C" if one else "v", "range": list(up)},
        margin=MARGIN,
        showlegend=False,
        **play(frames, [len(traces) - 1]),
    )


def plot_race_costs(trajectories: Trajectories, names: Mapping[str, str]) -> go.Figure:
    """Plot the cost of every optimiser above the least cost after each step, on a logarithmic axis."""
    above = np.maximum(trajectories.cost - _least(trajectories.landscape), LEAST)
    lines = _lines(np.broadcast_to(trajectories.steps, above.shape), above, names)
    ends = {"x": trajectories.steps[trajectories.last], "y": above[np.arange(len(above)), trajectories.last]}
    marks = {"mode": "markers", "marker": _marks(names), "showlegend": False, "cliponaxis": False, "hoverinfo": "skip"}
    top = max(10 * float(above[:, 0].max(initial=LEAST)), 10 * LEAST)
    bottom = float(np.nanmin(above, initial=top / 10))
    span = [np.log10(bottom) - 0.3, np.log10(top)]
    decades = {"type": "log", "range": span, "exponentformat": "power", "dtick": 1 if span[1] - span[0] < 5 else 2}
    last = float(trajectories.steps[-1])
    return theme.draw(
        [*lines, {"type": "scatter"} | ends | marks],
        height=HEIGHT,
        xaxis={"title": "step", "range": [-0.02 * last, 1.03 * last]},
        yaxis={"title": "C above the least cost"} | decades,
        margin=MARGIN,
        legend=theme.LEGEND | {"entrywidth": 0.5, "entrywidthmode": "fraction", "font": {"size": theme.FONT_SIZE - 3}},
    )


def _lines(x: Array, y: Array, names: Mapping[str, str]) -> list[theme.Description]:
    lines = []
    for name, across, up in zip(names, x, y, strict=True):
        colour, dash, _ = STYLES[name]
        hover = "%{x:.4g}, %{y:.4g}<extra>" + names[name] + "</extra>"
        style = {"mode": "lines", "opacity": 0.7, "line": {"color": colour, "width": 3, "dash": dash}}
        lines.append({"type": "scatter", "x": across, "y": up, "name": names[name], "hovertemplate": hover} | style)
    return lines


def _marks(names: Mapping[str, str]) -> theme.Description:
    """Return the markers at the current points, one for each optimiser."""
    styles = [STYLES[name] for name in names]
    return {
        "size": 16,
        "color": [colour for colour, _, _ in styles],
        "symbol": [symbol for _, _, symbol in styles],
        "line": {"width": 1.5, "color": "white"},
    }


def _curve(landscape: LossSurface) -> theme.Description:
    low, high = landscape.view[0]
    w, cost = landscape.curve(low, high)
    line = {"color": theme.NEUTRAL, "width": 3}
    style = {"mode": "lines", "line": line, "hoverinfo": "skip", "showlegend": False}
    return {"type": "scatter", "x": w, "y": cost} | style


def _contours(landscape: LossSurface) -> theme.Description:
    """Return contours between which C above the least cost doubles."""
    w, v, cost = landscape.surface()
    above = np.log2(np.maximum(cost - _least(landscape), 0) + FLOOR).astype(np.float32)
    shades = [f"rgb({grey:.0f},{grey:.0f},{grey:.0f})" for grey in GREYS]
    levels = {"start": float(np.log2(FLOOR)), "end": float(np.ceil(above.max())), "size": 1}
    return {
        "type": "contour",
        "x": w[::2],
        "y": v[::2],
        "z": above[::2, ::2],
        "contours": levels,
        "colorscale": [[0, shades[0]], [1, shades[1]]],
        "showscale": False,
        "line": {"width": 0.5, "color": theme.NEUTRAL},
        "hoverinfo": "skip",
    }


def _least(landscape: LossSurface) -> float:
    return min(float(landscape.cost(minimum.point)) for minimum in landscape.minima)
