"""The data set in figures: a sheet of pictures to click, counts of classes, grey values, the row of 784, a target."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from nncore.figures import theme
from nncore.figures.digits.digit import plot_digit

Array = NDArray[Any]
COLOURS = {"train": theme.INPUT, "test": theme.TEST}
NAMES = {"train": "training", "test": "test"}
SIDE = 28
LIGHT = 115
"""From this grey value on, black is easier to read on a pixel than white."""


def plot_sheet(sheet: Array, corners: Array, indices: Array, *, chosen: int, height: int = 330) -> go.Figure:
    """A sheet of pictures (rows, columns); the second trace has a clickable point for each of the `indices` (n,).

    `corners` (n, 2) are the pictures' first row and column; the one whose index is `chosen` is outlined.
    """
    boxes = tuple((*corners[place], SIDE, SIDE, theme.OUTPUT) for place in np.flatnonzero(indices == chosen))
    figure = plot_digit(sheet, boxes=boxes, height=height)
    figure.update_traces(hoverinfo="skip", hovertemplate=None)
    unseen = {"marker": {"opacity": 0}}
    figure.add_scatter(
        x=corners[:, 1] + SIDE / 2 - 0.5,
        y=corners[:, 0] + SIDE / 2 - 0.5,
        mode="markers",
        marker={"symbol": "square", "size": 24, "opacity": 0},
        selected=unseen,
        unselected=unseen,
        text=[f"number {index}" for index in indices],
        hovertemplate="%{text}<extra></extra>",
    )
    return figure.update_layout(showlegend=False, dragmode=False, hovermode="closest", hoverdistance=-1)


def plot_counts(counts: Mapping[str, Array], *, digit: int, height: int = 300) -> go.Figure:
    """Pictures of each digit (10,) by split, as bars side by side; those of `digit` are in full colour."""
    figure = go.Figure()
    for split, values in counts.items():
        figure.add_bar(
            x=list(range(10)),
            y=values,
            name=NAMES[split],
            marker={"color": COLOURS[split], "opacity": [1.0 if number == digit else 0.4 for number in range(10)]},
            hovertemplate=f"digit %{{x}}: %{{y:,}} {NAMES[split]} pictures<extra></extra>",
        )
    theme.finish(figure, height=height, x="digit", y="pictures", barmode="group", bargap=0.2)
    figure.update_xaxes(tickvals=list(range(10)), tickangle=0, fixedrange=True, showgrid=False)
    return figure.update_yaxes(fixedrange=True, tickformat=",d")


def plot_values(picture: Array, *, scaled: bool = False, height: int = 580) -> go.Figure:
    """A picture (28, 28), 0 to 255, the grey value written in every pixel; with `scaled`, divided by 255."""
    pixels = np.asarray(picture)
    words = [[_written(value, scaled) for value in row] for row in pixels]
    figure = plot_digit(pixels, height=height)
    inks = [["black" if value >= LIGHT else "white" for value in row] for row in pixels]  # Plotly's own choice is grey
    figure.update_traces(
        customdata=words,
        text=[
            [f'<span style="color:{ink}">{word}</span>' for word, ink in zip(*row, strict=True)]
            for row in zip(words, inks, strict=True)
        ],
        texttemplate="%{text}",
        textfont={"size": 10},
        xgap=0.5,
        ygap=0.5,
        hovertemplate="row %{y}, column %{x}: %{customdata}<extra></extra>",
    )
    return figure.update_layout(dragmode="zoom").update_xaxes(fixedrange=False).update_yaxes(fixedrange=False)


def _written(value: int, scaled: bool) -> str:
    """Whole grey values; scaled ones in three characters (.07, .50, 1.0), to fit into a pixel."""
    if not scaled or value in (0, 255):
        return str(value // 255 if scaled else value)
    return f"{value / 255:.2f}".removeprefix("0")[:3]


def plot_strip(picture: Array, *, height: int = 100) -> go.Figure:
    """The same pixels row after row, (784,), as a band of 784 strokes; a tick where every fourth row begins."""
    row = np.asarray(picture).reshape(1, -1)
    places = [f"row {n // SIDE}, column {n % SIDE}" for n in range(row.size)]
    heat = go.Heatmap(
        z=row,
        zmin=0,
        zmax=255,
        colorscale=theme.GREY,
        showscale=False,
        text=[places],
        hovertemplate="input %{x}, once %{text}: %{z}<extra></extra>",
    )
    figure = theme.finish(go.Figure(heat), height=height, margin={"l": 4, "r": 24, "t": 4, "b": 30})
    starts = [*range(0, row.size, 4 * SIDE), row.size - 1]
    figure.update_xaxes(tickvals=starts, tickangle=0, ticks="outside", showgrid=False, fixedrange=True)
    return figure.update_yaxes(visible=False, fixedrange=True)


def plot_target(digit: int, *, height: int = 96) -> go.Figure:
    """The one-hot target of a digit: ten cells, nine of them 0 and the digit's 1."""
    target = np.eye(10)[digit][None]
    heat = go.Heatmap(
        z=target,
        zmin=0,
        zmax=1,
        colorscale=[[0.0, "rgba(136,136,136,0.15)"], [1.0, theme.OUTPUT]],
        showscale=False,
        xgap=3,
        text=target.astype(int),
        texttemplate="%{text}",
        textfont={"size": 20},
        hovertemplate="output %{x}: %{z}<extra></extra>",
    )
    figure = theme.finish(go.Figure(heat), height=height, margin={"l": 4, "r": 4, "t": 4, "b": 30})
    figure.update_xaxes(tickvals=list(range(10)), tickangle=0, showgrid=False, fixedrange=True)
    return figure.update_yaxes(visible=False, fixedrange=True)
