"""Figures of MNIST: a sheet of pictures to click, class counts, pixel values, the row of 784, a one-hot target."""

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
"""From this pixel value on, black text is easier to read on a pixel than white text."""


def plot_sheet(sheet: Array, corners: Array, indices: Array, *, chosen: int, height: int = 330) -> go.Figure:
    """Plot a sheet of pictures (rows, columns); the second trace has a clickable point for each of `indices` (n,).

    `corners` (n, 2) are the first row and column of each picture; the one whose index is `chosen` is outlined.
    """
    boxes = tuple((*corners[at], SIDE, SIDE, theme.OUTPUT) for at in np.flatnonzero(indices == chosen))
    figure = plot_digit(sheet, boxes=boxes, height=height)
    figure.update_traces(hoverinfo="skip", hovertemplate=None)
    middles, texts = corners + SIDE / 2 - 0.5, [f"number {index}" for index in indices]
    figure.add_trace(theme.click_targets(middles[:, 1], middles[:, 0], size=24, text=texts))
    return figure.update_layout(showlegend=False, dragmode=False, hovermode="closest", hoverdistance=-1)


def plot_counts(counts: Mapping[str, Array], *, digit: int, height: int = 300) -> go.Figure:
    """Plot the number of pictures of each digit, (10,) for each split, with the bars of `digit` in full colour."""
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
    """Plot a picture (28, 28), 0 to 255, with its value written in every pixel, divided by 255 if `scaled`."""
    pixels = np.asarray(picture)
    texts = [[_pixel_text(value, scaled) for value in row] for row in pixels]
    figure = plot_digit(pixels, height=height)
    inks = [["black" if value >= LIGHT else "white" for value in row] for row in pixels]  # Plotly's own choice is grey
    figure.update_traces(
        customdata=texts,
        text=[
            [f'<span style="color:{ink}">{word}</span>' for word, ink in zip(*row, strict=True)]
            for row in zip(texts, inks, strict=True)
        ],
        texttemplate="%{text}",
        textfont={"size": 10},
        xgap=0.5,
        ygap=0.5,
        hovertemplate="row %{y}, column %{x}: %{customdata}<extra></extra>",
    )
    return figure.update_layout(dragmode="zoom").update_xaxes(fixedrange=False).update_yaxes(fixedrange=False)


def _pixel_text(value: int, scaled: bool) -> str:
    """Format a whole pixel value, or a scaled one in three characters (.07, .50) that fit into a pixel."""
    if not scaled or value in (0, 255):
        return str(value // 255 if scaled else value)
    return f"{value / 255:.2f}".removeprefix("0")[:3]


def plot_strip(picture: Array, *, height: int = 100) -> go.Figure:
    """Plot the pixels of a picture row after row, as a band of 784 strokes with a tick at every fourth row."""
    row = np.asarray(picture).reshape(1, -1)
    origins = [f"row {n // SIDE}, column {n % SIDE}" for n in range(row.size)]
    heat = go.Heatmap(
        z=row,
        zmin=0,
        zmax=255,
        colorscale=theme.GREY,
        showscale=False,
        text=[origins],
        hovertemplate="input %{x}, once %{text}: %{z}<extra></extra>",
    )
    figure = theme.finish(go.Figure(heat), height=height, margin={"l": 4, "r": 24, "t": 4, "b": 30})
    starts = [*range(0, row.size, 4 * SIDE), row.size - 1]
    figure.update_xaxes(tickvals=starts, tickangle=0, ticks="outside", showgrid=False, fixedrange=True)
    return figure.update_yaxes(visible=False, fixedrange=True)


def plot_target(digit: int, *, height: int = 96) -> go.Figure:
    """Plot the one-hot target of a digit: ten cells, all of them 0 but that of the digit."""
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
