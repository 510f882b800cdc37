"""Pictures of the data set to look at: many on one sheet, how many there are of each digit, and their mean.

Pages call these in the interactive worker, which holds the data: `engine.ask(gallery.browse, "test", 7)`.
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
"""Pictures on a full sheet."""
SHEET = ACROSS * DOWN
BETWEEN = 70
"""The grey of the gaps, darker than ink and lighter than paper."""


@dataclass(frozen=True)
class ContactSheet:
    """Pictures of one digit side by side, and which they are."""

    picture: NDArray[np.uint8]
    """(rows * 29 - 1, 12 * 29 - 1): a pixel of grey lies between two pictures; unused places are grey."""
    indices: NDArray[np.intp]
    """(n,): where the pictures stand in their split, row by row."""


def class_counts() -> dict[str, NDArray[np.intp]]:
    """How many pictures of the digits 0 to 9 each split has, (10,)."""
    return {split: np.bincount(_split(split)[1], minlength=10) for split in SPLITS}


def pick(split: str, index: int) -> tuple[NDArray[np.uint8], int]:
    """The picture of this index, (28, 28), 0 to 255, and its digit; ValueError beyond the split."""
    pictures, labels = _split(split)
    if not 0 <= index < len(labels):
        raise ValueError(f"expected an index from 0 to {len(labels) - 1}, received {index}")
    return pictures[index], int(labels[index])


def browse(split: str, digit: int, offset: int = 0) -> ContactSheet:
    """The pictures of a digit from the `offset`-th on, counted from 0, as many as fit on a sheet; at least one."""
    pictures, labels = _split(split)
    found = np.flatnonzero(labels == digit)
    if not 0 <= offset < len(found):
        raise ValueError(f"expected an offset from 0 to {len(found) - 1} for the digit {digit}, received {offset}")
    indices = found[offset : offset + SHEET]
    return ContactSheet(_arrange(pictures[indices]), indices)


def show(pictures: NDArray[np.uint8], indices: NDArray[np.intp]) -> ContactSheet:
    """Those of the pictures (m, 28, 28) with these indices (n,), as many as fit; none make a sheet of no rows."""
    shown = indices[:SHEET]
    return ContactSheet(_arrange(pictures[shown]), shown)


@lru_cache(maxsize=20)
def mean_digit(split: str, digit: int) -> NDArray[np.float32]:
    """The mean of all pictures of a digit, pixel by pixel, (28, 28), 0 to 255."""
    pictures, labels = _split(split)
    if not (labels == digit).any():
        raise ValueError(f"expected a digit of the data set, 0 to 9, received {digit}")
    mean: NDArray[np.float32] = pictures[labels == digit].mean(axis=0, dtype=np.float64).astype(np.float32)
    return mean


def corners(count: int) -> NDArray[np.intp]:
    """First (row, column) on a sheet of each of so many pictures, (count, 2)."""
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
