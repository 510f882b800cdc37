"""The results of an evaluation: the confusion matrix to click, accuracy by class, captioned mistakes, units."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from nncore.figures import theme
from nncore.figures.digits.digit import DIGITS, class_axis, plot_digit

Array = NDArray[Any]
SIDE = 28
UNSEEN = {"marker": {"opacity": 0}, "textfont": {}}
RIGHT = [[0.0, "rgba(0,158,115,0.12)"], [1.0, "rgba(0,158,115,0.5)"]]
WRONG = [[0.0, "rgba(204,121,167,0)"], [1.0, "rgba(204,121,167,0.85)"]]
"""The colour scales of correct and wrong predictions, in the colours of outputs and of tests, from transparent on."""


def plot_confusion(
    matrix: Array, *, chosen: tuple[int, int], classes: Sequence[str] = DIGITS, height: int = 430
) -> go.Figure:
    """Plot a confusion matrix (10, 10) of true class (row) and predicted class (column), with `chosen` outlined.

    The last trace has a clickable point for each cell, row by row. Correct predictions have a colour scale of their
    own, since they would outshine all others.
    """
    right = np.eye(10, dtype=bool)
    rows, columns = np.indices((10, 10)).reshape(2, -1)
    counts = matrix.ravel()
    heat: dict[str, Any] = {"type": "heatmap", "showscale": False, "hoverinfo": "skip", "xgap": 1, "ygap": 1}
    figure = go.Figure(
        [
            {**heat, "z": np.where(right, np.sqrt(matrix), np.nan), "zmin": 0, "colorscale": RIGHT},
            {**heat, "z": np.where(right, np.nan, np.sqrt(matrix)), "zmin": 0, "colorscale": WRONG},
        ]
    )
    texts = [str(count) if count else "" for count in counts]
    clicks: dict[str, Any] = {"mode": "markers+text", "text": texts, "textfont": {"size": theme.FONT_SIZE - 2}}
    clicks |= {"hovertemplate": "%{customdata} pictures of %{y}, read as %{x}<extra></extra>", "customdata": counts}
    clicks |= {"selected": UNSEEN, "unselected": UNSEEN}
    figure.add_trace(theme.click_targets(columns, rows, size=30, **clicks))
    theme.finish(figure, height=height, x="read as", y="is a", showlegend=False, dragmode=False)
    figure.update_layout(hovermode="closest", hoverdistance=-1, margin={"t": 10})
    row, column = chosen
    box = {"x0": column - 0.5, "x1": column + 0.5, "y0": row - 0.5, "y1": row + 0.5}
    figure.add_shape(type="rect", line={"color": theme.INPUT, "width": 3}, **box)
    axis = {**class_axis(classes), "showgrid": False, "zeroline": False}
    figure.update_xaxes(**axis, range=[-0.5, 9.5])
    return figure.update_yaxes(**axis | {"tickangle": 0}, range=[9.5, -0.5])


def plot_class_accuracy(
    shares: Array, *, overall: float, classes: Sequence[str] = DIGITS, height: int = 230
) -> go.Figure:
    """Plot the accuracy of each class, (10,), 0 to 1, in percent, with a line at the accuracy `overall`.

    The accuracy of a class without pictures is NaN.
    """
    percent = 100 * np.asarray(shares, float)
    known = percent[np.isfinite(percent)]
    lowest = float(min(known.min(initial=100), 100 * overall))
    figure = go.Figure(
        go.Bar(
            x=list(range(10)),
            y=percent,
            marker={"color": theme.TEST},
            text=["" if np.isnan(value) else f"{value:.0f}" for value in percent],
            textposition="inside",
            insidetextanchor="start",
            textangle=0,
            textfont={"size": theme.FONT_SIZE - 2, "color": "black"},  # on the bar, in both themes
            constraintext="none",
            customdata=list(classes),
            hovertemplate="%{customdata}: %{y:.2f} % right<extra></extra>",
        )
    )
    title = "digit" if tuple(classes) == DIGITS else ""
    theme.finish(figure, height=height, x=title, y="read rightly in %", showlegend=False, margin={"t": 26})
    figure.add_hline(100 * overall, line={"color": theme.NEUTRAL, "dash": "dot", "width": 2})
    figure.update_xaxes(**class_axis(classes), showgrid=False)
    floor = 0 if lowest < 60 else 10 * np.floor((lowest - 10) / 10)
    return figure.update_yaxes(range=[floor, 100 + (100 - floor) * 0.05], fixedrange=True)


def plot_captioned(pictures: Array, captions: Sequence[str], *, across: int = 4, height: int = 340) -> go.Figure:
    """Plot pictures (n, 28, 28), `across` in a row, each with its caption below it."""
    wide, high = SIDE + 6, SIDE + 14
    down = max(1, -(-len(pictures) // across))
    sheet = np.full((down * high, across * wide), np.nan)
    cells = [divmod(number, across) for number in range(len(pictures))]
    for picture, (row, column) in zip(pictures, cells, strict=True):
        left = column * wide + (wide - SIDE) // 2
        sheet[row * high : row * high + SIDE, left : left + SIDE] = picture
    figure = plot_digit(sheet, height=height)
    figure.update_traces(hoverinfo="skip", hovertemplate=None, hoverongaps=False)
    figure.add_scatter(
        x=[column * wide + wide / 2 - 0.5 for _, column in cells],
        y=[row * high + SIDE + 6 for row, _ in cells],
        mode="text",
        text=list(captions),
        textfont={"size": theme.FONT_SIZE - 3},
        hoverinfo="skip",
    )
    figure.update_xaxes(range=[-0.5, across * wide - 0.5])
    figure.update_yaxes(range=[down * high - 0.5, -0.5])
    return figure.update_layout(showlegend=False, dragmode=False)


def plot_unit_accuracies(
    accuracies: Sequence[float], *, full: float, chosen: Collection[int], what: str = "unit", height: int = 250
) -> go.Figure:
    """Plot the test accuracy, 0 to 1, with each of n units or maps alone switched off or scaled, against `full`.

    `full` is the accuracy of the whole network. The bars hang from its line, and their length is the loss in accuracy
    without that unit. Those `chosen` are in full colour; the last trace has a clickable point for each unit.
    """
    values = 100 * np.asarray(accuracies, float)
    units, whole = list(range(len(values))), 100 * full
    low, high = min(float(values.min(initial=whole)), whole - 1), max(float(values.max(initial=whole)), whole)
    figure = go.Figure(
        go.Bar(
            x=units,
            y=values - whole,
            base=whole,
            marker={"color": [theme.OUTPUT if unit in chosen else theme.SECOND for unit in units]},
            hoverinfo="skip",
        )
    )
    hover = f"without {what} %{{x}}: %{{customdata:.2f}} %<extra></extra>"
    clicks: dict[str, Any] = {"symbol": "line-ns", "customdata": values, "hovertemplate": hover}
    figure.add_trace(theme.click_targets(units, [(low + high) / 2] * len(units), size=height / 2, **clicks))
    theme.finish(figure, height=height, x=what, y="test accuracy in %", showlegend=False, dragmode=False)
    figure.add_hline(whole, line={"color": theme.NEUTRAL, "width": 2})
    figure.update_layout(hovermode="x", bargap=0.15, margin={"t": 10})
    figure.update_xaxes(fixedrange=True, range=[-0.6, len(values) - 0.4], showgrid=False)
    span = high - low
    return figure.update_yaxes(fixedrange=True, range=[low - 0.08 * span, high + 0.08 * span])
