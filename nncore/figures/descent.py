"""Gradient descent drawn: the path on the curve C = w², and w and C against the number of steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from nncore.figures import theme

if TYPE_CHECKING:
    from nncore.descent import Path

HEIGHT = 440


def plot_path(path: Path) -> go.Figure:
    """The curve C = w² with every step of `path` as an arrow; the axes reach as far as the path went."""
    reach = max(1.2 * float(np.abs(path.w).max()), 1e-6) if path.w.any() else 1.0
    span = np.linspace(-reach, reach, 401)
    curve = {"color": theme.NEUTRAL, "width": 3}
    figure = go.Figure()
    figure.add_scatter(x=span, y=span**2, mode="lines", line=curve, name="C = w²", hoverinfo="skip")
    figure.add_scatter(
        x=path.w,
        y=path.cost,
        mode="lines+markers",
        line={"color": theme.COST, "width": 2.5},
        marker={"color": theme.COST, "size": 13, "symbol": _arrows(path, reach), "angleref": "previous"},
        customdata=np.arange(len(path.w)),
        hovertemplate="step %{customdata}<br>w = %{x:.4g}<br>C = %{y:.4g}<extra></extra>",
        name="steps",
    )
    figure.add_scatter(**_ends(path, reach), name="start and end")
    theme.finish(figure, height=HEIGHT, x="w", y="C = w²", showlegend=False)
    figure.update_xaxes(range=[-reach, reach])
    return figure.update_yaxes(range=[-0.12 * reach**2, 1.05 * reach**2], **_numbers())


def plot_trace(path: Path) -> go.Figure:
    """w above and C below against the step, 0 being the start; a dotted line marks the minimum at 0."""
    steps = np.arange(len(path.w))
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.08)
    for row, (name, values, colour) in enumerate((("w", path.w, theme.WEIGHT), ("C", path.cost, theme.COST)), 1):
        look = {"line": {"color": colour, "width": 3}, "marker": {"color": colour, "size": 8}}
        figure.add_scatter(x=steps, y=values, mode="lines+markers", name=name, row=row, col=1, cliponaxis=False, **look)
        figure.add_hline(y=0, line={"color": theme.NEUTRAL, "width": 2, "dash": "dot"}, row=row, col=1)
        figure.update_yaxes(title_text=name, row=row, col=1, **_numbers())
    theme.finish(figure, height=HEIGHT, showlegend=False, hovermode="x unified")
    figure.update_xaxes(range=[-0.3, max(len(steps) - 1, 1) + 0.3])
    return figure.update_xaxes(title_text="step", row=2, col=1)


def _arrows(path: Path, reach: float) -> list[str]:
    """A head points along its step where the step is long enough to have a direction for the eye."""
    lengths = np.abs(np.diff(path.w)) / (2 * reach)
    return ["circle", *("arrow" if length > 0.03 else "circle" for length in lengths)]


def _ends(path: Path, reach: float) -> dict[str, Any]:
    """The first and the last place in rings, with words beside them."""
    last = len(path.w) - 1
    same = abs(path.w[-1] - path.w[0]) < 1e-12 * max(1.0, abs(path.w[0]))
    texts = ["start", ""] if same else ["start", f"step {last}"]
    return {
        "x": path.w[[0, -1]],
        "y": path.cost[[0, -1]],
        "mode": "markers+text",
        "marker": {"size": 20, "symbol": "circle-open", "color": theme.COST, "line": {"width": 3}},
        "text": texts,
        "textposition": [_beside(w / reach) for w in path.w[[0, -1]]],
        "textfont": {"size": theme.FONT_SIZE},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def _beside(share: float) -> str:
    """Where words stand clear of the curve, at this share of the way to the axis' end: under its foot or inside it."""
    if abs(share) < 0.12:
        return "bottom center"
    if abs(share) < 0.4:
        return "bottom right" if share > 0 else "bottom left"
    return "top left" if share > 0 else "top right"


def _numbers() -> dict[str, Any]:
    """Plain tick labels, and powers of ten where a diverging path has left the numbers read at a glance."""
    return {"exponentformat": "power", "minexponent": 5, "separatethousands": True}
