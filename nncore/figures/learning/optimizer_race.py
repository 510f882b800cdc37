"""A race of optimisers drawn: their paths on the cost, and how far each is above the least cost, to be played."""

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
LOOKS = {
    "gd": (theme.COST, "solid", "circle"),
    "momentum": (theme.WEIGHT, "12px,4px", "square"),
    "nesterov": (theme.TEST, "4px,3px", "diamond"),
    "rmsprop": (theme.INPUT, "12px,4px,3px,4px", "triangle-up"),
    "adam": (theme.OUTPUT, "solid", "star"),
}
"""Five runs need five colours: in this picture, as its legend says, a colour is an optimiser."""
HEIGHT = 400
MARGIN = {"l": 10, "r": 10, "t": 44, "b": 10}
LEAST = 1e-8
"""The right panel's axis ends here: nearer to the least cost is as good as there."""


def plot_race(walks: Trajectories, names: Mapping[str, str]) -> go.Figure:
    """The optimisers' paths on the cost, to be played; `names`, in the order of the paths, are shown in the legend."""
    landscape, one = walks.landscape, len(walks.landscape.parameters) == 1
    y = walks.cost if one else walks.points[..., 1]
    ground = _curve(landscape) if one else _contours(landscape)
    traces = [ground, *_lines(walks.points[..., 0], y, names)]
    places = walks.points[..., 0].T.tolist(), y.T.tolist()
    frames = [[{"x": places[0][at], "y": places[1][at]}] for at in moments(len(walks.numbers) - 1)]
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


def plot_race_costs(walks: Trajectories, names: Mapping[str, str]) -> go.Figure:
    """How far every optimiser is above the least cost after each step, in powers of ten."""
    above = np.maximum(walks.cost - _least(walks.landscape), LEAST)
    lines = _lines(np.broadcast_to(walks.numbers, above.shape), above, names)
    ends = {"x": walks.numbers[walks.last], "y": above[np.arange(len(above)), walks.last]}
    marks = {"mode": "markers", "marker": _marks(names), "showlegend": False, "cliponaxis": False, "hoverinfo": "skip"}
    top = max(10 * float(above[:, 0].max(initial=LEAST)), 10 * LEAST)
    bottom = float(np.nanmin(above, initial=top / 10))
    span = [np.log10(bottom) - 0.3, np.log10(top)]
    decades = {"type": "log", "range": span, "exponentformat": "power", "dtick": 1 if span[1] - span[0] < 5 else 2}
    last = float(walks.numbers[-1])
    return theme.draw(
        [*lines, {"type": "scatter"} | ends | marks],
        height=HEIGHT,
        xaxis={"title": "step", "range": [-0.02 * last, 1.03 * last]},
        yaxis={"title": "C above the least cost"} | decades,
        margin=MARGIN,
        legend=theme.LEGEND | {"entrywidth": 0.5, "entrywidthmode": "fraction", "font": {"size": theme.FONT_SIZE - 3}},
    )


def _lines(x: Array, y: Array, names: Mapping[str, str]) -> list[theme.Description]:
    found = []
    for name, across, up in zip(names, x, y, strict=True):
        colour, dash, _ = LOOKS[name]
        told = "%{x:.4g}, %{y:.4g}<extra>" + names[name] + "</extra>"
        look = {"mode": "lines", "opacity": 0.7, "line": {"color": colour, "width": 3, "dash": dash}}
        found.append({"type": "scatter", "x": across, "y": up, "name": names[name], "hovertemplate": told} | look)
    return found


def _marks(names: Mapping[str, str]) -> theme.Description:
    """One mark an optimiser: where it is."""
    looks = [LOOKS[name] for name in names]
    return {
        "size": 16,
        "color": [colour for colour, _, _ in looks],
        "symbol": [symbol for _, _, symbol in looks],
        "line": {"width": 1.5, "color": "white"},
    }


def _curve(landscape: LossSurface) -> theme.Description:
    low, high = landscape.view[0]
    w, cost = landscape.curve(low, high)
    line = {"color": theme.NEUTRAL, "width": 3}
    look = {"mode": "lines", "line": line, "hoverinfo": "skip", "showlegend": False}
    return {"type": "scatter", "x": w, "y": cost} | look


def _contours(landscape: LossSurface) -> theme.Description:
    """Lines between which C above the least cost doubles."""
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
    return min(float(landscape.cost(place.point)) for place in landscape.minima)
