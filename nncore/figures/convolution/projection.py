"""Many digits at once: those that activate a map most, side by side, and a thousand of them as points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from nncore.figures import theme
from nncore.figures.digits.digit import plot_digit

Array = NDArray[Any]
TEN = (
    "#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#B8A900", "#888888", "#882255", "#7A6FD0",
)  # fmt: skip
"""One colour for each digit: Okabe and Ito's, three that are distinct from them, and grey."""
SHAPES = ("circle", "square", "diamond", "triangle-up", "x", "star", "pentagon", "triangle-down", "cross", "hexagram")
"""One marker shape for each digit, for colour-blind readers."""
ACROSS, SIDE, GAP, CAPTION = 5, 28, 2, 6


def plot_exemplars(
    pictures: Array,
    labels: Sequence[object],
    indices: Sequence[int],
    *,
    largest: Array,
    fields: Sequence[tuple[int, int, int, int]] = (),
    chosen: int | None = None,
    height: int = 380,
) -> go.Figure:
    """Plot digits (n, 28, 28) on one sheet, five in a row, each with its label below; all can be clicked.

    The last trace has a point for each, with its index as `customdata` and `largest`, its activation, in the hover
    text. The `fields` (first row, first column, rows, columns) are outlined, and the digit of index `chosen` is framed.
    """
    corners = np.array([divmod(number, ACROSS) for number in range(len(pictures))]) * [SIDE + CAPTION, SIDE + GAP]
    sheet = np.full((corners[-1][0] + SIDE + CAPTION, ACROSS * (SIDE + GAP) - GAP), np.nan, np.float32)
    boxes: list[tuple[float, float, float, float, str]] = []
    for number, (picture, (row, column)) in enumerate(zip(pictures, corners, strict=True)):
        sheet[row : row + SIDE, column : column + SIDE] = picture
        if indices[number] == chosen:
            boxes.append((row, column, SIDE, SIDE, theme.OUTPUT))
        if fields:
            boxes.append((*_within(fields[number], row, column), theme.WEIGHT))
    figure = plot_digit(sheet, height=height, boxes=tuple(boxes))
    figure.update_traces(hoverinfo="skip", hovertemplate=None)
    middles = corners + (SIDE / 2 - 0.5)
    texts = [f"number {n}: {d}, {v:.4g}" for n, d, v in zip(indices, labels, largest, strict=True)]
    figure.add_trace(theme.click_targets(middles[:, 1], middles[:, 0], size=60, customdata=list(indices), text=texts))
    for (row, column), digit in zip(corners, labels, strict=True):
        style = {"text": f"<b>{digit}</b>", "font": {"size": theme.FONT_SIZE - 2}, "showarrow": False}
        figure.add_annotation(x=column + SIDE / 2 - 0.5, y=row + SIDE + CAPTION / 2 - 0.7, **style)
    return figure.update_layout(showlegend=False, dragmode=False, hovermode="closest", hoverdistance=-1)


def _within(field: tuple[int, int, int, int], row: int, column: int) -> tuple[float, float, float, float]:
    """Clip a field to its picture and move it to where the picture lies on the sheet."""
    top, left = max(field[0], 0), max(field[1], 0)
    bottom, right = min(field[0] + field[2], SIDE), min(field[1] + field[3], SIDE)
    return row + top, column + left, bottom - top, right - left


def plot_space(
    positions: Array,
    labels: Array,
    *,
    names: tuple[str, str],
    classes: Sequence[str] = tuple("0123456789"),
    chosen: int | None = None,
    height: int = 460,
) -> go.Figure:
    """Plot points (n, 2) with labels (n,), one trace per class 0 to 9, on axes with these `names`.

    The `customdata` of a point is its row, the row `chosen` is ringed, and each class is named at its median.
    """
    figure = go.Figure()
    for digit in range(10):
        rows = np.flatnonzero(labels == digit)
        figure.add_scatter(
            x=positions[rows, 0],
            y=positions[rows, 1],
            mode="markers",
            name=classes[digit],
            customdata=rows,
            marker={"color": TEN[digit], "symbol": SHAPES[digit], "size": 8, "opacity": 0.8},
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 0.8}},
            hovertemplate=f"{classes[digit]}, number %{{customdata}}<extra></extra>",
        )
        if len(rows):
            x, y = np.median(positions[rows], axis=0)
            font = {"size": 26 if len(classes[digit]) < 3 else 17}
            figure.add_annotation(x=x, y=y, text=f"<b>{classes[digit]}</b>", font=font, showarrow=False)
    if chosen is not None and chosen < len(positions):
        x, y = positions[chosen]
        ring = {"size": 20, "color": "rgba(0,0,0,0)", "line": {"width": 4, "color": theme.OUTPUT}}
        trace = {"mode": "markers", "marker": ring, "name": "chosen", "hoverinfo": "skip"}
        figure.add_scatter(x=[x], y=[y], customdata=[chosen], **trace)
    theme.finish(figure, height=height, x=names[0], y=names[1], dragmode="pan", hovermode="closest")
    figure.update_xaxes(zeroline=False, showticklabels=False)
    return figure.update_yaxes(zeroline=False, showticklabels=False)
