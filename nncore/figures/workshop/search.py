"""A hyperparameter search: accuracy by trial, the importance of each hyperparameter, and values against accuracy."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from nncore.figures import theme


def plot_progress(accuracies: Sequence[float | None], *, budget: int, height: int = 300) -> go.Figure:
    """Plot validation accuracy in percent by trial, and the best so far; `accuracies` are 0 to 1, or None if failed."""
    numbers = list(range(1, len(accuracies) + 1))
    percent = [None if value is None else 100 * value for value in accuracies]
    best = list(accumulate((-math.inf if value is None else value for value in percent), max))
    figure = go.Figure()
    figure.add_scatter(
        x=numbers,
        y=[value if math.isfinite(value) else None for value in best],
        name="best so far",
        mode="lines",
        line={"color": theme.NEUTRAL, "width": 3, "shape": "hv"},
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=numbers,
        y=percent,
        name="trial",
        mode="markers",
        marker={"size": 12, "color": theme.TEST},
        hovertemplate="trial %{x}: %{y:.2f} %<extra></extra>",
    )
    theme.finish(figure, height=height, x="trial", y="validation accuracy in %")
    return figure.update_xaxes(range=[0.5, max(budget, 2) + 0.5])


def plot_importance(importance: Mapping[str, float], *, height: int = 0) -> go.Figure:
    """Plot the share, 0 to 1, of each hyperparameter by label in the differences between trials, the largest on top."""
    ordered = sorted(importance.items(), key=lambda item: item[1])
    figure = go.Figure(
        go.Bar(
            x=[100 * share for _, share in ordered],
            y=[name for name, _ in ordered],
            orientation="h",
            marker={"color": theme.WEIGHT},
            text=[f" {100 * share:.0f} %" for _, share in ordered],
            textposition="outside",
            cliponaxis=False,
            hoverinfo="skip",
        )
    )
    theme.finish(figure, height=height or 90 + 42 * len(ordered), x="share of the differences in %", showlegend=False)
    figure.update_xaxes(range=[0, 115], tickvals=[0, 25, 50, 75, 100])
    return figure.update_yaxes(ticksuffix=" ")


def plot_slices(
    values: Mapping[str, Sequence[Any]], accuracies: Sequence[float], logarithmic: Sequence[str], *, height: int = 300
) -> go.Figure:
    """Plot the values of each hyperparameter against validation accuracy in percent, with later trials darker.

    `values` has one value per trial for each hyperparameter by label; those in `logarithmic` get a logarithmic axis.
    """
    figure = make_subplots(1, len(values), shared_yaxes=True, horizontal_spacing=0.03)
    for column, (name, tried) in enumerate(values.items(), 1):
        categorical = any(isinstance(value, str | bool) for value in tried)
        figure.add_scatter(
            x=[str(value) for value in tried] if categorical else list(tried),
            y=[100 * accuracy for accuracy in accuracies],
            mode="markers",
            marker={"size": 11, "color": theme.TEST, "opacity": _opacities(len(tried))},
            hovertemplate=f"{name} %{{x}}: %{{y:.2f}} %<extra></extra>",
            row=1,
            col=column,
        )
        figure.update_xaxes(title_text=name, row=1, col=column)
        if name in logarithmic and not categorical:
            ticks = [10.0**power for power in range(-4, 1)] if min(tried) < 1 else [2**power for power in range(2, 10)]
            text = [f"{tick:g}" for tick in ticks]
            figure.update_xaxes(type="log", tickvals=ticks, ticktext=text, row=1, col=column)
        elif categorical:
            figure.update_xaxes(type="category", row=1, col=column)
    theme.finish(figure, height=height, showlegend=False)
    return figure.update_yaxes(title_text="validation accuracy in %", row=1, col=1)


def _opacities(count: int) -> list[float]:
    """Return opacities that rise from pale for the first trial to full for the last."""
    return [0.35 + 0.65 * (number + 1) / count for number in range(count)]
