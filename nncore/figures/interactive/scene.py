"""Figures that move with a control: everything that they can show is computed before the control is dragged.

The control has P positions. A quantity of shape S is fixed; with a further axis of length P in front, (P, *S), it
moves, and the browser shows entry p while the control is at position p. The figure thus repaints during a drag without
asking the server. `pages/ui/interactive_figure/element.py` shows it.

Texts move likewise: one string is fixed, a sequence of P strings moves, and so does a `FormattedNumber` of P numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from typing import Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from nncore.figures import theme

Array = NDArray[np.float64]
Number = float | Array
"""One number, or an array (P,) of a moving number."""


@dataclass(frozen=True)
class FormattedNumber:
    """A text with a number, or P of them: `template` with {} replaced by the number, to `digits` significant digits."""

    number: Number
    template: str = "{}"
    digits: int = 4


Text = str | Sequence[str] | FormattedNumber
"""One text, or P of them."""

Made = TypeVar("Made")


def cached_mark(make: Callable[..., Made]) -> Callable[..., Made]:
    """Cache the marks that `make` returns, so that equal ones are one object in all figures; moving ones are not."""
    cached = lru_cache(maxsize=1000)(make)

    @wraps(make)
    def once(*described: Any, **more: Any) -> Made:
        try:
            hash((described, *more.values()))
        except TypeError:  # an array, which moves
            return make(*described, **more)
        return cached(*described, **more)

    return once


@dataclass(frozen=True)
class Axis:
    """The title of an axis, with its unit, and its lower and upper end."""

    title: str
    low: Number
    high: Number


@dataclass(frozen=True)
class Line:
    """A line through points; NaN and infinity leave a gap."""

    x: Array
    """(n,), or (P, n) where it moves."""
    y: Array
    """(n,), or (P, n) where it moves."""
    colour: str
    width: Number = 3.0
    """The width in pixels, as all sizes here."""
    dash: Text = "solid"
    """The pattern: `solid`, `dash` or `dot`."""
    arrows: bool = False
    """Whether every segment that is long enough ends in an arrow head, for a path that has a direction."""


@dataclass(frozen=True)
class Points:
    """Markers at points; NaN leaves one out."""

    x: Array
    """(n,), or (P, n) where they move."""
    y: Array
    colour: str
    size: float = 15.0
    shape: Literal["circle", "square", "ring", "disc", "cross"] = "circle"
    """The shape of the markers; a disc is a ring filled with a tint of its colour, on which text stays readable."""


@dataclass(frozen=True)
class Bars:
    """Vertical bars from 0 to their heights."""

    x: Array
    """The middles of the bars, (n,)."""
    y: Array
    """(n,), or (P, n) where they move."""
    colour: str
    width: float = 0.7
    """The width of a bar in units of the axis."""


@dataclass(frozen=True)
class Area:
    """Filled polygons with an outline; NaN separates them."""

    x: Array
    """(n,), or (P, n) where it moves."""
    y: Array
    colour: str
    alpha: float = 0.25


@dataclass(frozen=True)
class Rule:
    """A straight line across the panel at one value of an axis; axis "x" gives a vertical line."""

    axis: Literal["x", "y"]
    at: Number
    colour: str = theme.NEUTRAL
    width: float = 2.0
    dash: Text = "dot"


@dataclass(frozen=True)
class Label:
    """A text at a point, shifted by `dx` pixels to the right and `dy` pixels down."""

    x: Number
    y: Number
    text: Text
    anchor: Literal["start", "middle", "end"] = "middle"
    dx: float = 0.0
    dy: float = 0.0
    bold: bool = False


@dataclass(frozen=True)
class HeatMap:
    """The colours of A + v B over the whole panel, with one number v = `times` for each position.

    A[i, j] = rows[i] + columns[j] + values[i, j] and B[i, j] = times_rows[i] + times_columns[j]. Row 0 lies at the
    bottom and column 0 on the left. The map fills the panel, so each pixel is (high - low) / n wide.
    """

    colours: NDArray[np.uint8]
    """The RGB colours of k equidistant values from `low` to `high`, (k, 3); values beyond get the end colours."""
    low: float
    high: float
    rows: Array
    """The part of A that depends on the row, (m,), as every array of rows."""
    columns: Array
    """The part of A that depends on the column, (n,), as every array of columns."""
    values: Array | None = None
    """The rest of A, (m, n), if A is no sum of rows and columns."""
    times: Number = 0.0
    """The factor v, one number or P of them."""
    times_rows: Array | None = None
    times_columns: Array | None = None


@dataclass(frozen=True)
class ColourBar:
    """The legend of the colours of a heat map, drawn beside it."""

    colours: NDArray[np.uint8]
    """The RGB colours from `low` to `high`, (k, 3)."""
    low: float
    high: float
    title: str = ""


Part = Line | Points | Bars | Area | Rule | Label | HeatMap


@dataclass(frozen=True)
class Panel:
    """One pair of axes with the parts that are drawn between them, in this order."""

    key: str
    """A name for tests and links, unlike every other key of the page: the panel carries the class `st-key-<key>`."""
    x: Axis
    y: Axis
    parts: Sequence[Part]
    heading: Text
    alt: Text
    """The alternative text, which says what the panel shows."""
    height: int = 240
    bar: ColourBar | None = None
    bare: bool = False
    """Whether the axes are hidden, as for a drawing."""
    equal: bool = False
    """Whether a unit is equally long on both axes; the axis with room to spare then shows more."""
    tall: bool = False
    """Whether the panel spans two rows if the panels stand in several columns."""


@dataclass(frozen=True)
class Readout:
    """A text beside the control that follows the drag, such as a number."""

    key: str
    label: str
    text: Text
    colour: str = theme.NEUTRAL


@dataclass(frozen=True)
class Picture:
    """All panels and readouts for the positions of one control."""

    panels: Sequence[Panel]
    readouts: Sequence[Readout] = field(default_factory=tuple)


def colour_scale(stops: Sequence[Sequence[object]], shares: Array) -> NDArray[np.uint8]:
    """Return the RGB colours (k, 3) of a Plotly colour scale at `shares` (k,), from 0 (its start) to 1 (its end)."""
    positions = np.array([float(str(stop[0])) for stop in stops])
    colours = np.array([[int(str(stop[1])[i : i + 2], 16) for i in (1, 3, 5)] for stop in stops], dtype=np.float64)
    channels = [np.interp(shares, positions, channel) for channel in colours.T]
    return np.round(np.stack(channels, axis=-1)).astype(np.uint8)
