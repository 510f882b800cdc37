"""Gradient descent as a figure that moves with its controls: the path on the cost, and w and C against the step."""

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
"""In a map, costs less than this above the least have the first colour; each further colour doubles the distance."""
GREYS = (245.0, 120.0)
"""The first and last grey of a map, of 255, on which a path in any colour of the theme stands out."""
HUGE = 1e30
"""The largest coordinate of a line, since the browser draws with single precision."""
BEYOND = 3.0
"""An axis against the step reaches at most this many times as far as the view of the cost."""
MARKED = 61
"""A path of more points is drawn without a mark at each."""


def plot_descent(trajectories: Trajectories) -> Picture:
    """Plot the path on the cost, and beside it the parameters and C against the step."""
    landscape = trajectories.landscape
    minima = sorted({value for minimum in landscape.minima for value in minimum.point})
    reach = BEYOND * max(abs(end) for view in landscape.view for end in view)
    least = min(float(landscape.cost(minimum.point)) for minimum in landscape.minima)
    top = BEYOND * float(np.max(landscape.cost(np.stack(np.meshgrid(*landscape.view), axis=-1))))
    panels = [
        _on_the_cost(trajectories),
        _against_step(trajectories, "trace", ", ".join(landscape.parameters), trajectories.points, minima, reach),
        _against_step(trajectories, "trace_cost", "C", trajectories.cost[..., None], [least], top),
    ]
    return Picture(panels)


def _on_the_cost(trajectories: Trajectories) -> Panel:
    """Draw the path on the curve, or on the map, from a ring at its start to a dot at its end."""
    one = len(trajectories.landscape.parameters) == 1
    across, up, ground = _ground(trajectories) if one else _map(trajectories.landscape)
    parts: list[Part] = [*ground]
    x, y = trajectories.points[..., 0], trajectories.cost if one else trajectories.points[..., 1]
    xs, ys = (
        part[np.arange(len(part))[:, None], np.stack([0 * trajectories.last, trajectories.last], axis=1)]
        for part in (x, y)
    )
    moved = (np.abs(np.diff(xs)) + np.abs(np.diff(ys)) > 1e-9)[:, 0]
    last = trajectories.steps[trajectories.last].tolist()
    ending = [f"step {step}" if far else "" for step, far in zip(last, moved.tolist(), strict=True)]
    parts += [
        Line(_drawn(x), _drawn(y), theme.COST, 2.5, arrows=True),
        Points(_drawn(xs[:, :1]), _drawn(ys[:, :1]), theme.COST, 20, "ring"),
        Points(_drawn(xs[:, 1:]), _drawn(ys[:, 1:]), theme.COST, 16),
        Label(_drawn(xs[:, 0]), _drawn(ys[:, 0]), "start", dy=-20),
        Label(_drawn(xs[:, 1]), _drawn(ys[:, 1]), ending, dy=22),
    ]
    if trajectories.landscape.name != "w2":
        parts.append(_exit_label(trajectories))
    letters = (*trajectories.landscape.parameters, "C")
    values = np.column_stack([trajectories.ends, trajectories.landscape.cost(trajectories.ends)]).tolist()
    template = "%s: " + ", ".join(f"{letter} = %.4g" for letter in letters)
    headings = [template % (word, *row) for word, row in zip(trajectories.verdicts, values, strict=True)]
    alt = "The cost with the path on it, from its ring at the start to its dot after the last step."
    return Panel("path", across, up, parts, headings, alt, HEIGHT, tall=True)


def _exit_label(trajectories: Trajectories) -> Label:
    """Return a label with the step at which a path leaves the view of the cost."""
    bounds = np.array(trajectories.landscape.view).T
    outside = ((trajectories.points < bounds[0]) | (trajectories.points > bounds[1])).any(axis=-1)
    texts = [f"out of the picture at step {trajectories.steps[row.argmax()]}" if row.any() else "" for row in outside]
    if len(trajectories.landscape.parameters) == 2:
        return Label(bounds.mean(axis=0)[0], bounds[1, 1], texts, dy=14)
    return Label(bounds.mean(), float(trajectories.landscape.cost(bounds.T[..., None]).max()), texts, dy=14)


def _ground(trajectories: Trajectories) -> tuple[Axis, Axis, tuple[Part, ...]]:
    """Return the axes and the curve of a cost of one parameter; on C = w² the axes reach as far as the path."""
    landscape, (low, high) = trajectories.landscape, trajectories.landscape.view[0]
    if landscape.name == "w2":
        farthest = np.nanmax(np.abs(trajectories.points[..., 0]), axis=1).clip(max=HUGE)
        reaches = np.where(farthest > 0, np.maximum(1.2 * farthest, 1e-6), 1.0)
        reach = reaches if np.ptp(reaches) else reaches[0]
        w, cost = landscape.curve(-reach, reach, count=49)  # enough for a parabola, of which there are P
        up = Axis("C = w²", -0.14 * reach**2, 1.05 * reach**2)
        return Axis("w", -reach, reach), up, (Line(w, cost, theme.NEUTRAL),)
    w, cost = landscape.curve(low, high)
    span = float(np.ptp(cost))
    up = Axis("cost C", cost.min() - 0.15 * span, cost.max() + 0.05 * span)
    return Axis("w", low, high), up, (Line(w, cost, theme.NEUTRAL),)


@lru_cache(maxsize=10)
def _map(landscape: LossSurface) -> tuple[Axis, Axis, tuple[Part, ...]]:
    """Return the axes and a map of a cost of two parameters, with a square at each minimum."""
    across, up = (Axis(letter, *view) for letter, view in zip(landscape.parameters, landscape.view, strict=True))
    minima = np.array([minimum.point for minimum in landscape.minima])
    marks = Points(minima[:, 0], minima[:, 1], theme.NEUTRAL, 11, "square")
    least = min(float(landscape.cost(minimum.point)) for minimum in landscape.minima)
    above = landscape.surface(count=320)[2] - least
    rows, columns = above[:, 0], above[0] - above[0, 0]
    if np.allclose(rows[:, None] + columns, above):  # a sum needs few bytes, so it can have many pixels
        levels = np.linspace(0, float(above.max()), 8192)
        return across, up, (HeatMap(_greys(levels), 0, levels[-1], rows, columns), marks)
    above = np.log2(np.maximum(landscape.surface()[2] - least, 0) + FLOOR)
    levels = np.linspace(np.log2(FLOOR), float(above.max()), 512)
    nothing = np.zeros(len(above))
    shades = _greys(2**levels - FLOOR)
    return across, up, (HeatMap(shades, levels[0], levels[-1], nothing, nothing, above), marks)


def _greys(above: Array) -> NDArray[np.uint8]:
    """Return the colour, (k, 3), of each cost above the least; it changes wherever the cost plus `FLOOR` doubles."""
    bands = np.floor(np.log2(above / FLOOR + 1))
    shades = GREYS[0] + (GREYS[1] - GREYS[0]) * bands / bands.max()
    return np.repeat(np.round(shades)[:, None], 3, axis=1).astype(np.uint8)


def _against_step(
    trajectories: Trajectories, key: str, title: str, values: Array, rules: Sequence[float], reach: float
) -> Panel:
    """Draw `values` of shape (P, n, k) against the step, the second one dashed, with dotted lines at `rules`.

    The axis goes no farther than `reach`, so that a path visibly diverges; on C = w² it follows the path.
    """
    reach = HUGE if trajectories.landscape.name == "w2" else reach
    low = np.minimum(np.nanmin(values, axis=(1, 2)), min(rules)).clip(-reach, reach)
    high = np.maximum(np.nanmax(values, axis=(1, 2)), max(rules)).clip(-reach, reach)
    margin = 0.06 * np.where(high > low, high - low, 1.0)
    steps = trajectories.steps.astype(np.float64)
    colour = theme.COST if key == "trace_cost" else theme.WEIGHT
    parts: list[Part] = [Rule("y", at) for at in rules]
    for index, dash in zip(range(values.shape[2]), ("solid", "dash"), strict=False):
        drawn = _drawn(values[..., index])
        if len(steps) <= MARKED:
            parts.append(Points(steps, drawn, colour, 7))
        parts.append(Line(steps, drawn, colour, 3, dash))
    last = steps[-1]
    axis = Axis("step" if key == "trace_cost" else "", -0.02 * last, 1.02 * last)
    heading = f"{title} after each step{' (v dashed)' if values.shape[2] > 1 else ''}"
    return Panel(key, axis, Axis(title, low - margin, high + margin), parts, heading, f"{heading}.", TRACE_HEIGHT)


def _drawn(values: Array) -> Array:
    """Clip values to what single precision can hold, so that a line leaves the figure instead of breaking off."""
    return np.clip(values, -HUGE, HUGE)
