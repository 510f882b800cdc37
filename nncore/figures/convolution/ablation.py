"""Answers before and after something was taken away, and how much each part of a picture or layer matters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from nncore.figures import theme
from nncore.figures.digits.digit import percent, plot_digit

Array = NDArray[Any]
LOST = [[0.0, "rgba(213,94,0,0.95)"], [1.0, "rgba(213,94,0,0)"]]
"""From the colour of the cost, where hiding the place costs all of the probability, to nothing."""


def plot_compared(answers: Mapping[str, Array], *, label: int | None = None, height: int = 260) -> go.Figure:
    """The ten outputs (10,) of two networks, by name, as bars side by side; `label` marks the true digit.

    The largest of each is written above its bar, unless the two stand on the same digit and would cover each other.
    """
    figure = go.Figure()
    apart = len({int(np.argmax(values)) for values in answers.values()}) == 2
    for (name, values), colour in zip(answers.items(), (theme.OUTPUT, theme.SECOND), strict=True):
        best = int(np.argmax(values))
        figure.add_bar(
            x=list(range(10)),
            y=values,
            name=name,
            marker_color=colour,
            text=[percent(float(value)) if apart and digit == best else "" for digit, value in enumerate(values)],
            textposition="outside",
            textangle=0,
            textfont={"size": theme.FONT_SIZE - 2},
            constraintext="none",
            cliponaxis=False,
            hovertemplate=f"{name}: digit %{{x}} with %{{y:.4%}}<extra></extra>",
        )
    names = [f"{digit}<br>true" if digit == label else str(digit) for digit in range(10)]
    theme.finish(figure, height=height, barmode="group", bargap=0.25, x="digit")
    figure.update_xaxes(tickvals=list(range(10)), ticktext=names, tickangle=0, fixedrange=True, showgrid=False)
    return figure.update_yaxes(range=[0, 1.2], tickvals=[0, 0.5, 1], tickformat=".0%", fixedrange=True)


def plot_each_off(
    probabilities: Array, *, digit: int, whole: float, off: Sequence[int] = (), height: int = 260
) -> go.Figure:
    """The probability of `digit` with each map, or unit, alone switched off, (maps,); a line where nothing is off.

    Those in `off` are in full colour. Each bar can be clicked.
    """
    shades = [1.0 if number in off else 0.55 for number in range(len(probabilities))]
    bars = go.Bar(
        x=list(range(len(probabilities))),
        y=probabilities,
        marker={"color": theme.OUTPUT, "opacity": shades},
        selected={"marker": {"opacity": 1.0}},
        unselected={"marker": {"opacity": 0.55}},
        hovertemplate=f"without %{{x}}: {digit} with %{{y:.4%}}<extra></extra>",
    )
    figure = theme.finish(
        go.Figure(bars), height=height, x="the one switched off", y=f"probability of {digit}", showlegend=False
    )
    figure.add_hline(whole, line={"color": theme.NEUTRAL, "width": 2, "dash": "dash"})
    figure.update_layout(dragmode=False, bargap=0.15)
    figure.update_xaxes(fixedrange=True, tickangle=0, showgrid=False)
    return figure.update_yaxes(range=[0, 1.05], tickvals=[0, 0.5, 1], tickformat=".0%", fixedrange=True)


def plot_occlusion(
    picture: Array, probabilities: Array, reads: Array, *, digit: int, box: tuple[float, ...], height: int = 340
) -> go.Figure:
    """How probable `digit` stays, (28, 28), 0 to 1, with a square around each pixel hidden, over the picture (28, 28).

    `reads` (28, 28) are the digits read then. `box` (first row, first column, rows, columns) is outlined.
    """
    row, column, rows, columns = box
    figure = plot_digit(picture, height=height, boxes=((row, column, rows, columns, theme.WEIGHT),))
    figure.update_traces(hoverinfo="skip", hovertemplate=None)
    bar = {"tickformat": ".0%", "tickvals": [0, 0.5, 1], "thickness": 16, "tickfont": {"size": theme.FONT_SIZE - 2}}
    figure.add_heatmap(
        z=probabilities,
        zmin=0,
        zmax=1,
        colorscale=LOST,
        colorbar=bar | {"title": {"text": f"probability of {digit}", "side": "right"}, "outlinewidth": 1},
        customdata=reads,
        hovertemplate=f"hidden around row %{{y}}, column %{{x}}:<br>{digit} with %{{z:.1%}}, read as %{{customdata}}"
        "<extra></extra>",
    )
    return figure.update_layout(font={"size": theme.FONT_SIZE})
