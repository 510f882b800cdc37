"""A race of optimisers drawn: their paths on the cost, and how far each is above the least cost, to be played."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from nncore.figures import theme
from nncore.figures.descent import FLOOR, GREYS
from nncore.figures.playing import add_play, moments

if TYPE_CHECKING:
    from nncore.descent import Walks
    from nncore.landscapes import Landscape

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
LEAST = 1e-8
"""The right panel's axis ends here: nearer to the least cost is as good as there."""


def plot_race(walks: Walks, names: Mapping[str, str]) -> go.Figure:
    """The optimisers' paths on the cost, to be played; `names`, in the order of the paths, are shown in the legend."""
    landscape, one = walks.landscape, len(walks.landscape.parameters) == 1
    figure = go.Figure(_curve(landscape) if one else _contours(landscape))
    y = walks.cost if one else walks.points[..., 1]
    _add_lines(figure, walks.points[..., 0], y, names)
    frames = [[{"x": walks.points[:, at, 0], "y": y[:, at]}] for at in moments(len(walks.numbers) - 1)]
    figure.add_scatter(**frames[-1][0], mode="markers", marker=_marks(names), showlegend=False)
    (low, high), up = landscape.view[0], landscape.view[-1]
    if one:
        curve = landscape.curve(low, high)[1]
        up = (curve.min() - 0.06 * np.ptp(curve), curve.max())
    theme.finish(figure, height=HEIGHT, x="w", y="cost C" if one else "v", margin={"l": 10, "r": 10, "t": 44, "b": 10})
    figure.update_xaxes(range=[low, high]).update_yaxes(range=list(up))
    return add_play(figure, frames, [len(figure.data) - 1]).update_layout(showlegend=False)


def plot_race_costs(walks: Walks, names: Mapping[str, str]) -> go.Figure:
    """How far every optimiser is above the least cost after each step, in powers of ten."""
    figure = go.Figure()
    above = np.maximum(walks.cost - _least(walks.landscape), LEAST)
    _add_lines(figure, np.broadcast_to(walks.numbers, above.shape), above, names)
    ends = np.arange(len(above)), walks.last
    marks = {"mode": "markers", "marker": _marks(names), "showlegend": False, "cliponaxis": False}
    figure.add_scatter(x=walks.numbers[walks.last], y=above[ends], hoverinfo="skip", **marks)
    theme.finish(
        figure, height=HEIGHT, x="step", y="C above the least cost", margin={"l": 10, "r": 10, "t": 44, "b": 10}
    )
    top = max(10 * float(above[:, 0].max(initial=LEAST)), 10 * LEAST)
    bottom = float(np.nanmin(above, initial=top / 10))
    span = [np.log10(bottom) - 0.3, np.log10(top)]
    figure.update_yaxes(type="log", range=span, exponentformat="power", dtick=1 if span[1] - span[0] < 5 else 2)
    last = float(walks.numbers[-1])
    figure.update_xaxes(range=[-0.02 * last, 1.03 * last])
    return figure.update_layout(legend={"entrywidth": 0.5, "entrywidthmode": "fraction"})


def _add_lines(figure: go.Figure, x: Array, y: Array, names: Mapping[str, str]) -> None:
    for name, across, up in zip(names, x, y, strict=True):
        colour, dash, _ = LOOKS[name]
        line = {"color": colour, "width": 3, "dash": dash}
        told = "%{x:.4g}, %{y:.4g}<extra>" + names[name] + "</extra>"
        figure.add_scatter(x=across, y=up, mode="lines", opacity=0.7, line=line, name=names[name], hovertemplate=told)


def _marks(names: Mapping[str, str]) -> dict[str, Any]:
    """One mark an optimiser: where it is."""
    looks = [LOOKS[name] for name in names]
    return {
        "size": 16,
        "color": [colour for colour, _, _ in looks],
        "symbol": [symbol for _, _, symbol in looks],
        "line": {"width": 1.5, "color": "white"},
    }


def _curve(landscape: Landscape) -> go.Scatter:
    low, high = landscape.view[0]
    w, cost = landscape.curve(low, high)
    line = {"color": theme.NEUTRAL, "width": 3}
    return go.Scatter(x=w, y=cost, mode="lines", line=line, hoverinfo="skip", showlegend=False)


def _contours(landscape: Landscape) -> go.Contour:
    """Lines between which C above the least cost doubles."""
    w, v, cost = landscape.surface()
    above = np.log2(np.maximum(cost - _least(landscape), 0) + FLOOR).astype(np.float32)
    shades = [f"rgb({grey:.0f},{grey:.0f},{grey:.0f})" for grey in GREYS]
    levels = {"start": float(np.log2(FLOOR)), "end": float(np.ceil(above.max())), "size": 1}
    return go.Contour(
        x=w[::2], y=v[::2], z=above[::2, ::2], contours=levels, colorscale=[[0, shades[0]], [1, shades[1]]],
        showscale=False, line={"width": 0.5, "color": theme.NEUTRAL}, hoverinfo="skip",
    )  # fmt: skip


def _least(landscape: Landscape) -> float:
    return min(float(landscape.cost(place.point)) for place in landscape.minima)
