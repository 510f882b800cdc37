"""Preparing a drawing as MNIST was prepared: crop, fit into 20x20, centre of mass, 28x28.

NIST's scans became MNIST this way (http://yann.lecun.com/exdb/mnist/): each digit was fitted into 20x20 pixels with
its proportions kept and its edges softened, then shifted until its centre of mass was the centre of 28x28.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

Pixels = NDArray[np.uint8]

FIELD = 28
FITTED = 20
CENTRE = FIELD / 2
"""The centre of mass: in MNIST it lies at pixel 14, counted from 0 (measured: 14.0 ± 0.3), not at 13.5."""
FAINTEST = 32
"""A drawing without a pixel as bright as this, of 255, is empty."""
PAPER = 0.25
"""A pixel below this share of the brightest is paper, so that the soft fringe of a stroke does not widen the crop."""


class EmptyDrawingError(ValueError):
    """The drawing has no ink to prepare; the message is a sentence for the reader."""


@dataclass(frozen=True)
class Preparation:
    """A drawing after each step of its preparation; all pictures are uint8 from 0 (paper) to 255 (ink)."""

    ink: Pixels
    """The drawing in grey, (height, width), in its original size."""
    box: tuple[int, int, int, int]
    """The bounding box of the ink in `ink`: first row, first column, number of rows, number of columns."""
    cropped: Pixels
    """The ink inside its bounding box."""
    fitted: Pixels
    """The crop scaled until its longer side has 20 pixels."""
    centre_of_mass: tuple[float, float]
    """The row and column of the centre of mass in `fitted`, counted in pixels from 0."""
    offset: tuple[int, int]
    """The row and column of the 28x28 field at which the first pixel of `fitted` lies, 0 to 27."""
    picture: Pixels
    """The result, (28, 28), as MNIST would store it."""


def prepare(drawing: Pixels, *, centre: bool = True) -> Preparation:
    """Prepare a drawing, uint8 RGBA (height, width, 4) or grey (height, width), with bright ink on dark or transparent.

    With `centre=False` the middle of the bounding box is centred instead of the centre of mass. Raises
    EmptyDrawingError if there is no ink, and ValueError for an array of another type or shape.
    """
    ink = _ink(drawing)
    box = _bounding_box(ink)
    row, column, rows, columns = box
    cropped = ink[row : row + rows, column : column + columns]
    fitted = _fit(cropped)
    mass = ndimage.center_of_mass(fitted.astype(float))
    offset = _offset(fitted, mass if centre else None)
    picture = np.zeros((FIELD, FIELD), np.uint8)
    picture[offset[0] : offset[0] + fitted.shape[0], offset[1] : offset[1] + fitted.shape[1]] = fitted
    return Preparation(ink, box, cropped, fitted, (float(mass[0]), float(mass[1])), offset, picture)


def _ink(drawing: Pixels) -> Pixels:
    """Return brightness times opacity, so that a transparent background is paper whatever its colour."""
    array = np.asarray(drawing)
    if array.dtype != np.uint8 or array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] != 4):
        raise ValueError(
            "expected a drawing of bytes, RGBA (height, width, 4) or grey (height, width), "
            f"received {array.dtype} {array.shape}"
        )
    if array.ndim == 2:
        return array
    brightness = np.asarray(Image.fromarray(np.ascontiguousarray(array[..., :3])).convert("L"), float)
    return np.rint(brightness * array[..., 3] / 255).astype(np.uint8)


def _bounding_box(ink: Pixels) -> tuple[int, int, int, int]:
    brightest = int(ink.max(initial=0))
    if brightest < FAINTEST:
        raise EmptyDrawingError(
            f"expected a digit drawn in bright ink, received an empty drawing (brightest pixel {brightest} of 255)"
        )
    marked = ink > PAPER * brightest
    rows, columns = np.flatnonzero(marked.any(axis=1)), np.flatnonzero(marked.any(axis=0))
    return int(rows[0]), int(columns[0]), int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1


def _fit(cropped: Pixels) -> Pixels:
    """Scale the longer side to 20 pixels; Pillow averages the pixels that shrink into one, which softens edges."""
    rows, columns = cropped.shape
    scale = FITTED / max(rows, columns)
    size = max(1, round(columns * scale)), max(1, round(rows * scale))
    return np.asarray(Image.fromarray(np.ascontiguousarray(cropped)).resize(size, Image.Resampling.BICUBIC))


def _offset(fitted: Pixels, mass: tuple[float, ...] | None) -> tuple[int, int]:
    """Return the offset in whole pixels, as in MNIST, limited so that no ink leaves the field."""
    row, column = (round(CENTRE - mass[axis]) if mass else (FIELD - fitted.shape[axis]) // 2 for axis in range(2))
    return min(max(row, 0), FIELD - fitted.shape[0]), min(max(column, 0), FIELD - fitted.shape[1])
