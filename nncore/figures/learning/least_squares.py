"""The errors of a line drawn as true squares, and their sum against the slope or offset of the line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nncore.figures import theme
from nncore.figures.interactive.scene import Area, Axis, FormattedNumber, Label, Line, Panel, Part, Picture, Points

if TYPE_CHECKING:
    from nncore.theory.least_squares import Errors

Array = NDArray[np.float64]
HEIGHT = 340
READABLE = 0.15
"""The least area of a square that has room for a number."""


def plot_squares(
    moving: str,
    positions: Array,
    data: tuple[Array, Array],
    errors: Errors,
    squares: tuple[Array, Array],
    curve: tuple[Array, Array],
) -> Picture:
    """Plot P lines, one for each of `positions` (P,) of the control `moving`, over `data`, x and y of shape (n,).

    `errors` has arrays of shape (P, n), and `squares` are the outlines, x and y of shape (P, m). The `curve` is the
    cost over the whole range of the control: its ascending values and the costs, of shape (k,).
    """
    x, y = data
    ends = np.array([-4.5, 4.5])
    steep = (errors.outputs[:, -1:] - errors.outputs[:, :1]) / (x[-1] - x[0])
    line = errors.outputs[:, :1] + steep * (ends - x[0])
    parts: list[Part] = [
        Area(*squares, theme.COST),
        Line(ends, line, theme.OUTPUT, 4),
        Points(x, y, theme.INPUT, 14),
    ]
    middles = x + np.sign(squares[0][:, 1::6] - x) * np.sqrt(errors.squares) / 2
    for index in range(len(x)):
        area = [f"{value:.2g}" if value >= READABLE else "" for value in errors.squares[:, index]]
        parts.append(Label(middles[:, index], (errors.outputs[:, index] + y[index]) / 2, area))
    heading = FormattedNumber(errors.cost, "Half the area of all squares: C = {}")
    alt = "The points, the line, and a square on every error between them."
    first = Panel("squares", Axis("x", -4.0, 4.0), Axis("f(x), y", -0.7, 4.2), parts, heading, alt, HEIGHT, equal=True)
    return Picture([first, _cost_curve(moving, curve, positions, errors.cost)])


def _cost_curve(moving: str, curve: tuple[Array, Array], positions: Array, cost: Array) -> Panel:
    """Draw the cost against one control, with the other one fixed."""
    values, costs = curve
    top = 1.1 * float(min(costs.max(), 40.0))
    parts: list[Part] = [Line(values, costs, theme.COST, 3), Points(positions[:, None], cost[:, None], theme.COST)]
    axes = Axis(moving, float(values[0]), float(values[-1])), Axis("cost C", 0.0, top)
    return Panel("line_cost", *axes, parts, f"C against the {moving}", f"The cost against the {moving}.", HEIGHT)
