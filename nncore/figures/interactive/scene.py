"""A picture that moves with a control: everything that it can show is computed before anybody drags.

The control has P positions. A quantity of shape S stands still; with a further axis of length P in front, (P, *S), it
moves, and the browser shows entry p while the control is at position p. So a picture repaints while it is dragged
without asking the server, from numbers that were computed here. `pages/ui/interactive_figure/element.py` shows it.

Texts move likewise: one string stands still, a sequence of P strings moves, and so does a `FormattedNumber` of P
numbers.
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
"""One number, or P of them."""


@dataclass(frozen=True)
class FormattedNumber:
    """A number in words, or P of them: `template` with the number, of so many significant `digits`, in place of {}."""

    number: Number
    template: str = "{}"
    digits: int = 4


Text = str | Sequence[str] | FormattedNumber
"""One text, or P of them."""


Made = TypeVar("Made")


def cached_mark(make: Callable[..., Made]) -> Callable[..., Made]:
    """`make`, with one object for all who ask for the same, in however many pictures; what moves is made each time."""
    kept = lru_cache(maxsize=1000)(make)

    @wraps(make)
    def once(*described: Any, **more: Any) -> Made:
        try:
            hash((described, *more.values()))
        except TypeError:  # an array, which moves
            return make(*described, **more)
        return kept(*described, **more)

    return once


@dataclass(frozen=True)
class Axis:
    """What an axis is called, with its unit, and where it begins and ends; low < high."""

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
    """In pixels, as all sizes here."""
    dash: Text = "solid"
    """solid, dash or dot."""
    arrows: bool = False
    """A head at the end of every stretch that is long enough to show one: for a path that has a direction."""


@dataclass(frozen=True)
class Points:
    """Marks at points; NaN leaves one out."""

    x: Array
    """(n,), or (P, n) where they move."""
    y: Array
    colour: str
    size: float = 15.0
    shape: Literal["circle", "square", "ring", "disc", "cross"] = "circle"
    """A disc is a ring with a veil of its colour inside: text stays readable on it."""


@dataclass(frozen=True)
class Bars:
    """Upright bars from 0 to their heights."""

    x: Array
    """(n,), the middles of the bars."""
    y: Array
    """(n,), or (P, n) where they move."""
    colour: str
    width: float = 0.7
    """In units of the axis."""


@dataclass(frozen=True)
class Area:
    """Filled shapes with an outline; NaN begins the next shape."""

    x: Array
    """(n,), or (P, n) where it moves."""
    y: Array
    colour: str
    alpha: float = 0.25


@dataclass(frozen=True)
class Rule:
    """A straight line across the panel at one place of an axis: axis "x" gives an upright one."""

    axis: Literal["x", "y"]
    at: Number
    colour: str = theme.NEUTRAL
    width: float = 2.0
    dash: Text = "dot"


@dataclass(frozen=True)
class Label:
    """Words at a place; `dx` and `dy` push them away from it, in pixels right and down."""

    x: Number
    y: Number
    text: Text
    anchor: Literal["start", "middle", "end"] = "middle"
    dx: float = 0.0
    dy: float = 0.0
    bold: bool = False


@dataclass(frozen=True)
class HeatMap:
    """Colours over the whole panel: those of A + v B, with one number v a position, v = `times`.

    A[i, j] = rows[i] + columns[j] + values[i, j] and B[i, j] = times_rows[i] + times_columns[j]. Row 0 lies at the
    bottom and column 0 on the left. The map fills the panel, so each pixel is (high - low) / n wide.
    """

    colours: NDArray[np.uint8]
    """(k, 3), red, green and blue of k equidistant values from `low` to `high`; beyond, the ends."""
    low: float
    high: float
    rows: Array
    """(m,), as every array of rows."""
    columns: Array
    """(n,), as every array of columns."""
    values: Array | None = None
    """(m, n), for an A that is no sum of rows and columns."""
    times: Number = 0.0
    """v, one number or P of them."""
    times_rows: Array | None = None
    times_columns: Array | None = None


@dataclass(frozen=True)
class ColourBar:
    """What the colours of a heat map mean, drawn beside it."""

    colours: NDArray[np.uint8]
    """(k, 3), from `low` to `high`."""
    low: float
    high: float
    title: str = ""


Part = Line | Points | Bars | Area | Rule | Label | HeatMap


@dataclass(frozen=True)
class Panel:
    """One pair of axes and what is drawn between them, in this order."""

    key: str
    """A name for tests and links, unlike every other key of the page: the panel carries the class `st-key-<key>`."""
    x: Axis
    y: Axis
    parts: Sequence[Part]
    heading: Text
    alt: Text
    """What it shows, for those who do not see it."""
    height: int = 240
    bar: ColourBar | None = None
    bare: bool = False
    """Without axes: a drawing."""
    equal: bool = False
    """A unit is as long on both axes: the one with room to spare shows more."""
    tall: bool = False
    """Over two rows, where the panels stand in several columns."""


@dataclass(frozen=True)
class Readout:
    """A number in words beside the control, as it is while being dragged."""

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
    """Colours (k, 3) of a Plotly colour scale at `shares`, (k,), 0 its beginning and 1 its end; beyond, the ends."""
    places = np.array([float(str(stop[0])) for stop in stops])
    colours = np.array([[int(str(stop[1])[i : i + 2], 16) for i in (1, 3, 5)] for stop in stops], dtype=np.float64)
    channels = [np.interp(shares, places, channel) for channel in colours.T]
    return np.round(np.stack(channels, axis=-1)).astype(np.uint8)
