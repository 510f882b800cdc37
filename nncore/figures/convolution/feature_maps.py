"""The feature maps and units of all layers at a glance, and the weights of a dense unit as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from nncore.figures import theme

Array = NDArray[Any]
LARGE_SIDE = 16
"""Maps with at least this many pixels per side stand ten in a row, smaller ones twenty."""


def colours(values: Array) -> dict[str, Any]:
    """Return a colour scale for these values: grey if none is negative, else the signed scale centred on zero."""
    known = values[np.isfinite(values)]
    largest = float(np.abs(known).max(initial=0)) or 1.0
    if known.min(initial=0) < 0:
        return {"colorscale": theme.SIGNED, "zmin": -largest, "zmax": largest, "showscale": False}
    return {"colorscale": theme.GREY, "zmin": 0.0, "zmax": largest, "showscale": False}


def per_row(shape: tuple[int, ...]) -> int:
    """Return how many maps of shape (rows, columns, maps), or units (units,), stand in a row of a sheet."""
    if len(shape) == 1:
        return min(shape[0], 50 if shape[0] <= 200 else 240)
    return min(shape[2], 10 if shape[0] >= LARGE_SIDE else 20)


def tile(values: Array) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """Lay all maps side by side with a pixel of NaN between them, and return each map's first row and column too.

    The values are (rows, columns, maps), or (units,), which count as maps of one pixel without gaps.
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


@dataclass(frozen=True)
class LayerSheet:
    """One layer as a picture of its maps, or units, side by side."""

    title: str
    """The heading of the sheet."""
    levels: NDArray[np.uint8]
    """The colours, (rows, columns), from 1 (lowest) to 255 (highest); 0 where there is no map."""
    signed: bool
    """Whether level 128 means zero, between negative and positive; otherwise level 1 means zero and is black."""
    corners: NDArray[np.intp]
    """The first row and column of each map or unit, (n, 2)."""
    size: tuple[int, int]
    """The number of rows and columns of each map or unit."""
    units: Array | None
    """The values of the units, (n,), or None for maps."""


def lay_sheets(layers: Sequence[tuple[str, Array]]) -> list[LayerSheet]:
    """Return a sheet for each layer, given as (title, values), with values (rows, columns, maps) or (units,).

    All maps of a layer share one colour scale.
    """
    return [_lay(title, values) for title, values in layers]


def _lay(title: str, values: Array) -> LayerSheet:
    sheet, corners = tile(values)
    known = values[np.isfinite(values)]
    largest, signed = float(np.abs(known).max(initial=0)) or 1.0, bool(known.min(initial=0) < 0)
    middle, span = (128, 127) if signed else (1, 254)
    levels = np.where(np.isfinite(sheet), middle + np.rint(span * (sheet / largest)), 0).astype(np.uint8)
    size = values.shape[:2] if values.ndim == 3 else (1, 1)
    return LayerSheet(title, levels, signed, corners, (size[0], size[1]), None if values.ndim == 3 else values)


def plot_weights(values: Array, *, title: str, height: int = 260) -> go.Figure:
    """Plot the weights of a unit, or their products with its inputs, as a picture (rows, columns)."""
    heat: dict[str, Any] = {"type": "heatmap", "z": values} | colours(values)
    heat |= {"hovertemplate": "row %{y}, column %{x}: %{z:.5g}<extra></extra>"}
    heading = {"text": f"<b>{title}</b>", "font": {"size": theme.FONT_SIZE}, "x": 0.5, "xanchor": "center"}
    return _bare([heat], height=height, title=heading, margin={"l": 4, "r": 4, "t": 34, "b": 4})


def _bare(data: list[dict[str, Any]], *, height: int, **layout: Any) -> go.Figure:
    """Return a figure with square pixels, the first row at the top and no axes; the nearest point receives a click."""
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
