"""The output of a neuron over two of its inputs as colours, with its decision line z = 0."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nncore.figures import theme
from nncore.figures.interactive.scene import (
    Axis,
    ColourBar,
    FormattedNumber,
    HeatMap,
    Line,
    Panel,
    Part,
    Points,
    Text,
    cached_mark,
    colour_scale,
)

if TYPE_CHECKING:
    from nncore.theory.activations import Activation
    from nncore.theory.logic_gates import Gate
    from nncore.theory.neuron import Neuron

Array = NDArray[np.float64]
PIXELS = 200
"""The pixels of the map along each side."""
REACH = 8.0
"""The colours differ for z from -8 to 8; sigmoid and tanh are flat beyond."""
FROM_ZERO = [[0.0, "#F7F7F7"], [1.0, theme.OUTPUT]]
"""The colour scale from white to green, for outputs that are never negative."""
DARK = "#222222"
"""The colour of lines on a map, whose own colours are light or bright in both themes."""
INPUTS = (-5.0, 5.0)
GATE = (-0.6, 1.6)
"""The range of both axes: the whole range of the inputs, or the four points of a gate with a margin."""


def plot_surface(
    neuron: Neuron, moving: str, values: Array, *, over: tuple[int, int] = (0, 1), gate: Gate | None = None
) -> Panel:
    """Plot the output of `neuron` over two inputs while its number called `moving` takes `values`, (P,).

    z is linear in every single number of a neuron, so the map is f(A + v B), where A is z at v = 0 and B is the change
    of z per unit of v. The line is where z = 0. The points of a `gate` are filled if the answer is yes, and ringed if
    they lie on the wrong side.
    """
    low, high = GATE if gate else INPUTS
    moved = neuron.moved(moving, values)
    parts: list[Part] = [_map(neuron, moving, values, over, (low, high)), *_line_of_zero(moved, over, len(values))]
    names = [f"x{'₁₂₃'[i]}" for i in over]
    heading: Text = f"Output over {names[0]} and {names[1]}, and the line z = 0"
    alt: Text = f"The {neuron.f.name} of the neuron over {names[0]} and {names[1]} as colours, with the line z = 0."
    if gate:
        points, right = _gate(moved, gate, over, len(values))
        parts += points
        heading = FormattedNumber(right, f"{gate.name}: {{}} of 4 points on the right side of z = 0")
        alt = FormattedNumber(right, f"{alt} {{}} of 4 points of {gate.name} are right.")
    cross = [np.broadcast_to(np.asarray(moved.x[i])[..., None], (len(values), 1)) for i in over]
    parts.append(Points(cross[0], cross[1], DARK, 17, "cross"))
    axes = Axis(names[0], low, high), Axis(names[1], low, high)
    return Panel("surface_map", *axes, parts, heading, alt, height=396, bar=_bar(neuron.f), tall=True)


@cached_mark
def _bar(f: Activation) -> ColourBar:
    return ColourBar(colour_scale(_scale(f), np.linspace(0, 1, 64)), *output_range(f), "f(z)")


def output_range(f: Activation) -> tuple[float, float]:
    """Return the range of outputs of the colours: from 0 if `f` is never negative, else centred on 0."""
    low, high = float(f(-REACH)), float(f(REACH))
    reach = max(1.0, round(high)) if low >= 0 else max(1.0, round(max(-low, high)))
    return (0.0 if low >= 0 else -reach), reach


@cached_mark
def colours_of(f: Activation, count: int = 1024) -> NDArray[np.uint8]:
    """Return the RGB colours, (count, 3), of f(z) for z from -REACH to REACH."""
    low, high = output_range(f)
    outputs = f(np.linspace(-REACH, REACH, count))
    return colour_scale(_scale(f), (outputs - low) / (high - low))


def _scale(f: Activation) -> list[list[object]]:
    return FROM_ZERO if output_range(f)[0] == 0 else theme.SIGNED


def _map(neuron: Neuron, moving: str, values: Array, over: tuple[int, int], reach: tuple[float, float]) -> HeatMap:
    inputs = np.linspace(*reach, 2 * PIXELS + 1)[1::2]  # the middles of the pixels
    a0, c0, d0 = (np.asarray(number) for number in neuron.moved(moving, 0.0).plane(*over))
    a1, c1, d1 = (np.asarray(number) for number in neuron.moved(moving, 1.0).plane(*over))
    return HeatMap(
        colours_of(neuron.f),
        -REACH,
        REACH,
        rows=c0 * inputs + d0,
        columns=a0 * inputs,
        times=values,
        times_rows=(c1 - c0) * inputs + (d1 - d0),
        times_columns=(a1 - a0) * inputs,
    )


def _line_of_zero(moved: Neuron, over: tuple[int, int], count: int) -> list[Line]:
    """Return the line a u + c v + d = 0, 40 units either way from its point nearest to the origin; NaN if a = c = 0."""
    a, c, d = (np.broadcast_to(np.asarray(number, dtype=np.float64), (count,)) for number in moved.plane(*over))
    square = a**2 + c**2
    length = np.sqrt(np.where(square > 0, square, np.nan))
    foot = -d / length
    foot = np.where(np.abs(foot) < 20, foot, np.nan)  # farther away, no part of it is in the picture
    along = np.array([-40.0, 40.0])
    u = (foot * a / length)[:, None] - (c / length)[:, None] * along
    v = (foot * c / length)[:, None] + (a / length)[:, None] * along
    return [Line(u, v, "#F7F7F7", 6.0), Line(u, v, DARK, 3.0)]


def _gate(moved: Neuron, gate: Gate, over: tuple[int, int], count: int) -> tuple[list[Part], Array]:
    """Return the points of a gate with rings around wrong ones, and the number of right ones at each position."""
    right = gate.is_right(np.broadcast_to(moved.sums_at(gate.points, *over), (count, 4)))
    u, v = gate.points.T
    wrong = np.where(right, np.nan, u)
    parts: list[Part] = [Points(wrong, np.broadcast_to(v, wrong.shape), theme.COST, 36, "ring")]
    parts.append(Points(u, v, theme.INPUT, 24))
    parts.append(Points(u[~gate.answers], v[~gate.answers], "#F7F7F7", 14))
    return parts, right.sum(axis=1).astype(np.float64)
