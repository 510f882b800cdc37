"""The weighted sum of one neuron, term by term."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from nncore.figures import theme

Array = NDArray[Any]
TERMS = 10
"""The most products that are shown one by one: the largest by size, with all others together."""


def plot_terms(inputs: Array, weights: Array, bias: float) -> go.Figure:
    """Plot the products of inputs and weights, (n,) each, the bias and their sum z, as bars in the order of `terms`."""
    names, values = zip(*terms(inputs, weights), strict=True)
    z = float(np.dot(np.asarray(inputs, np.float64), np.asarray(weights, np.float64)) + bias)
    sizes = [*values, bias, z]
    bars = {
        "type": "bar",
        "x": sizes,
        "y": [*names, "bias b", "<b>sum z</b>"],
        "orientation": "h",
        "marker": {"color": [*[theme.INPUT] * len(names), theme.WEIGHT, theme.OUTPUT]},
        "text": [theme.number_text(size, 3) for size in sizes],
        "textposition": "outside",
        "textfont": {"size": theme.FONT_SIZE - 2},
        "cliponaxis": False,
        "hovertemplate": "%{y}: %{x:.5g}<extra></extra>",
    }
    low, high = min(0.0, *sizes), max(0.0, *sizes)
    margin = 0.3 * (high - low) or 1.0
    return theme.draw(
        [bars],
        height=90 + 27 * len(sizes),
        xaxis={
            "title": "weight · input",
            "range": [low - margin if low < 0 else low, high + margin],
            "fixedrange": True,
            "zeroline": True,
        },
        yaxis={"type": "category", "autorange": "reversed", "fixedrange": True, "showgrid": False},
        showlegend=False,
    )


def terms(inputs: Array, weights: Array) -> list[tuple[str, float]]:
    """Return the products of a weighted sum with their names, in order; of many the largest by size, then the rest."""
    products = np.asarray(inputs, np.float64) * np.asarray(weights, np.float64)
    if len(products) <= TERMS + 1:
        chosen = list(range(len(products)))
    else:
        chosen = sorted(int(n) for n in np.argsort(-np.abs(products), kind="stable")[:TERMS])
    named = [
        (f"x<sub>{n}</sub>:  {theme.number_text(weight, 2)} · {theme.number_text(value, 2)}", float(products[n]))
        for n, weight, value in zip(chosen, weights[chosen], inputs[chosen], strict=True)
    ]
    others = len(products) - len(chosen)
    if others:
        named.append((f"{others:,} others", float(products.sum() - products[chosen].sum())))
    return named
