"""The outputs of a network before and after ablation, and the importance of parts of a layer or picture."""

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
"""The colour scale of occlusion, from the colour of cost, where all of the probability is lost, to transparent."""


def plot_compared(outputs: Mapping[str, Array], *, label: int | None = None, height: int = 260) -> go.Figure:
    """Plot the ten outputs (10,), 0 to 1, of two networks by name, as bars side by side; `label` is the true digit.

    The largest output of each is written above its bar, unless both belong to one digit and would overlap.
    """
    figure = go.Figure()
    apart = len({int(np.argmax(values)) for values in outputs.values()}) == 2
    for (name, values), colour in zip(outputs.items(), (theme.OUTPUT, theme.SECOND), strict=True):
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
    """Plot the probability of `digit`, (maps,), with each map or unit alone switched off, as bars to click.

    A line marks `whole`, the probability with nothing switched off. The bars of those in `off` have full colour.
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
    picture: Array, probabilities: Array, predicted: Array, *, digit: int, box: tuple[float, ...], height: int = 340
) -> go.Figure:
    """Plot the probability of `digit`, (28, 28), with a square around each pixel hidden, over the picture (28, 28).

    `predicted` (28, 28) are the digits predicted then, and `box` (first row, first column, rows, columns) is outlined.
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
        customdata=predicted,
        hovertemplate=f"hidden around row %{{y}}, column %{{x}}:<br>{digit} with %{{z:.1%}}, read as %{{customdata}}"
        "<extra></extra>",
    )
    return figure.update_layout(font={"size": theme.FONT_SIZE})
