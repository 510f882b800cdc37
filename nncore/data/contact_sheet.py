"""MNIST to browse: many pictures on one sheet, the number of pictures of each digit, and their mean.

Pages call these in the interactive worker, which holds the data: `engine.ask(contact_sheet.browse, "test", 7)`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nncore.data import dataset

SPLITS = ("train", "test")
SIDE, GAP = 28, 1
ACROSS, DOWN = 12, 7
"""The columns and rows of a full sheet."""
SHEET = ACROSS * DOWN
BETWEEN = 70
"""The pixel value of the gaps between pictures, from 0 (paper) to 255 (ink)."""


@dataclass(frozen=True)
class ContactSheet:
    """Pictures side by side on one sheet, with their indices."""

    picture: NDArray[np.uint8]
    """The sheet, (rows * 29 - 1, 12 * 29 - 1), with a grey pixel between two pictures and grey where none lies."""
    indices: NDArray[np.intp]
    """The indices of the pictures in their split, row by row, (n,)."""


def class_counts() -> dict[str, NDArray[np.intp]]:
    """Return the number of pictures of each digit 0 to 9, (10,), for both splits."""
    return {split: np.bincount(_split(split)[1], minlength=10) for split in SPLITS}


def pick(split: str, index: int) -> tuple[NDArray[np.uint8], int]:
    """Return the picture of this index, (28, 28), 0 to 255, and its digit; raise ValueError beyond the split."""
    pictures, labels = _split(split)
    if not 0 <= index < len(labels):
        raise ValueError(f"expected an index from 0 to {len(labels) - 1}, received {index}")
    return pictures[index], int(labels[index])


def browse(split: str, digit: int, offset: int = 0) -> ContactSheet:
    """Return as many pictures of a digit as fit on a sheet, from the `offset`-th on, counted from 0.

    Raises ValueError if there is no picture at the offset.
    """
    pictures, labels = _split(split)
    matching = np.flatnonzero(labels == digit)
    if not 0 <= offset < len(matching):
        raise ValueError(f"expected an offset from 0 to {len(matching) - 1} for the digit {digit}, received {offset}")
    indices = matching[offset : offset + SHEET]
    return ContactSheet(_arrange(pictures[indices]), indices)


def show(pictures: NDArray[np.uint8], indices: NDArray[np.intp]) -> ContactSheet:
    """Return as many of the pictures (m, 28, 28) with these indices (n,) as fit; without any the sheet has no rows."""
    fitting = indices[:SHEET]
    return ContactSheet(_arrange(pictures[fitting]), fitting)


@lru_cache(maxsize=20)
def mean_digit(split: str, digit: int) -> NDArray[np.float32]:
    """Return the mean of all pictures of a digit, pixel by pixel, (28, 28), 0 to 255.

    Raises ValueError if the split has no picture of it.
    """
    pictures, labels = _split(split)
    if not (labels == digit).any():
        raise ValueError(f"expected a digit of the data set, 0 to 9, received {digit}")
    mean: NDArray[np.float32] = pictures[labels == digit].mean(axis=0, dtype=np.float64).astype(np.float32)
    return mean


def corners(count: int) -> NDArray[np.intp]:
    """Return the first row and column of each of `count` pictures on a sheet, (count, 2)."""
    return np.array([divmod(number, ACROSS) for number in range(count)], np.intp).reshape(count, 2) * (SIDE + GAP)


def _arrange(pictures: NDArray[Any]) -> NDArray[np.uint8]:
    rows = -(-len(pictures) // ACROSS)
    sheet = np.full((max(rows * (SIDE + GAP) - GAP, 0), ACROSS * (SIDE + GAP) - GAP), BETWEEN, np.uint8)
    for picture, (row, column) in zip(pictures, corners(len(pictures)), strict=True):
        sheet[row : row + SIDE, column : column + SIDE] = picture
    return sheet


def _split(split: str) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    digits = dataset.mnist()
    if split not in SPLITS:
        raise ValueError(f"expected train or test, received {split!r}")
    return (digits.x_train, digits.y_train) if split == "train" else (digits.x_test, digits.y_test)
