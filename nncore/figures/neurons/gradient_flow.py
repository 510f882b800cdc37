"""The size of the gradient in every layer of a deep network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from nncore.figures import theme

if TYPE_CHECKING:
    from nncore.networks.gradient_flow import DepthProfile


def plot_depth(profile: DepthProfile) -> go.Figure:
    """Plot the root mean square of dC/db against the hidden layer, 1 next to the inputs, on a logarithmic axis.

    A dotted line shows the size in the last hidden layer, at which the gradient would stay if it did not vanish or
    explode. A layer without any gradient has no point.
    """
    sizes = np.where(profile.sizes[:-1] > 0, profile.sizes[:-1], np.nan)
    layers = np.arange(1, len(sizes) + 1)
    measured = {
        "type": "scatter",
        "x": layers,
        "y": sizes,
        "mode": "lines+markers",
        "line": {"color": theme.COST, "width": 4},
        "marker": {"size": 12, "color": theme.COST},
        "hovertemplate": "layer %{x}: %{y:.3g}<extra></extra>",
        "name": "measured",
    }
    dotted = {"color": theme.NEUTRAL, "width": 2, "dash": "dot"}
    even = {"type": "scatter", "x": layers, "y": np.full(len(sizes), sizes[-1]), "mode": "lines", "line": dotted}
    return theme.draw(
        [even | {"name": "if it held"}, measured] if np.isfinite(sizes[-1]) else [measured],
        height=330,
        xaxis={
            "title": "hidden layer, 1 next to the inputs",
            "range": [0.6, len(sizes) + 0.4],
            "dtick": 1 if len(sizes) <= 12 else 2,
            "tick0": 1,
            "fixedrange": True,
        },
        yaxis={
            "title": "size of ∂C/∂b",
            "type": "log",
            "range": _decades(sizes),
            "exponentformat": "power",
            "dtick": 1,
            "fixedrange": True,
        },
    )


def _decades(sizes: np.ndarray) -> list[float]:
    """Return a range in powers of ten that has all sizes and spans at least three, so that small changes look small."""
    known = sizes[np.isfinite(sizes)]
    if not len(known):
        return [-4.0, 0.0]
    low, high = float(np.log10(known.min())), float(np.log10(known.max()))
    more = max(0.0, 3.0 - (high - low)) / 2
    return [low - more - 0.3, high + more + 0.3]
