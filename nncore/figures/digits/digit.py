"""A digit in grey, and the ten outputs of a network as bars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from nncore.figures.theme import FONT_SIZE, GREY, OUTPUT, finish

DIGITS = tuple("0123456789")
"""The names of the classes of MNIST."""


def class_axis(classes: Sequence[str]) -> dict[str, Any]:
    """Return the settings of an axis with one tick for each of ten classes; names longer than a digit are slanted."""
    angle = 0 if max(map(len, classes)) < 3 else -40
    return {"tickvals": list(range(10)), "ticktext": list(classes), "tickangle": angle, "fixedrange": True}


def plot_probabilities(
    probabilities: NDArray[Any], *, label: int | None = None, classes: Sequence[str] = DIGITS, height: int = 260
) -> go.Figure:
    """Plot the ten outputs (10,), 0 to 1, as bars over the names of the ten classes, the largest in full green.

    `label` is the true class, if known, and is marked under its bar. Raises ValueError for another shape.
    """
    values = np.asarray(probabilities, float)
    if values.shape != (10,):
        raise ValueError(f"expected ten outputs, received shape {values.shape}")
    predicted = int(np.argmax(values))
    bars = go.Bar(
        x=list(range(10)),
        y=values,
        text=[percent(value) if digit == predicted or value >= 0.05 else "" for digit, value in enumerate(values)],
        textposition="outside",
        textangle=0,
        textfont={"size": FONT_SIZE - 2},
        constraintext="none",
        cliponaxis=False,
        marker={"color": OUTPUT, "opacity": [1.0 if digit == predicted else 0.45 for digit in range(10)]},
        customdata=list(classes),
        hovertemplate="%{customdata}: %{y:.4%}<extra></extra>",
    )
    names = [f"<b>{name}</b>" if digit == predicted else name for digit, name in enumerate(classes)]
    if label is not None:
        names[label] += "<br>true"
    figure = finish(go.Figure(bars), height=height, showlegend=False)
    figure.update_xaxes(**class_axis(classes) | {"ticktext": names}, showgrid=False)
    figure.update_yaxes(range=[0, 1.15], tickvals=[0, 0.5, 1], tickformat=".0%", fixedrange=True)
    return figure


def percent(share: float) -> str:
    """Format a share from 0 to 1 as a percentage with one decimal, such as `99.8 %`."""
    return f"{100 * share:.1f} %"


def plot_digit(
    picture: NDArray[Any],
    *,
    height: int = 280,
    title: str = "",
    boxes: tuple[tuple[float, float, float, float, str], ...] = (),
) -> go.Figure:
    """Plot a picture (rows, columns), 0 (black) to 255 (white), pixel by pixel.

    Each box (first row, first column, rows, columns, colour) is outlined on it and may lie partly outside. Raises
    ValueError for another shape.
    """
    pixels = np.asarray(picture)
    if pixels.ndim != 2:
        raise ValueError(f"expected a picture (rows, columns), received shape {pixels.shape}")
    hidden = {"visible": False, "constrain": "domain", "fixedrange": True}
    heat = {"type": "heatmap", "z": pixels, "zmin": 0, "zmax": 255, "colorscale": GREY, "showscale": False}
    heat["hovertemplate"] = "row %{y}, column %{x}: %{z}<extra></extra>"
    return go.Figure(
        [heat],
        {
            "height": height,
            "margin": {"l": 4, "r": 4, "t": 34 if title else 4, "b": 4},
            "title": {"text": title, "font": {"size": FONT_SIZE}, "x": 0.5, "xanchor": "center"} if title else None,
            "hoverlabel": {"font": {"size": FONT_SIZE}},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "xaxis": hidden,
            "yaxis": hidden | {"autorange": "reversed", "scaleanchor": "x"},
            "shapes": [_outline(*box) for box in boxes],
        },
    )


def _outline(row: float, column: float, rows: float, columns: float, colour: str) -> dict[str, Any]:
    edges = {"x0": column - 0.5, "x1": column + columns - 0.5, "y0": row - 0.5, "y1": row + rows - 0.5}
    return {"type": "rect", "line": {"color": colour, "width": 3}} | edges
