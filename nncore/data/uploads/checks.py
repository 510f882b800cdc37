"""What pictures of one's own must be: how many, of which shape, with which values; and the sentence if they are not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Pixels = NDArray[np.uint8]

LARGEST_BYTES = 30 * 2**20
"""Of the file: 16,000 pictures as CSV, or all of MNIST as a compressed .npz (11 MB)."""
FEWEST_TRAIN, FEWEST_TEST = 100, 10
MOST_TRAIN, MOST = 60_000, 70_000
"""Pictures to train, and in all: as many as MNIST has."""


class OwnDataError(ValueError):
    """This file is no data set that can be trained on; the message is a sentence."""


def check_counts(train: int, test: int) -> None:
    """OwnDataError for too few or too many pictures."""
    if train < FEWEST_TRAIN or test < FEWEST_TEST:
        raise OwnDataError(
            f"Expected at least {FEWEST_TRAIN} pictures to train and {FEWEST_TEST} to test, received {train:,} and "
            f"{test:,}."
        )
    if train > MOST_TRAIN or train + test > MOST:
        raise OwnDataError(
            f"Expected at most {MOST_TRAIN:,} pictures to train and {MOST:,} in all, received {train:,} and "
            f"{train + test:,}."
        )


def as_pictures(values: Array, where: Callable[[int], str]) -> Pixels:
    """Grey values 0 to 255, 784 numbers a picture, as bytes (n, 28, 28), fractions rounded.

    OwnDataError for other values; `where(n)` names the n-th picture, from 0, in it.
    """
    if not (values.min() >= 0 and values.max() <= 255):  # of which a NaN is neither
        each = values.reshape(len(values), -1)
        wrong = ~((each >= 0) & (each <= 255))
        place = int(np.argmax(wrong.any(axis=1)))
        received = each[place][wrong[place]][0]
        raise OwnDataError(f"{where(place)}: expected grey values from 0 to 255, received {received:g}.")
    whole = np.rint(values) if values.dtype.kind == "f" else values
    return whole.astype(np.uint8).reshape(-1, 28, 28)


def as_labels(values: Array, where: Callable[[int], str]) -> Pixels:
    """Whole numbers 0 to 9, (n,), as bytes; OwnDataError for others, as above."""
    fits = (values >= 0) & (values <= 9) & (values == np.floor(values))
    if not fits.all():
        place = int(np.argmin(fits))
        raise OwnDataError(
            f"{where(place)}: expected a label that is a whole number from 0 to 9, received {values[place]:g}."
        )
    return values.astype(np.uint8)


def check_brightness(pictures: Pixels, where: str) -> None:
    """OwnDataError where grey values were scaled to 0..1 before: as bytes nothing would be left of them."""
    if pictures.max() <= 1:
        raise OwnDataError(f"{where}: expected grey values from 0 to 255, received 0 to 1 only: multiply them by 255.")
