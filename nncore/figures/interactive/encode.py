"""Interactive figures as bytes for the browser: texts as JSON, then the numbers as float32, each array once.

An array that is only scaled as it moves, as a parabola is when its axes zoom, is sent as one row and a factor for each
position.
"""

from __future__ import annotations

import base64
import json
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nncore.figures.interactive.scene import (
    Area,
    Axis,
    Bars,
    ColourBar,
    FormattedNumber,
    HeatMap,
    Label,
    Line,
    Panel,
    Part,
    Picture,
    Points,
    Rule,
)

STATIC_NDIM: dict[type, dict[str, int]] = {
    Line: {"x": 1, "y": 1, "width": 0},
    Points: {"x": 1, "y": 1},
    Area: {"x": 1, "y": 1},
    Bars: {"x": 1, "y": 1},
    Rule: {"at": 0},
    Label: {"x": 0, "y": 0},
    HeatMap: {"rows": 1, "columns": 1, "values": 2, "times": 0, "times_rows": 1, "times_columns": 1},
}
"""The fields of each part that hold numbers, and their number of axes if they do not move."""

ROUNDING = 2.0**-22
"""The error that a product of two float32 numbers may have, as a share of the largest number of its row."""

PLAIN = (str, float, int)
"""The types that are written to JSON unchanged."""


def encode(picture: Picture) -> bytes:
    """Return a header {"panels": ..., "readouts": ..., "arrays": [[offset, length], ...]} and the bytes of the arrays.

    Parts refer to their arrays by number. Raises ValueError if an array has not the axes that its field must have.
    """
    packing = _Packing()
    with np.errstate(over="ignore"):  # beyond float32 lies infinity: a gap
        packed = packing.picture(picture)
    return with_header(packed | {"arrays": packing.arrays}, b"".join(packing.contents))


def with_header(head: dict[str, Any], rest: bytes) -> bytes:
    """Return the length of the header as little-endian uint32, the header `head` as JSON, and the bytes `rest`.

    The header is padded with spaces, so that the rest begins at a multiple of four, where float32 is read in place.
    """
    text = json.dumps(head, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    return len(text).to_bytes(4, "little") + text + rest


def pack_array(numbers: Any) -> dict[str, Any]:
    """Return an array as {"shape": ..., "values": ...}, with float32 in base64 row by row, for an element to draw."""
    array = np.asarray(numbers, np.float64).astype(np.float32)
    return {"shape": list(array.shape), "values": base64.b64encode(array.tobytes()).decode()}


def round_significant(numbers: NDArray[np.float64], digits: int) -> NDArray[np.float64]:
    """Round each number to this number of significant digits, keeping the shape."""
    return np.array([float(f"{number:.{digits}g}") for number in numbers.ravel().tolist()]).reshape(numbers.shape)


def _rank_one_factors(array: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]] | None:
    """Return factors (P,) and a row (n,) whose product is this array (P, n) within float32 rounding, or None."""
    if not np.isfinite(array).all():
        return None
    exact = array.astype(np.float64)
    longest = np.abs(exact).max(axis=1)
    row = exact[longest.argmax()]
    if not row.any():
        return None
    largest = np.abs(row).argmax()
    times = (exact[:, largest] / row[largest]).astype(np.float32)
    products = times.astype(np.float64)[:, None] * row
    for some in (np.s_[::16], np.s_[:]):  # a few rows are enough to reject most arrays
        if (np.abs(products[some] - exact[some]).max(axis=1) > ROUNDING * longest[some]).any():
            return None
    return times, row.astype(np.float32)


class _Packing:
    """Collect arrays, each of them once, and refer to them by number."""

    def __init__(self) -> None:
        self.arrays: list[tuple[int, int]] = []
        """The offset and the length in bytes of each array."""
        self.contents: list[bytes] = []
        self._numbers: dict[bytes, int] = {}
        self._rounded: dict[tuple[bytes, int], dict[str, Any]] = {}
        self._end = 0

    def picture(self, picture: Picture) -> dict[str, Any]:
        """Return all panels and readouts, with their arrays packed."""
        return {
            "panels": [self._panel(panel) for panel in picture.panels],
            "readouts": [self._plain(readout) for readout in picture.readouts],
        }

    def _panel(self, panel: Panel) -> dict[str, Any]:
        return self._plain(panel) | {
            "x": self._axis(panel.x),
            "y": self._axis(panel.y),
            "bar": self._part(panel.bar) if panel.bar else None,
            "parts": [self._part(part) for part in panel.parts],
        }

    def _axis(self, axis: Axis) -> dict[str, Any]:
        return {"title": axis.title, "low": self._number(axis.low), "high": self._number(axis.high)}

    def _part(self, part: Part | ColourBar) -> dict[str, Any]:
        """Return the kind and the fields of a part, with moving numbers and arrays packed."""
        packed: dict[str, Any] = {"kind": type(part).__name__} | self._plain(part)
        for name, axes in STATIC_NDIM.get(type(part), {}).items():
            if getattr(part, name) is not None:
                packed[name] = self._array(getattr(part, name), axes) if axes else self._number(getattr(part, name))
        if isinstance(part, HeatMap | ColourBar):
            packed["colours"] = self._place(part.colours.astype(np.uint8).tobytes())
        return packed

    def _plain(self, described: Any) -> dict[str, Any]:
        """Return the fields that are texts or single numbers."""
        packed: dict[str, Any] = {}
        for name, value in vars(described).items():
            if isinstance(value, PLAIN):
                packed[name] = value
            elif isinstance(value, FormattedNumber):
                packed[name] = self._formatted(value)
            elif isinstance(value, list | tuple) and value and isinstance(value[0], str):
                packed[name] = value[0] if len(set(value)) == 1 else list(value)
        return packed

    def _formatted(self, text: FormattedNumber) -> dict[str, Any]:
        """Round a number here, so that no digit changes where float32 is less exact."""
        numbers = np.asarray(text.number, dtype=np.float64) + 0.0
        named = (numbers.tobytes(), text.digits)
        if named not in self._rounded:  # the same number stands in several places
            self._rounded[named] = self._array(round_significant(numbers, text.digits), 0)
        return {"number": self._rounded[named], "template": text.template, "digits": text.digits}

    def _number(self, number: Any) -> Any:
        """Return one number unchanged, or pack those of all positions as an array."""
        still = isinstance(number, float | int) and math.isfinite(number)  # JSON knows no infinity
        return float(number) if still else self._array(number, 0)

    def _array(self, numbers: Any, still: int) -> dict[str, Any]:
        """Pack an array as float32, of which `still` axes belong to one position; one in front is that of positions."""
        array = np.asarray(numbers, dtype=np.float64).astype(np.float32)
        if array.ndim not in (still, still + 1):
            raise ValueError(
                f"expected an array of {still} axes, or {still + 1} where it moves, received {array.shape}"
            )
        size = math.prod(array.shape[array.ndim - still :])
        packed = {"size": size, "moves": array.ndim > still}
        if packed["moves"] and size > 4 and (product := _rank_one_factors(array.reshape(len(array), size))) is not None:
            times, row = (self._place(each.tobytes()) for each in product)
            return packed | {"at": row, "times": times}
        return packed | {"at": self._place(array.tobytes())}

    def _place(self, content: bytes) -> int:
        if content not in self._numbers:
            self._numbers[content] = len(self.arrays)
            self.arrays.append((self._end, len(content)))
            self.contents.append(content + bytes(-len(content) % 4))
            self._end += len(self.contents[-1])
        return self._numbers[content]
