"""The seconds of an epoch against its number of pictures, as measured here and as printed in the lecture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from nncore.figures import theme

HERE, PRINTED = "this machine", "the lecture"
COLOURS = (theme.OUTPUT, theme.SECOND, theme.INPUT)


def plot_timings(
    measured: Mapping[str, Sequence[tuple[int, float]]],
    printed: Mapping[str, Mapping[int, float]],
    *,
    height: int = 380,
) -> go.Figure:
    """Plot a line through (pictures, seconds) per device, solid if `measured`, dotted if `printed`, on log axes."""
    figure = go.Figure()
    for number, (device, points) in enumerate(measured.items()):
        ordered = sorted(points)
        _add(figure, f"{device}, {HERE}", ordered, COLOURS[number % len(COLOURS)], "solid", "circle")
    for device, seconds in printed.items():
        colour = theme.NEUTRAL if device == "CPU" else theme.WEIGHT
        _add(figure, f"{device}, {PRINTED}", sorted(seconds.items()), colour, "dot", "diamond")
    theme.finish(figure, height=height, x="pictures in an epoch", y="seconds an epoch")
    figure.update_xaxes(
        type="log", tickvals=[5_000, 10_000, 20_000, 50_000, 100_000, 250_000],
        ticktext=["5,000", "10,000", "20,000", "50,000", "100,000", "250,000"],
    )  # fmt: skip
    marks = [0.1, 0.3, 1, 3, 10, 30, 100, 300]
    return figure.update_yaxes(type="log", tickvals=marks, ticktext=[f"{mark:g}" for mark in marks])


def _add(
    figure: go.Figure, name: str, points: Sequence[tuple[int, float]], colour: str, dash: str, symbol: str
) -> None:
    figure.add_scatter(
        x=[pictures for pictures, _ in points],
        y=[seconds for _, seconds in points],
        customdata=[pictures / seconds for pictures, seconds in points],
        name=name,
        mode="lines+markers",
        line={"color": colour, "width": 3, "dash": dash},
        marker={"size": 10, "symbol": symbol},
        hovertemplate="%{x:,} pictures in %{y:.3g} s: %{customdata:,.0f} pictures a second",
    )
