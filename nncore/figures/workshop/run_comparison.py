"""Comparing runs: learning curves, accuracy against cost, and hyperparameters as parallel coordinates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from nncore.figures import theme

COLOURS = (theme.INPUT, theme.WEIGHT, theme.OUTPUT, theme.COST, theme.TEST, theme.SECOND, theme.NEUTRAL)
"""The colours of the runs, in this order: those of Okabe and Ito, as many as can be told apart."""


@dataclass(frozen=True)
class Curve:
    """The learning curves of one run."""

    name: str
    history: Mapping[str, Sequence[float]]
    """The history as `fit` returns it, with accuracies from 0 to 1."""
    colour: str


def plot_curves(curves: Sequence[Curve], *, height: int = 330) -> go.Figure:
    """Plot accuracy in percent and loss against the epoch, solid for training and dashed for validation."""
    figure = make_subplots(1, 2, horizontal_spacing=0.14)
    for curve in curves:
        for name, values in curve.history.items():
            column = 1 if name.endswith("accuracy") else 2
            validation = name.startswith("val_")
            figure.add_scatter(
                x=list(range(1, len(values) + 1)),
                y=[100 * value for value in values] if column == 1 else list(values),
                name=curve.name,
                legendgroup=curve.name,
                showlegend=name == "accuracy",
                mode="lines+markers" if len(values) < 40 else "lines",
                line={"color": curve.colour, "width": 3, "dash": "dash" if validation else "solid"},
                marker={"size": 6, "symbol": "circle-open" if validation else "circle"},
                hovertemplate=f"{'validation' if validation else 'training'}, epoch %{{x}}: %{{y:.4g}}",
                row=1,
                col=column,
            )
    theme.finish(figure, height=height)
    figure.update_xaxes(title_text="epoch", rangemode="tozero")
    figure.update_yaxes(title_text="accuracy in %", row=1, col=1)
    return figure.update_yaxes(title_text="loss", rangemode="tozero", row=1, col=2)


def mark_printed(figure: go.Figure, accuracies: Mapping[int, float]) -> go.Figure:
    """Add printed accuracies, 0 to 1 by epoch, as diamonds to the accuracy of `training_curves.plot_history`."""
    figure.add_scatter(
        x=list(accuracies),
        y=[100 * accuracy for accuracy in accuracies.values()],
        name="printed",
        mode="markers",
        marker={"size": 13, "symbol": "diamond-open", "color": theme.SECOND, "line": {"width": 3}},
        cliponaxis=False,
        hovertemplate="printed, epoch %{x}: %{y:.2f} %<extra></extra>",
        row=1,
        col=1,
    )
    return figure


@dataclass(frozen=True)
class Point:
    """One run with its test accuracy."""

    name: str
    accuracy: float
    """The test accuracy, 0 to 1."""
    parameters: int
    """The number of trainable parameters."""
    seconds: float
    """The seconds of training."""
    colour: str = theme.NEUTRAL


def plot_costs(points: Sequence[Point], *, height: int = 320) -> go.Figure:
    """Plot test accuracy in percent against parameters and against seconds of training, both on logarithmic axes."""
    figure = make_subplots(1, 2, shared_yaxes=True, horizontal_spacing=0.04)
    for column, field in enumerate(("parameters", "seconds"), 1):
        figure.add_scatter(
            x=[getattr(point, field) for point in points],
            y=[100 * point.accuracy for point in points],
            text=[point.name for point in points],
            mode="markers",
            marker={"size": 13, "color": [point.colour for point in points], "line": {"width": 1}},
            hovertemplate=f"%{{text}}<br>%{{x:,.4g}} {field}: %{{y:.2f}} %<extra></extra>",
            row=1,
            col=column,
        )
    theme.finish(figure, height=height, showlegend=False)
    figure.update_xaxes(type="log", dtick=1)
    figure.update_xaxes(title_text="parameters", row=1, col=1)
    figure.update_xaxes(title_text="seconds of training", row=1, col=2)
    return figure.update_yaxes(title_text="test accuracy in %", row=1, col=1)


def plot_parallel(columns: Mapping[str, Sequence[Any]], accuracies: Sequence[float], *, height: int = 380) -> go.Figure:
    """Plot hyperparameters as parallel axes, with one line per run, coloured by its accuracy (0 to 1), the last axis.

    Words and switches become evenly spaced ticks; numbers that span a decade are logarithmic. Dragging along an axis
    selects the runs that pass there.
    """
    percent = [100 * accuracy for accuracy in accuracies]
    axes = [_axis(name, values) for name, values in columns.items()]
    axes.append({"label": "accuracy in %", "values": percent})
    figure = go.Figure(
        go.Parcoords(
            dimensions=axes,
            line={"color": percent, "colorscale": [[0.0, theme.SECOND], [1.0, theme.COST]], "showscale": False},
            labelfont={"size": theme.FONT_SIZE},
            tickfont={"size": theme.FONT_SIZE - 2},
            rangefont={"size": 1, "color": "rgba(0,0,0,0)"},
            labelside="top",
            labelangle=-12,
        )
    )
    theme.finish(figure, height=height)
    return figure.update_layout(margin={"l": 90, "r": 60, "t": 80, "b": 20})


def _axis(name: str, values: Sequence[Any]) -> dict[str, Any]:
    numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    if len(numbers) < len(values):
        texts = ["–" if value is None else str(value) for value in values]
        options = sorted(set(texts))
        indices = [options.index(text) for text in texts]
        return {"label": name, "values": indices, "tickvals": list(range(len(options))), "ticktext": options}
    distinct = sorted(set(numbers))
    if min(numbers) > 0 and max(numbers) >= 10 * min(numbers):
        marked = distinct if len(distinct) <= 6 else [distinct[0], distinct[len(distinct) // 2], distinct[-1]]
        ticks = [float(np.log10(value)) for value in marked]
        text = [f"{value:.3g}" for value in marked]
        return {"label": name, "values": np.log10(numbers).tolist(), "tickvals": ticks, "ticktext": text}
    return {"label": name, "values": numbers}
