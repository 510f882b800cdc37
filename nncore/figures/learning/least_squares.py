"""The errors of a line drawn as true squares, and their sum against the line's slope or offset."""

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
"""A square of less area has no room for a number."""


def plot_squares(
    moving: str,
    at: Array,
    data: tuple[Array, Array],
    errors: Errors,
    squares: tuple[Array, Array],
    curve: tuple[Array, Array],
) -> Picture:
    """P lines, the control called `moving` being at the places `at`, (P,), over `data`, x and y of shape (n,).

    `errors` has arrays of shape (P, n), and `squares` are the outlines, across and up, of shape (P, m). The `curve` is
    the cost at all places of the control's range, places and costs of shape (k,), ascending.
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
    told = FormattedNumber(errors.cost, "Half the area of all squares: C = {}")
    alt = "The points, the line, and a square on every error between them."
    first = Panel("squares", Axis("x", -4.0, 4.0), Axis("f(x), y", -0.7, 4.2), parts, told, alt, HEIGHT, equal=True)
    return Picture([first, _bowl(moving, curve, at, errors.cost)])


def _bowl(moving: str, curve: tuple[Array, Array], at: Array, cost: Array) -> Panel:
    """The cost against the control, the other one left where it is."""
    places, costs = curve
    top = 1.1 * float(min(costs.max(), 40.0))
    parts: list[Part] = [Line(places, costs, theme.COST, 3), Points(at[:, None], cost[:, None], theme.COST)]
    axes = Axis(moving, float(places[0]), float(places[-1])), Axis("cost C", 0.0, top)
    return Panel("line_cost", *axes, parts, f"C against the {moving}", f"The cost against the {moving}.", HEIGHT)
