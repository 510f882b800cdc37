"""Many digits at once: those that excite a map most, side by side, and a thousand of them as points."""

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
"""One colour a digit; beside Okabe and Ito's, three that stay apart from them, and grey."""
SHAPES = ("circle", "square", "diamond", "triangle-up", "x", "star", "pentagon", "triangle-down", "cross", "hexagram")
"""One shape a digit too, for those who see few colours."""
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
    """Digits (n, 28, 28) on one sheet, five a row, captioned; the last trace has a clickable point for each.

    `fields` (first row, first column, rows, columns) are outlined in them; the one whose index is `chosen` is framed.
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
    unseen = {"marker": {"opacity": 0}}
    figure.add_scatter(
        x=middles[:, 1],
        y=middles[:, 0],
        mode="markers",
        marker={"symbol": "square", "size": 60, "opacity": 0},
        selected=unseen,
        unselected=unseen,
        customdata=list(indices),
        text=[f"number {n}: {d}, {v:.4g}" for n, d, v in zip(indices, labels, largest, strict=True)],
        hovertemplate="%{text}<extra></extra>",
    )
    for (row, column), digit in zip(corners, labels, strict=True):
        words = {"text": f"<b>{digit}</b>", "font": {"size": theme.FONT_SIZE - 2}, "showarrow": False}
        figure.add_annotation(x=column + SIDE / 2 - 0.5, y=row + SIDE + CAPTION / 2 - 0.7, **words)
    return figure.update_layout(showlegend=False, dragmode=False, hovermode="closest", hoverdistance=-1)


def _within(field: tuple[int, int, int, int], row: int, column: int) -> tuple[float, float, float, float]:
    """A field cut to its picture and moved to the picture's place on the sheet."""
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
    """Points (n, 2) of classes (n,), one trace a class 0 to 9; `customdata` of a point is its row; `chosen` is ringed.

    Each class is written at the median of its points.
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
            figure.add_annotation(
                x=x,
                y=y,
                text=f"<b>{classes[digit]}</b>",
                font={"size": 26 if len(classes[digit]) < 3 else 17},
                showarrow=False,
            )
    if chosen is not None and chosen < len(positions):
        x, y = positions[chosen]
        ring = {"size": 20, "color": "rgba(0,0,0,0)", "line": {"width": 4, "color": theme.OUTPUT}}
        figure.add_scatter(
            x=[x], y=[y], mode="markers", marker=ring, name="chosen", hoverinfo="skip", customdata=[chosen]
        )
    theme.finish(figure, height=height, x=names[0], y=names[1], dragmode="pan", hovermode="closest")
    figure.update_xaxes(zeroline=False, showticklabels=False)
    return figure.update_yaxes(zeroline=False, showticklabels=False)
