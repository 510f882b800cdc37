"""What a layer made of a picture: all maps at a glance, one map to click, one pixel's arithmetic in cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from nncore.figures import theme

Array = NDArray[Any]
NUMBERED_SIDE = 7
"""Cells of larger pictures are too small for their numbers."""
WIDTH, TITLE, STRIP = 650.0, 32.0, 22.0
"""Of the figure of all layers, in pixels where its column is 650 wide: a sheet's width, a title, a strip of units."""
LARGE_SIDE = 16
"""Maps with fewer pixels a side fit twenty in a row; larger ones ten."""


def colours(values: Array) -> dict[str, Any]:
    """Grey from 0 to the largest where nothing is negative, else the signed scale centred on zero."""
    known = values[np.isfinite(values)]
    largest = float(np.abs(known).max(initial=0)) or 1.0
    if known.min(initial=0) < 0:
        return {"colorscale": theme.SIGNED, "zmin": -largest, "zmax": largest, "showscale": False}
    return {"colorscale": theme.GREY, "zmin": 0.0, "zmax": largest, "showscale": False}


def per_row(shape: tuple[int, ...]) -> int:
    """How many maps (rows, columns, maps), or units (units,), stand side by side on a sheet."""
    if len(shape) == 1:
        return min(shape[0], 50 if shape[0] <= 200 else 240)
    return min(shape[2], 10 if shape[0] >= LARGE_SIDE else 20)


def tile(values: Array) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """All maps side by side with a pixel of nothing (nan) between them, and each map's first (row, column).

    Takes (rows, columns, maps), or (units,) as so many maps of one pixel without gaps.
    """
    maps = values[None, None, :] if values.ndim == 1 else values
    rows, columns, count = maps.shape
    gap = 0 if values.ndim == 1 else 1
    across = per_row(values.shape)
    down = -(-count // across)
    sheet = np.full((down * (rows + gap) - gap, across * (columns + gap) - gap), np.nan, np.float32)
    corners = np.array([divmod(number, across) for number in range(count)]) * [rows + gap, columns + gap]
    for number, (row, column) in enumerate(corners):
        sheet[row : row + rows, column : column + columns] = maps[..., number]
    return sheet, corners


def plot_layers(layers: Sequence[tuple[str, Array]], *, layer: int, chosen: int) -> go.Figure:
    """All layers below one another, each (title, values) a sheet of its maps or units; the chosen map is outlined.

    The last trace has a clickable point for every map and unit, in the order of `targets`. It is one figure, not one
    a layer, since a browser redraws one in a fraction of the time.
    """
    data, shapes, titles, points, top = [], [], [], [], 0.0
    for number, (title, values) in enumerate(layers):
        sheet, corners = tile(values)
        rows, columns = values.shape[:2] if values.ndim == 3 else (1, 1)
        dx = WIDTH / sheet.shape[1]
        dy = dx if values.ndim == 3 else STRIP / sheet.shape[0]
        titles.append(_title(title, top))
        top += TITLE
        heat = {
            "type": "heatmap",
            "z": sheet,
            "x0": dx / 2,
            "dx": dx,
            "y0": top + dy / 2,
            "dy": dy,
            "hoverinfo": "skip",
        }
        if values.shape == (10,):
            heat |= {"text": [[str(digit) for digit in range(10)]], "texttemplate": "%{text}"}
        data.append(heat | colours(sheet))
        boxes = np.column_stack([corners * [dy, dx] + [top, 0], np.full((len(corners), 2), [rows * dy, columns * dx])])
        points.append(boxes[:, :2] + boxes[:, 2:] / 2)
        if values.ndim == 1:
            shapes.append(_box((top, 0, STRIP, WIDTH), theme.NEUTRAL, 1))
        if number == layer:
            shapes.append(_box(boxes[chosen], theme.OUTPUT, 3))
        top += sheet.shape[0] * dy
    where = np.concatenate(points)
    data.append(
        _targets(where[:, 1], where[:, 0], [_hover(values, n) for _, values in layers for n in range(values.shape[-1])])
    )
    figure = _bare(data, height=round(top) + 12, shapes=shapes, annotations=titles)
    return figure.update_layout(xaxis_range=[-2, WIDTH + 2], yaxis={"range": [top + 2, 0], "autorange": False})


def targets(layers: Sequence[tuple[str, Array]]) -> list[tuple[int, int]]:
    """The (layer, map or unit) behind each clickable point of `plot_layers`."""
    return [(number, n) for number, (_, values) in enumerate(layers) for n in range(values.shape[-1])]


def plot_map(values: Array, *, chosen: tuple[int, int], height: int = 380) -> go.Figure:
    """One map (rows, columns) large; the second trace has a clickable point a pixel, row by row."""
    rows, columns = np.indices(values.shape).reshape(2, -1)
    hover = [f"row {r}, column {c}: {values[r, c]:.4g}" for r, c in zip(rows, columns, strict=True)]
    heat = {"type": "heatmap", "z": values, "hoverinfo": "skip"} | colours(values)
    row, column = chosen
    frame = _box((row - 0.5, column - 0.5, 1, 1), theme.OUTPUT, 3)
    return _bare([heat, _targets(columns, rows, hover)], height=height, shapes=[frame])


def plot_cells(values: Array, *, title: str, height: int = 260, largest: float | None = None) -> go.Figure:
    """A small picture (rows, columns), its numbers written in the cells; `largest` is white, or fully coloured."""
    heat: dict[str, Any] = {"type": "heatmap", "z": values}
    heat |= {"hovertemplate": "row %{y}, column %{x}: %{z:.5g}<extra></extra>"}
    heat |= {"xgap": 1, "ygap": 1} if max(values.shape) <= NUMBERED_SIDE else {}
    heat |= colours(values if largest is None else np.append(values, largest))
    if max(values.shape) <= NUMBERED_SIDE:
        heat["text"] = [[short(value) for value in row] for row in values]
        heat |= {"texttemplate": "%{text}", "textfont": {"size": 14 if max(values.shape) <= 5 else 11}}
    words = {"text": f"<b>{title}</b>", "font": {"size": theme.FONT_SIZE}, "x": 0.5, "xanchor": "center"}
    return _bare([heat], height=height, title=words, margin={"l": 4, "r": 4, "t": 34, "b": 4})


def plot_sums(sums: Array, bias: float, *, chosen: int, height: int = 260) -> go.Figure:
    """What each input channel (channels,) and the bias add to the sum; the chosen channel is emphasised."""
    names = [*(str(number) for number in range(len(sums))), "bias"]
    shades = [1.0 if number == chosen else 0.55 for number in range(len(sums))] + [1.0]
    figure = go.Figure(
        go.Bar(
            x=names,
            y=[*sums, bias],
            marker={"color": [theme.OUTPUT] * len(sums) + [theme.WEIGHT], "opacity": shades},
            hovertemplate="input map %{x}: %{y:.5g}<extra></extra>",
        )
    )
    theme.finish(figure, height=height, x="input map", y="sum of products", showlegend=False)
    shown = [*names[:-1:5], "bias"]
    figure.update_xaxes(type="category", tickvals=shown, ticktext=shown, tickangle=0, fixedrange=True)
    return figure.update_yaxes(zeroline=True, fixedrange=True)


def short(value: float) -> str:
    """A number in about five characters, with a real minus sign and no minus zero; whole numbers stay whole."""
    size = abs(value)
    digits = 0 if size >= 100 or value == int(value) else 1 if size >= 10 else 2
    return f"{round(value, digits) + 0.0:.{digits}f}".replace("-", "−")


def _hover(values: Array, number: int) -> str:
    return f"map {number}" if values.ndim == 3 else f"unit {number}: {values[number]:.4g}"


def _targets(x: Array, y: Array, hover: list[str]) -> dict[str, Any]:
    """Points that are not seen and can be clicked, since a heatmap cannot be."""
    unseen = {"marker": {"opacity": 0}}
    return {
        "type": "scatter",
        "x": x,
        "y": y,
        "mode": "markers",
        "marker": {"symbol": "square", "size": 10, "opacity": 0},
        "selected": unseen,
        "unselected": unseen,
        "text": hover,
        "hovertemplate": "%{text}<extra></extra>",
    }


def _bare(data: list[dict[str, Any]], *, height: int, **layout: Any) -> go.Figure:
    """Traces with square units, the first row at the top and no axes; the nearest point hears a click."""
    hidden = {"visible": False, "constrain": "domain", "fixedrange": True}
    return go.Figure(
        data,
        {
            "height": height,
            "margin": {"l": 4, "r": 4, "t": 4, "b": 4},
            "font": {"size": theme.FONT_SIZE},
            "hoverlabel": {"font": {"size": theme.FONT_SIZE}},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "showlegend": False,
            "dragmode": False,
            "hovermode": "closest",
            "hoverdistance": -1,
            "xaxis": hidden,
            "yaxis": hidden | {"autorange": "reversed", "scaleanchor": "x"},
            **layout,
        },
    )


def _box(box: Sequence[float], colour: str, width: int) -> dict[str, Any]:
    """An outline from the first row and column over so many rows and columns, in the axes' units."""
    row, column, rows, columns = (float(side) for side in box)
    line = {"color": colour, "width": width}
    return {"type": "rect", "x0": column, "x1": column + columns, "y0": row, "y1": row + rows, "line": line}


def _title(words: str, top: float) -> dict[str, Any]:
    place = {"x": 0, "y": top + TITLE, "xanchor": "left", "yanchor": "bottom", "showarrow": False, "borderpad": 0}
    return place | {"text": f"<b>{words}</b>", "font": {"size": 12}}
