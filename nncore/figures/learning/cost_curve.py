"""The cost during a training on one example, update by update."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from nncore.figures import theme


def plot_updates(costs: NDArray[np.float64]) -> go.Figure:
    """Plot the cost, (updates made + 1,), against the number of updates, with the last one marked."""
    figure = go.Figure()
    updates = np.arange(len(costs))
    line = {"color": theme.COST, "width": 4, "simplify": False}
    figure.add_scatter(x=updates, y=costs, mode="lines", line=line, name="cost")
    figure.add_scatter(
        x=updates[-1:],
        y=costs[-1:],
        mode="markers",
        marker={"size": 16, "color": theme.COST, "line": {"color": theme.NEUTRAL, "width": 2}},
        cliponaxis=False,
        name="now",
    )
    figure.update_traces(hovertemplate="after %{x} updates: C = %{y:.4g}<extra></extra>")
    theme.finish(figure, height=300, x="updates made", y="cost C", showlegend=False)
    figure.update_xaxes(range=[0, max(10, len(costs) - 1)])
    return figure.update_yaxes(range=[0, 1.08 * float(costs.max()) or 1.0], exponentformat="power")
