"""A neuron drawn with its numbers, and its activation function with the place where it is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from nncore.figures import theme

if TYPE_CHECKING:
    from nncore.activations import Activation

Array = NDArray[np.float64]
Place = tuple[float, float]
SUM: Place = (2.1, 0.0)
FUNCTION: Place = (3.35, 0.0)
OUTPUT: Place = (4.6, 0.0)
BIAS: Place = (2.1, -1.25)


def plot_neuron(x: Sequence[float], w: Sequence[float], b: float, z: float, output: float, name: str) -> go.Figure:
    """Inputs `x` and weights `w` of the same length, bias, sum z, activation `name` and its output, left to right.

    An edge is as wide as its weight is large, and dashed where the weight is negative.
    """
    rows = np.linspace(1.15, -1.15, len(x)) if len(x) > 1 else np.zeros(1)
    inputs: list[Place] = [(0.0, float(row)) for row in rows]
    figure = go.Figure()
    for number, (place, weight) in enumerate(zip(inputs, w, strict=True), 1):
        figure.add_trace(_edge(place, SUM, weight, f"w{number}"))
        _label(figure, _along(place, SUM, 0.42), f"w<sub>{number}</sub> = {number_text(weight)}", **_beside(place[1]))
        _label(figure, place, f"x<sub>{number}</sub>", xshift=-44)
    figure.add_trace(_edge(BIAS, SUM, b, "b"))
    figure.add_trace(_line(SUM, FUNCTION, color=theme.OUTPUT, width=3))
    figure.add_trace(_line(FUNCTION, OUTPUT, color=theme.OUTPUT, width=3))
    figure.add_trace(_nodes("inputs", inputs, [number_text(value) for value in x], theme.INPUT))
    figure.add_trace(_nodes("bias", [BIAS], ["1"], theme.WEIGHT, size=36))
    figure.add_trace(_nodes("sum", [SUM], ["Σ"], theme.WEIGHT))
    figure.add_trace(_nodes("activation", [FUNCTION], ["<i>f</i>"], theme.OUTPUT))
    figure.add_trace(_nodes("output", [OUTPUT], [number_text(round(output, 3), 3)], theme.OUTPUT, size=64))
    _label(figure, BIAS, f"b = {number_text(b)}", xshift=26, xanchor="left")
    _label(figure, SUM, f"<b>z = {number_text(z)}</b>", xshift=30, yshift=42)
    _label(figure, FUNCTION, name, yshift=-44)
    _label(figure, OUTPUT, "output", yshift=-48)
    hidden = {"visible": False, "fixedrange": True}
    theme.finish(figure, height=280, showlegend=False, hovermode=False, margin={"l": 0, "r": 0, "t": 0, "b": 0})
    return figure.update_layout(xaxis=hidden | {"range": [-0.85, 5.2]}, yaxis=hidden | {"range": [-1.6, 1.6]})


def plot_activation(activation: Activation, z: float) -> go.Figure:
    """f over z, with a point where the neuron is."""
    return _curve(activation, z, activation(_span(z)), float(activation(z)), theme.OUTPUT, "f(z)", "solid")


def plot_slope(activation: Activation, z: float) -> go.Figure:
    """f' over z, with a point where the neuron is."""
    return _curve(activation, z, activation.slope(_span(z)), float(activation.slope(z)), theme.COST, "f′(z)", "dash")


def number_text(value: float, digits: int = 4) -> str:
    """A number for a drawing: `digits` significant digits and a true minus sign."""
    return f"{value:.{digits}g}".replace("-", "−")


def _curve(
    activation: Activation, z: float, heights: Array, here: float, colour: str, label: str, dash: str
) -> go.Figure:
    figure = go.Figure()
    figure.add_vline(x=z, line={"color": theme.NEUTRAL, "width": 2, "dash": "dot"})
    figure.add_scatter(
        x=_span(z),
        y=heights,
        mode="lines",
        line={"color": colour, "width": 4, "dash": dash, "simplify": False},
        name=label,
    )
    figure.add_scatter(
        x=[z],
        y=[here],
        mode="markers",
        marker={"size": 16, "color": colour, "line": {"color": theme.NEUTRAL, "width": 2}},
        name="here",
    )
    theme.finish(figure, height=240, x="z", showlegend=False)
    above = {"xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom", "yshift": 6}
    _label(figure, (0.0, 1.0), f"{label} of {activation.name} = <b>{number_text(here)}</b>", **above)
    low, high = min(0.0, float(heights.min())), max(1.0, float(heights.max()))
    return figure.update_yaxes(range=[low - 0.08 * (high - low), high + 0.08 * (high - low)])


def _span(z: float) -> Array:
    """Values of z to draw a curve over: at least -6 to 6, and as far as the neuron's own z; 0 is one of them."""
    reach = max(6.0, 1.15 * abs(z))
    return np.linspace(-reach, reach, 401)


def _line(start: Place, end: Place, **line: Any) -> go.Scatter:
    """From ring to ring: a little is left out at both ends, since rings let shine through what is behind them."""
    (x0, y0), (x1, y1) = start, end
    out = min(0.29, 0.3 * math.hypot(x1 - x0, y1 - y0)) / math.hypot(x1 - x0, y1 - y0)
    x = [x0 + out * (x1 - x0), x1 - out * (x1 - x0)]
    y = [y0 + out * (y1 - y0), y1 - out * (y1 - y0)]
    return go.Scatter(x=x, y=y, mode="lines", line=line)


def _edge(start: Place, end: Place, weight: float, name: str) -> go.Scatter:
    width, dash = 1.5 + 1.6 * min(abs(weight), 5.0), "12px,7px" if weight < 0 else "solid"
    return _line(start, end, color=theme.WEIGHT, width=width, dash=dash).update(name=name)


def _along(start: Place, end: Place, share: float) -> Place:
    return start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])


def _beside(rises_from: float) -> dict[str, Any]:
    """Where a number stands clear of its edge: on the outer side of one that falls or rises towards the sum."""
    if rises_from == 0:
        return {"yshift": 18}
    return {"yshift": 20 if rises_from > 0 else -20, "xshift": 0, "xanchor": "left"}


def _label(figure: go.Figure, place: Place, text: str, **where: Any) -> None:
    figure.add_annotation(x=place[0], y=place[1], text=text, showarrow=False, **where)


def _nodes(name: str, places: Sequence[Place], texts: list[str], colour: str, *, size: int = 56) -> go.Scatter:
    """Rings with a veil of their colour inside, so that the theme's own text colour stays readable."""
    return go.Scatter(
        x=[place[0] for place in places],
        y=[place[1] for place in places],
        mode="markers+text",
        marker={"size": size, "color": _veil(colour), "line": {"color": colour, "width": 3}, "opacity": 1},
        text=texts,
        textfont={"size": theme.FONT_SIZE + 1},
        name=name,
    )


def _veil(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.18)"
