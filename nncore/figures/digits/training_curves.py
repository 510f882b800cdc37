"""Loss and accuracy epoch by epoch, and the weights of many units as small pictures on one sheet."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from nncore.figures import theme
from nncore.specs.experiment import Segment

CURVES = (
    ("accuracy", "training", 1, theme.OUTPUT, "solid"),
    ("val_accuracy", "validation", 1, theme.TEST, "dash"),
    ("loss", "training", 2, theme.COST, "solid"),
    ("val_loss", "validation", 2, theme.TEST, "dash"),
)


SIGNED_COLOURS = [str(colour) for _, colour in theme.SIGNED]


def plot_history(
    history: Mapping[str, Sequence[float]],
    epochs: int,
    segments: Sequence[Segment] = (),
    *,
    learning_rate: float | None = None,
    height: int = 330,
) -> go.Figure:
    """Plot accuracy in percent and loss against the epoch, side by side, up to the planned number of `epochs`.

    At the start of each of the `segments` of an interrupted run, a dotted line tells a restart or a learning rate that
    differs from the one before, which is `learning_rate` at first.
    """
    figure = make_subplots(1, 2, horizontal_spacing=0.12)
    for name, label, column, colour, dash in CURVES:
        values = list(history.get(name, ()))
        if name.startswith("val") and not values:
            continue
        percent = name.endswith("accuracy")
        style = {"line": {"color": colour, "width": 3, "dash": dash}, "marker": {"size": 7}}
        figure.add_scatter(
            x=list(range(1, len(values) + 1)),
            y=[100 * value for value in values] if percent else values,
            name=f"{label} {'accuracy' if percent else 'loss'}",
            mode="lines+markers" if len(values) < 40 else "lines",
            hovertemplate="epoch %{x}: %{y:.2f} %" if percent else "epoch %{x}: %{y:.4f}",
            **style | {"row": 1, "col": column},
        )
    theme.finish(figure, height=height)
    figure.update_xaxes(title_text="epoch", range=[0.5, max(epochs, 2) + 0.5])
    figure.update_yaxes(title_text="accuracy in %", row=1, col=1, range=None if history.get("accuracy") else [0, 100])
    figure.update_yaxes(title_text="loss", rangemode="tozero", row=1, col=2)
    for segment in segments:
        changed = segment.learning_rate != learning_rate
        text = "restarted" if segment.reason == "restarted" else f"η = {segment.learning_rate:g}" if changed else ""
        learning_rate = segment.learning_rate
        line = {"color": theme.NEUTRAL, "dash": "dot", "width": 2 if text else 1}
        note = {"annotation_text": text, "annotation_font_size": theme.FONT_SIZE - 2}
        figure.add_vline(segment.epoch + 0.5, line=line, **note)
    return figure


def plot_changes(updates: Mapping[str, float], *, height: int = 0) -> go.Figure:
    """Plot the change of each layer's weights in the last epoch, relative to their norm, in percent on a log axis.

    `updates` are shares by the name of the layer. A change that is 0 or not finite, as in a training that diverged,
    has no bar but a text.
    """
    names = list(updates)[::-1]
    percent = [100 * updates[name] for name in names]
    drawable = [math.isfinite(value) and value > 0 for value in percent]
    lowest, highest = 0.01, 1000.0
    figure = go.Figure(
        go.Bar(
            x=[
                min(max(value, lowest), highest) if fine else lowest
                for value, fine in zip(percent, drawable, strict=True)
            ],
            y=names,
            orientation="h",
            marker={"color": theme.COST},
            text=[f" {value:.2g} %" if fine else f" {value:g}" for value, fine in zip(percent, drawable, strict=True)],
            textposition="outside",
            textfont={"size": theme.FONT_SIZE - 2},
            cliponaxis=False,
            hoverinfo="skip",
        )
    )
    theme.finish(figure, height=height or 80 + 30 * len(names), x="change in the last epoch", showlegend=False)
    ticks = [0.01, 1, 100]
    figure.update_layout(margin={"t": 4, "r": 60}, bargap=0.35)
    figure.update_xaxes(
        type="log",
        range=[math.log10(lowest), 3],
        tickvals=ticks,
        ticktext=[f"{tick:g} %" for tick in ticks],
        tickangle=0,
    )
    return figure.update_yaxes(ticksuffix=" ")


def draw_weights(weights: NDArray[np.floating], *, columns: int = 10, zoom: int = 2) -> NDArray[np.uint8]:
    """Return the weights of each unit or filter as small pictures on one sheet, RGB bytes (rows, columns, 3).

    The weights are a dense kernel (784, units), or that of a convolution (rows, columns, channels, filters), of which
    the first channel is drawn. Blue is negative, white 0, orange positive; each picture has its own scale.
    """
    dense = weights.ndim == 2
    pictures = weights.T.reshape(-1, 28, 28) if dense else np.moveaxis(weights[:, :, 0, :], -1, 0)
    pictures = pictures.astype(np.float64)
    scale = np.abs(pictures).max(axis=(1, 2), keepdims=True)
    coloured = _signed_colours(pictures / np.where(scale == 0, 1, scale))
    coloured = coloured.repeat(zoom, axis=1).repeat(zoom, axis=2)
    return _tile(coloured, min(columns, len(coloured)))


def _signed_colours(values: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Return values from -1 to 1 in the colours of `theme.SIGNED`, as RGB bytes in a new last axis."""
    stops = np.array([[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in SIGNED_COLOURS])
    channels = [np.interp(values, (-1, 0, 1), stops[:, channel]) for channel in range(3)]
    return np.stack(channels, axis=-1).astype(np.uint8)


def _tile(pictures: NDArray[np.uint8], columns: int, gap: int = 2) -> NDArray[np.uint8]:
    """Lay pictures (n, rows, columns, 3) in a grid with grey gaps between them."""
    count, height, width, _ = pictures.shape
    rows = math.ceil(count / columns)
    sheet = np.full((rows * (height + gap) - gap, columns * (width + gap) - gap, 3), 128, np.uint8)
    for number, picture in enumerate(pictures):
        top, left = number // columns * (height + gap), number % columns * (width + gap)
        sheet[top : top + height, left : left + width] = picture
    return sheet
