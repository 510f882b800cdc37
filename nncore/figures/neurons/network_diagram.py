"""A diagram of a network, with its weights as lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from nncore.figures import theme

if TYPE_CHECKING:
    from nncore.networks.diagram import Column, Diagram

Array = NDArray[Any]
Heights = dict[int | None, float]
"""The height of each neuron in rows above the middle."""
NAMES = {
    "Input": "input",
    "Dense": "dense",
    "Conv2D": "conv",
    "MaxPooling2D": "max-pool",
    "AveragePooling2D": "mean-pool",
    "Flatten": "flatten",
}
HEIGHT = 430
WORDS = 190
"""The height in pixels of titles and sizes above and below the neurons."""
WIDTH = 620
"""The assumed width of all columns in pixels, by which lines end at rings; nearly right on every screen."""
LEVELS = 5
"""The shades of either sign into which weights are sorted, so that a browser draws few lines instead of hundreds."""


def plot_network(diagram: Diagram, *, layer: int, unit: int) -> go.Figure:
    """Plot columns of neurons (circles) and maps (squares), inputs first, with `unit` of the dense `layer` outlined.

    A line is blue for a negative weight and orange for a positive one, and wider and stronger for a larger weight;
    grey lines pass a value on. The trace `clicks` has a point for every neuron of `targets`.
    """
    rows = max(len(_rows(column)) for column in diagram.columns)
    heights = [_heights(column, rows) for column in diagram.columns]
    largest = max(float(np.nanmax(np.abs(w))) for w, is_weight in _links(diagram) if is_weight) or 1.0
    data, notes = _lines(diagram, heights, largest, rows), []
    for number, column in enumerate(diagram.columns):
        data.append(_neurons(number, column, heights[number], _size(rows), unit if number == layer + 1 else None))
        notes += _words(number, column, heights[number], (rows - 1) / 2)
    hidden = {"visible": False, "fixedrange": True}
    last, edge = len(diagram.columns) - 1, HEIGHT / _row(rows) / 2
    return theme.draw(
        [*data, _clicks(diagram, heights, _size(rows)), _scale(largest)],
        height=HEIGHT,
        showlegend=False,
        hovermode="closest",
        dragmode=False,
        hoverdistance=30,
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        xaxis=hidden | {"range": [-0.45, last + 0.45]},
        yaxis=hidden | {"range": [-edge, edge]},
        shapes=_ways(diagram, heights, layer, unit, rows),
        annotations=notes,
    )


def targets(diagram: Diagram) -> list[tuple[int, int]]:
    """Return the (layer, unit) behind each point of the trace `clicks`, for all drawn neurons of dense layers."""
    return [
        (number - 1, unit)
        for number, column in enumerate(diagram.columns)
        if column.kind == "Dense"
        for unit in column.shown
    ]


def _row(rows: int) -> float:
    """Return the height of a row in pixels."""
    return min(100.0, (HEIGHT - WORDS) / max(rows - 1, 1))


def _size(rows: int) -> float:
    """Return the width of a neuron in pixels."""
    return float(np.clip(0.72 * _row(rows), 14, 56))


def _links(diagram: Diagram) -> list[tuple[Array, bool]]:
    return list(zip(diagram.links, diagram.weighted, strict=True))


def _rows(column: Column) -> list[int | None]:
    """Return the drawn neurons of a column from top to bottom, with None for dots where some are left out."""
    rows: list[int | None] = []
    for before, number in zip((-1, *column.shown), column.shown, strict=False):
        rows += [None, number] if number > before + 1 else [number]
    return rows if column.shown[-1] == column.size - 1 else [*rows, None]


def _heights(column: Column, rows: int) -> Heights:
    """Return the height of each drawn neuron; the key None has that of the last dots."""
    drawn = _rows(column)
    step = min(1.6, (rows - 1) / max(len(drawn) - 1, 1)) if len(drawn) > 1 else 1.0
    return {number: ((len(drawn) - 1) / 2 - row) * step for row, number in enumerate(drawn)}


def _edge(diagram: Diagram, number: int, y0: float, y1: float, rows: int) -> tuple[list[float], list[float]]:
    """Return the ends of a line between neurons of column `number` and the next, cut off at their rings."""
    across = WIDTH / (len(diagram.columns) - 0.1)
    cut = 0.5 * _size(rows) / float(np.hypot(across, (y1 - y0) * _row(rows)))
    return [number + cut, number + 1 - cut], [y0 + cut * (y1 - y0), y1 - cut * (y1 - y0)]


def _ways(diagram: Diagram, heights: list[Heights], layer: int, unit: int, rows: int) -> list[dict[str, Any]]:
    """Return broad grey lines behind all connections into the chosen neuron."""
    style = {"type": "line", "line": {"color": "rgba(136,136,136,0.3)", "width": 12}, "layer": "below", "name": "way"}
    shapes = []
    for source in diagram.columns[layer].shown:
        (x0, x1), (y0, y1) = _edge(diagram, layer, heights[layer][source], heights[layer + 1][unit], rows)
        shapes.append({"x0": x0, "y0": y0, "x1": x1, "y1": y1} | style)
    return shapes


def _lines(diagram: Diagram, heights: list[Heights], largest: float, rows: int) -> list[dict[str, Any]]:
    """Return one trace for each shade of the weights, weak ones first, and one for values that are only passed on."""
    groups: dict[int, tuple[list[float | None], list[float | None]]] = {}
    for number, (weights, is_weight) in enumerate(_links(diagram)):
        before, after = diagram.columns[number : number + 2]
        for i, j in np.argwhere(~np.isnan(weights)):
            share = float(weights[i, j]) / largest
            level = int(np.sign(share) * max(1, np.ceil(LEVELS * abs(share)))) if is_weight and share else 0
            y0, y1 = heights[number][before.shown[i]], heights[number + 1][after.shown[j]]
            ends = _edge(diagram, number, y0, y1, rows)
            for line, end in zip(groups.setdefault(level, ([], [])), ends, strict=True):
                line += [*end, None]
    style = {"mode": "lines", "hoverinfo": "skip"}
    return [
        {"x": x, "y": y, "line": _shade(level), "name": f"weights {level:+d}" if level else "passed on"} | style
        for level, (x, y) in sorted(groups.items(), key=lambda group: abs(group[0]))
    ]


def _shade(level: int) -> dict[str, Any]:
    """Return the colour and width of a line: thin and grey for level 0, else orange or blue by sign, up to `LEVELS`."""
    if not level:
        return {"color": _faded(theme.NEUTRAL, 0.5), "width": 1}
    strength = abs(level) / LEVELS
    colour = theme.WEIGHT if level > 0 else theme.INPUT
    return {"color": _faded(colour, 0.15 + 0.85 * strength), "width": 0.5 + 4 * strength}


def _neurons(number: int, column: Column, heights: Heights, size: float, chosen: int | None) -> dict[str, Any]:
    """Return the circles or squares of one column, with the output written inside if there is room."""
    colour = theme.INPUT if column.kind == "Input" else theme.OUTPUT
    has_text = size >= 34 and len(column.shape) == 1
    return {
        "x": [number] * len(column.shown),
        "y": [heights[n] for n in column.shown],
        "mode": "markers+text",
        "marker": {
            "symbol": "square" if len(column.shape) == 3 else "circle",
            "size": size,
            "opacity": 1,
            "color": [_faded(colour, 0.75 if n == chosen else 0.3) for n in column.shown],
            "line": {"color": colour, "width": [5 if n == chosen else 2 for n in column.shown]},
        },
        "text": [theme.number_text(round(float(value), 2), 3) if has_text else "" for value in column.values],
        "textfont": {"size": theme.FONT_SIZE - 2},
        "hoverinfo": "skip",
        "name": f"column {number}",
    }


def _words(number: int, column: Column, heights: Heights, top: float) -> list[dict[str, Any]]:
    """Return the kind of the layer above it, its size below it, and dots where neurons are left out."""
    title = f"<b>{NAMES.get(column.kind, column.kind)}</b><br>{column.activation}"
    drawn, size = len(column.shown), column.size
    shape = " × ".join(str(side) for side in column.shape) + "<br>" if len(column.shape) == 3 else ""
    below = f"{shape}{drawn} of {size:,}<br>shown" if drawn < size else shape or str(size)
    label: dict[str, Any] = {"x": number, "showarrow": False, "font": {"size": theme.FONT_SIZE - 2}}
    return [
        {"y": top, "yanchor": "bottom", "yshift": 34, "text": title} | label,
        {"y": -top, "yanchor": "top", "yshift": -34, "text": below} | label,
        *({"y": (heights[a] + heights[b]) / 2, "text": "⋮"} | label for a, b in _gaps(column)),
    ]


def _gaps(column: Column) -> list[tuple[int, int]]:
    return [(a, b) for a, b in zip(column.shown, column.shown[1:], strict=False) if b > a + 1]


def _clicks(diagram: Diagram, heights: list[Heights], size: float) -> dict[str, Any]:
    """Return invisible points that can be clicked, on every neuron of a dense layer."""
    neurons = targets(diagram)
    values = [value for column in diagram.columns if column.kind == "Dense" for value in column.values]
    texts = [f"layer {n}, unit {unit}: output {value:.4g}" for (n, unit), value in zip(neurons, values, strict=True)]
    x, y = [n + 1 for n, _ in neurons], [heights[n + 1][unit] for n, unit in neurons]
    hover = "%{text}<br>click for its weighted sum<extra></extra>"
    return theme.click_targets(x, y, size=size, symbol="circle", text=texts, hovertemplate=hover, name="clicks")


def _scale(largest: float) -> dict[str, Any]:
    """Return a colour bar for the weights."""
    colours = [[0.0, theme.INPUT], [0.5, _faded(theme.NEUTRAL, 0.15)], [1.0, theme.WEIGHT]]
    ticks = [-largest, 0.0, largest]
    bar = {
        "title": {"text": "weight<br> ", "font": {"size": theme.FONT_SIZE - 2}},
        "tickvals": ticks,
        "ticktext": [theme.number_text(tick, 2) for tick in ticks],
        "tickfont": {"size": theme.FONT_SIZE - 2},
        "thickness": 12,
        "len": 0.7,
    }
    marker = {"color": [0], "cmin": -largest, "cmax": largest, "colorscale": colours, "colorbar": bar, "opacity": 0}
    return {"x": [None], "y": [None], "mode": "markers", "marker": marker, "hoverinfo": "skip", "name": "scale"}


def _faded(colour: str, opacity: float) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:.2f})"
