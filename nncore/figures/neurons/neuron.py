"""A drawing of a neuron with its numbers, and its activation function with the current z, while a number moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nncore.figures import theme
from nncore.figures.interactive.scene import (
    Axis,
    FormattedNumber,
    Label,
    Line,
    Panel,
    Part,
    Picture,
    Points,
    Readout,
    Rule,
    Text,
    cached_mark,
)
from nncore.figures.neurons.neuron_surface import plot_surface

if TYPE_CHECKING:
    from nncore.theory.activations import Activation
    from nncore.theory.logic_gates import Gate
    from nncore.theory.neuron import Neuron

Array = NDArray[np.float64]
Number = float | Array
Position = tuple[float, float]
RING = 46
SUM, FUNCTION, OUTPUT, BIAS = (205.0, 100.0), (272.0, 100.0), (338.0, 100.0), (205.0, 22.0)
ROWS = (168.0, 100.0, 32.0)
SUBSCRIPTS = "₁₂₃"
CURVE_Z = np.union1d(np.linspace(-8.0, 8.0, 161), np.linspace(-100.0, 100.0, 41))
"""The z at which curves are computed, dense where they bend; no neuron of the page has a sum beyond ±85."""


def plot_neuron(
    neuron: Neuron,
    moving: str,
    values: Array,
    *,
    over: tuple[int, int] = (0, 1),
    compared: Activation | None = None,
    gate: Gate | None = None,
) -> Picture:
    """Plot the drawing, the surface and the curves of `neuron` while its number called `moving` takes `values`, (P,).

    The surface lies `over` two inputs, counted from 0, and has the points of a `gate` on it. The curves may include a
    second activation, `compared`.
    """
    moved = neuron.moved(moving, values)
    readouts = [
        Readout("live_z", "z", FormattedNumber(moved.z), theme.WEIGHT),
        Readout("live_output", "f(z)", FormattedNumber(moved.output), theme.OUTPUT),
        Readout("live_slope", "f′(z)", FormattedNumber(moved.slope), theme.COST),
    ]
    if compared:
        readouts.append(
            Readout("live_compared", f"{compared.name}(z)", FormattedNumber(compared(moved.z)), theme.SECOND)
        )
    surface = plot_surface(neuron, moving, values, over=over, gate=gate)
    return Picture([plot_drawing(moved), surface, plot_curves(moved, compared)], readouts)


def plot_drawing(moved: Neuron) -> Panel:
    """Draw inputs, weights, bias, sum, activation and output of a neuron, of which a number may move, left to right.

    An edge is wider for a larger weight, and dashed for a negative one.
    """
    parts: list[Part] = []
    for number, (row, x, w) in enumerate(zip(ROWS, moved.x, moved.w, strict=True)):
        point = (52.0, row)
        middle = (point[0] + 0.4 * (SUM[0] - point[0]), row + 0.4 * (SUM[1] - row))
        parts += [_edge(point, SUM, w), _ring(point, theme.INPUT), _words(point, FormattedNumber(x))]
        parts.append(_words(point, f"x{SUBSCRIPTS[number]}", dx=-28, anchor="end"))
        parts.append(
            _words(
                middle, FormattedNumber(w, f"w{SUBSCRIPTS[number]} = {{}}"), dy={168.0: -24, 100.0: -14, 32.0: 24}[row]
            )
        )
    parts += [_edge(BIAS, SUM, moved.b, ring=34), _ring(BIAS, theme.WEIGHT, 30), _words(BIAS, "1")]
    parts += [_line(SUM, FUNCTION, theme.OUTPUT, 3.0), _line(FUNCTION, OUTPUT, theme.OUTPUT, 3.0)]
    parts += [_ring(SUM, theme.WEIGHT), _ring(FUNCTION, theme.OUTPUT), _ring(OUTPUT, theme.OUTPUT, RING + 4)]
    parts += [
        _words(SUM, "Σ"),
        _words(FUNCTION, "f"),
        _words(OUTPUT, FormattedNumber(np.round(moved.output, 3), digits=3)),
    ]
    parts.append(_words(BIAS, FormattedNumber(moved.b, "b = {}"), dx=22, anchor="start"))
    parts.append(Label(*SUM, FormattedNumber(moved.z, "z = {}"), dy=-38, dx=12, bold=True))
    parts += [_words(FUNCTION, moved.f.name, dy=38), _words(OUTPUT, "output", dy=-38)]
    alt = FormattedNumber(moved.z, f"A neuron with {len(moved.x)} inputs and the activation {moved.f.name}: z is {{}}.")
    return Panel("neuron_drawing", Axis("", 0, 370), Axis("", 0, 200), parts, "", alt, height=175, bare=True)


def plot_curves(moved: Neuron, compared: Activation | None = None) -> Panel:
    """Plot f and, dashed, its slope f' against z, with points at the z of `moved`; `compared` has another colour."""
    z = np.atleast_1d(moved.z)
    reach = np.maximum(6.0, 1.15 * np.abs(z))
    curves = [(moved.f, theme.OUTPUT, theme.COST)]
    if compared:
        curves.insert(0, (compared, theme.SECOND, theme.SECOND))
    low = np.minimum(0.0, np.min([f(-reach) for f, *_ in curves], axis=0))
    high = np.maximum(1.05, np.max([f(reach) for f, *_ in curves], axis=0))
    parts: list[Part] = [Rule("x", z)]
    for f, colour, slope_colour in curves:
        parts += _curves(f, colour, slope_colour)
    for f, colour, slope_colour in curves:
        parts.append(Points(z[:, None], f.slope(z)[:, None], slope_colour))
        parts.append(Points(z[:, None], f(z)[:, None], colour))
    title = f"{moved.f.name} and its slope, dashed" + (f"; light blue: {compared.name}" if compared else "")
    margin = 0.08 * (high - low)
    axes = Axis("z", -reach, reach), Axis("", low - margin, high + margin)
    names = f"{moved.f.name}{f' and {compared.name}' if compared else ''}"
    alt = FormattedNumber(moved.z, f"{names} and slope against z, with points at z = {{}}.")
    return Panel("curve", *axes, parts, title, alt, height=215)


@cached_mark
def _curves(f: Activation, colour: str, slope_colour: str) -> tuple[Line, Line]:
    slope = Line(CURVE_Z, f.slope(CURVE_Z), slope_colour, 3.5, "dash")
    return slope, Line(CURVE_Z, f(CURVE_Z), colour, 4.0)


def _edge(start: Position, end: Position, weight: Number, *, ring: int = RING) -> Line:
    dashes = np.where(np.asarray(weight) < 0, "dash", "solid")
    width = 1.5 + 1.6 * np.minimum(np.abs(weight), 5.0)
    dash: Text = str(dashes) if dashes.ndim == 0 else dashes.tolist()
    return _line(start, end, theme.WEIGHT, width, dash, ring)


@cached_mark
def _line(
    start: Position,
    end: Position,
    colour: str,
    width: Number,
    dash: Text = "solid",
    first: int = RING,
    last: int = RING,
) -> Line:
    """Return a line from ring to ring, since rings are translucent."""
    (x0, y0), (x1, y1) = start, end
    length = float(np.hypot(x1 - x0, y1 - y0))
    begin, stop = first / 2 / length, 1 - last / 2 / length
    shares = np.array([begin, stop])
    return Line(x0 + shares * (x1 - x0), y0 + shares * (y1 - y0), colour, width, dash)


@cached_mark
def _ring(point: Position, colour: str, size: float = RING) -> Points:
    return Points(np.array(point[:1]), np.array(point[1:]), colour, size, "disc")


@cached_mark
def _words(point: Position, text: Text, dx: float = 0.0, dy: float = 0.0, anchor: str = "middle") -> Label:
    return Label(
        *point, text, anchor="start" if anchor == "start" else "end" if anchor == "end" else "middle", dx=dx, dy=dy
    )
