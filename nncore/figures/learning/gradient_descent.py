"""Gradient descent drawn so that it moves with its controls: the path on the cost, and w and C against the step."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nncore.figures import theme
from nncore.figures.interactive.scene import Axis, HeatMap, Label, Line, Panel, Part, Picture, Points, Rule

if TYPE_CHECKING:
    from nncore.theory.gradient_descent import Trajectories
    from nncore.theory.loss_surfaces import LossSurface

Array = NDArray[np.float64]
HEIGHT, TRACE_HEIGHT = 300, 130
FLOOR = 1 / 16
"""In a map, all that lies less than this above the least cost has the first colour; from there C doubles a colour."""
GREYS = (245.0, 120.0)
"""The map's first and last grey, of 255: a path in any colour of the theme stands out."""
HUGE = 1e30
"""No line goes farther: the browser draws with single precision."""
BEYOND = 3.0
"""An axis against the step reaches this many times as far as the picture of the cost; what goes farther leaves it."""
MARKED = 61
"""A path of more places is drawn without a mark at each."""


def plot_descent(walks: Trajectories) -> Picture:
    """The path on the cost, and beside it what becomes of the parameters and of C with the steps."""
    landscape = walks.landscape
    places = sorted({value for place in landscape.minima for value in place.point})
    reach = BEYOND * max(abs(end) for view in landscape.view for end in view)
    least = min(float(landscape.cost(place.point)) for place in landscape.minima)
    top = BEYOND * float(np.max(landscape.cost(np.stack(np.meshgrid(*landscape.view), axis=-1))))
    panels = [
        _on_the_cost(walks),
        _against_step(walks, "trace", ", ".join(landscape.parameters), walks.points, places, reach),
        _against_step(walks, "trace_cost", "C", walks.cost[..., None], [least], top),
    ]
    return Picture(panels)


def _on_the_cost(walks: Trajectories) -> Panel:
    """The path on the curve, or on the map, from its ring at the start to its dot at the end."""
    one = len(walks.landscape.parameters) == 1
    across, up, ground = _ground(walks) if one else _map(walks.landscape)
    parts: list[Part] = [*ground]
    x, y = walks.points[..., 0], walks.cost if one else walks.points[..., 1]
    xs, ys = (part[np.arange(len(part))[:, None], np.stack([0 * walks.last, walks.last], axis=1)] for part in (x, y))
    moved = (np.abs(np.diff(xs)) + np.abs(np.diff(ys)) > 1e-9)[:, 0]
    last = walks.numbers[walks.last].tolist()
    ending = [f"step {step}" if far else "" for step, far in zip(last, moved.tolist(), strict=True)]
    parts += [
        Line(_drawn(x), _drawn(y), theme.COST, 2.5, arrows=True),
        Points(_drawn(xs[:, :1]), _drawn(ys[:, :1]), theme.COST, 20, "ring"),
        Points(_drawn(xs[:, 1:]), _drawn(ys[:, 1:]), theme.COST, 16),
        Label(_drawn(xs[:, 0]), _drawn(ys[:, 0]), "start", dy=-20),
        Label(_drawn(xs[:, 1]), _drawn(ys[:, 1]), ending, dy=22),
    ]
    if walks.landscape.name != "w2":
        parts.append(_way_out(walks))
    letters = (*walks.landscape.parameters, "C")
    values = np.column_stack([walks.ends, walks.landscape.cost(walks.ends)]).tolist()
    template = "%s: " + ", ".join(f"{letter} = %.4g" for letter in letters)
    headings = [template % (word, *row) for word, row in zip(walks.words, values, strict=True)]
    alt = "The cost with the path on it, from its ring at the start to its dot after the last step."
    return Panel("path", across, up, parts, headings, alt, HEIGHT, tall=True)


def _way_out(walks: Trajectories) -> Label:
    """Says from which step on a path is outside the landscape's view."""
    bounds = np.array(walks.landscape.view).T
    outside = ((walks.points < bounds[0]) | (walks.points > bounds[1])).any(axis=-1)
    texts = [f"out of the picture at step {walks.numbers[row.argmax()]}" if row.any() else "" for row in outside]
    if len(walks.landscape.parameters) == 2:
        return Label(bounds.mean(axis=0)[0], bounds[1, 1], texts, dy=14)
    return Label(bounds.mean(), float(walks.landscape.cost(bounds.T[..., None]).max()), texts, dy=14)


def _ground(walks: Trajectories) -> tuple[Axis, Axis, tuple[Part, ...]]:
    """The curve of a cost of one parameter; on C = w² the axes reach as far as the path went."""
    landscape, (low, high) = walks.landscape, walks.landscape.view[0]
    if landscape.name == "w2":
        farthest = np.nanmax(np.abs(walks.points[..., 0]), axis=1).clip(max=HUGE)
        reaches = np.where(farthest > 0, np.maximum(1.2 * farthest, 1e-6), 1.0)
        reach = reaches if np.ptp(reaches) else reaches[0]
        w, cost = landscape.curve(-reach, reach, count=49)  # few are enough for a parabola, and there are P of them
        up = Axis("C = w²", -0.14 * reach**2, 1.05 * reach**2)
        return Axis("w", -reach, reach), up, (Line(w, cost, theme.NEUTRAL),)
    w, cost = landscape.curve(low, high)
    span = float(np.ptp(cost))
    up = Axis("cost C", cost.min() - 0.15 * span, cost.max() + 0.05 * span)
    return Axis("w", low, high), up, (Line(w, cost, theme.NEUTRAL),)


@lru_cache(maxsize=10)
def _map(landscape: LossSurface) -> tuple[Axis, Axis, tuple[Part, ...]]:
    """A map of a cost of two parameters, with a square at each minimum."""
    across, up = (Axis(letter, *view) for letter, view in zip(landscape.parameters, landscape.view, strict=True))
    minima = np.array([place.point for place in landscape.minima])
    marks = Points(minima[:, 0], minima[:, 1], theme.NEUTRAL, 11, "square")
    least = min(float(landscape.cost(place.point)) for place in landscape.minima)
    above = landscape.surface(count=320)[2] - least
    rows, columns = above[:, 0], above[0] - above[0, 0]
    if np.allclose(rows[:, None] + columns, above):  # a sum of both: little to send, so it can be fine
        levels = np.linspace(0, float(above.max()), 8192)
        return across, up, (HeatMap(_greys(levels), 0, levels[-1], rows, columns), marks)
    above = np.log2(np.maximum(landscape.surface()[2] - least, 0) + FLOOR)
    levels = np.linspace(np.log2(FLOOR), float(above.max()), 512)
    nothing = np.zeros(len(above))
    shades = _greys(2**levels - FLOOR)
    return across, up, (HeatMap(shades, levels[0], levels[-1], nothing, nothing, above), marks)


def _greys(above: Array) -> NDArray[np.uint8]:
    """The colour of each cost above the least, (k, 3): it changes wherever the cost, and `FLOOR`, doubles."""
    bands = np.floor(np.log2(above / FLOOR + 1))
    shades = GREYS[0] + (GREYS[1] - GREYS[0]) * bands / bands.max()
    return np.repeat(np.round(shades)[:, None], 3, axis=1).astype(np.uint8)


def _against_step(
    walks: Trajectories, key: str, title: str, values: Array, rules: Sequence[float], reach: float
) -> Panel:
    """`values` of shape (P, n, k) against the step, a second of them dashed; the axis holds them and dotted `rules`.

    Beyond `reach` it holds nothing, so that a path is seen to fly apart; on C = w² it follows the path.
    """
    reach = HUGE if walks.landscape.name == "w2" else reach
    low = np.minimum(np.nanmin(values, axis=(1, 2)), min(rules)).clip(-reach, reach)
    high = np.maximum(np.nanmax(values, axis=(1, 2)), max(rules)).clip(-reach, reach)
    room = 0.06 * np.where(high > low, high - low, 1.0)
    numbers = walks.numbers.astype(np.float64)
    colour = theme.COST if key == "trace_cost" else theme.WEIGHT
    parts: list[Part] = [Rule("y", at) for at in rules]
    for index, dash in zip(range(values.shape[2]), ("solid", "dash"), strict=False):
        drawn = _drawn(values[..., index])
        if len(numbers) <= MARKED:
            parts.append(Points(numbers, drawn, colour, 7))
        parts.append(Line(numbers, drawn, colour, 3, dash))
    last = numbers[-1]
    steps = Axis("step" if key == "trace_cost" else "", -0.02 * last, 1.02 * last)
    told = f"{title} after each step{' (v dashed)' if values.shape[2] > 1 else ''}"
    return Panel(key, steps, Axis(title, low - room, high + room), parts, told, f"{told}.", TRACE_HEIGHT)


def _drawn(values: Array) -> Array:
    """Values that single precision can hold, so that a line leads out of the picture instead of breaking off."""
    return np.clip(values, -HUGE, HUGE)
