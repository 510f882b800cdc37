"""Quadratic cost and cross-entropy drawn: the costs, their gradients, and training with either of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from nncore.figures import theme

if TYPE_CHECKING:
    from nncore.costs import Judgement

Array = NDArray[np.float64]
QUADRATIC: dict[str, Any] = {"color": theme.COST, "width": 4, "dash": "solid"}
CROSS_ENTROPY: dict[str, Any] = {"color": theme.SECOND, "width": 4, "dash": "12px,5px"}
HEIGHT = 370
TRAINING_HEIGHT = 300


def plot_costs(curve: Judgement, here: Judgement, against: Literal["output", "z"]) -> go.Figure:
    """Both costs of `curve`, against the output a or against z, with points where the neuron `here` is."""
    x, at = (curve.output, here.output) if against == "output" else (curve.z, here.z)
    figure = go.Figure()
    _add_pair(figure, x, curve.quadratic, curve.cross_entropy)
    _add_points(figure, float(at), float(here.quadratic), float(here.cross_entropy))
    theme.finish(figure, height=HEIGHT, x="output a" if against == "output" else "z", y="cost C")
    if against == "output":
        figure.update_xaxes(range=[-0.03, 1.03])
    top = max(3.0, 1.15 * float(here.cross_entropy))
    return figure.update_yaxes(range=[-0.04 * top, top])


def plot_gradients(curve: Judgement, here: Judgement) -> go.Figure:
    """dC/dz of both costs against z, with points where the neuron `here` is; above 0 for y = 0, below for y = 1."""
    figure = go.Figure()
    figure.add_hline(y=0, line={"color": theme.NEUTRAL, "width": 1})
    _add_pair(figure, curve.z, curve.quadratic_gradient, curve.cross_entropy_gradient)
    _add_points(figure, float(here.z), float(here.quadratic_gradient), float(here.cross_entropy_gradient))
    theme.finish(figure, height=HEIGHT, x="z", y="gradient dC/dz")
    return figure.update_yaxes(range=[-0.06 - curve.y, 1.06 - curve.y])


def plot_outputs(quadratic: Judgement, cross_entropy: Judgement) -> go.Figure:
    """The output a of two trainings of the same length against the step, 0 being the start; dotted, the target."""
    figure = go.Figure()
    figure.add_hline(y=quadratic.y, line={"color": theme.NEUTRAL, "width": 2, "dash": "dot"})
    green = {"color": theme.OUTPUT}
    for name, run, line in (("on quadratic", quadratic, QUADRATIC), ("on cross-entropy", cross_entropy, CROSS_ENTROPY)):
        figure.add_scatter(x=np.arange(len(run.z)), y=run.output, mode="lines", line=line | green, name=name)
    theme.finish(figure, height=TRAINING_HEIGHT, x="step", y="output a", hovermode="x unified")
    return figure.update_yaxes(range=[-0.04, 1.04])


def plot_training(quadratic: Judgement, cross_entropy: Judgement) -> go.Figure:
    """The cost that each of two trainings went down, against the step; every panel has its own scale, from 0."""
    figure = make_subplots(rows=1, cols=2, horizontal_spacing=0.14)
    panels = (
        ("quadratic", quadratic.quadratic, QUADRATIC),
        ("cross-entropy", cross_entropy.cross_entropy, CROSS_ENTROPY),
    )
    for column, (name, costs, line) in enumerate(panels, 1):
        figure.add_scatter(x=np.arange(len(costs)), y=costs, mode="lines", line=line, name=name, row=1, col=column)
    theme.finish(figure, height=TRAINING_HEIGHT, x="step", hovermode="x unified")
    figure.update_yaxes(rangemode="tozero", exponentformat="power")
    return figure.update_yaxes(title_text="cost C", row=1, col=1)


def _add_pair(figure: go.Figure, x: Array, quadratic: Array, cross_entropy: Array) -> None:
    curves = (("quadratic", quadratic, QUADRATIC), ("cross-entropy", cross_entropy, CROSS_ENTROPY))
    for name, heights, line in curves:
        figure.add_scatter(x=x, y=heights, mode="lines", line=line | {"simplify": False}, name=name)


def _add_points(figure: go.Figure, x: float, quadratic: float, cross_entropy: float) -> None:
    """The neuron on either curve, joined by a dotted line in the colour of outputs."""
    figure.add_vline(x=x, line={"color": theme.OUTPUT, "width": 2, "dash": "dot"})
    figure.add_scatter(
        x=[x, x],
        y=[quadratic, cross_entropy],
        mode="markers",
        marker={
            "size": 16,
            "color": [QUADRATIC["color"], CROSS_ENTROPY["color"]],
            "line": {"color": theme.OUTPUT, "width": 3},
        },
        name="here",
        showlegend=False,
        hovertemplate="%{x:.4g}, %{y:.4g}<extra></extra>",
    )
