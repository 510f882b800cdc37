"""The kernels that a network learned, as small pictures side by side to click."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from nncore.figures import theme

Array = NDArray[Any]
GAP = 1
ACROSS = 10


def plot_kernels(kernels: Array, *, chosen: int | None = None, height: int = 190) -> go.Figure:
    """Plot kernels (n, k, k) on a sheet, ten in a row, blue negative and orange positive, each on its own scale.

    The second trace has a clickable point for each kernel in order; the `chosen` one is outlined.
    """
    count, side = kernels.shape[:2]
    step, rows = side + GAP, -(-count // ACROSS)
    sheet = np.full((rows * step - GAP, min(count, ACROSS) * step - GAP), np.nan)
    corners = np.array([divmod(number, ACROSS) for number in range(count)]) * step
    for kernel, (row, column) in zip(kernels, corners, strict=True):
        sheet[row : row + side, column : column + side] = kernel / (np.abs(kernel).max() or 1.0)
    heat = {"type": "heatmap", "z": sheet, "colorscale": theme.SIGNED, "zmin": -1, "zmax": 1, "showscale": False}
    middles, texts = corners + (side - 1) / 2, [f"kernel {number}" for number in range(count)]
    points = theme.click_targets(middles[:, 1], middles[:, 0], size=30, text=texts)
    figure = go.Figure([heat | {"hoverinfo": "skip", "hoverongaps": False}, points])
    theme.finish(figure, height=height, showlegend=False, dragmode=False, hovermode="closest", hoverdistance=-1)
    if chosen is not None:
        row, column = (float(index) for index in corners[chosen])
        box = {"x0": column - 1, "x1": column + side, "y0": row - 1, "y1": row + side}
        figure.add_shape(type="rect", line={"color": theme.OUTPUT, "width": 3}, **box)
    hidden = {"visible": False, "constrain": "domain", "fixedrange": True}
    figure.update_layout(margin={"l": 4, "r": 4, "t": 4, "b": 4}, xaxis=hidden)
    return figure.update_layout(yaxis=hidden | {"autorange": "reversed", "scaleanchor": "x"})
