"""The checks of an uploaded data set: the number of pictures, their shape and their values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Pixels = NDArray[np.uint8]

LARGEST_BYTES = 30 * 2**20
"""The largest file: 16,000 pictures as CSV, or much more than all of MNIST as a compressed .npz (11 MB)."""
FEWEST_TRAIN, FEWEST_TEST = 100, 10
MOST_TRAIN, MOST = 60_000, 70_000
"""The most pictures to train, and in all: as many as MNIST has."""


class UploadError(ValueError):
    """The file is no data set that can be trained on; the message is a sentence for the visitor."""


def check_counts(train: int, test: int) -> None:
    """Raise UploadError for too few or too many pictures."""
    if train < FEWEST_TRAIN or test < FEWEST_TEST:
        raise UploadError(
            f"Expected at least {FEWEST_TRAIN} pictures to train and {FEWEST_TEST} to test, received {train:,} and "
            f"{test:,}."
        )
    if train > MOST_TRAIN or train + test > MOST:
        raise UploadError(
            f"Expected at most {MOST_TRAIN:,} pictures to train and {MOST:,} in all, received {train:,} and "
            f"{train + test:,}."
        )


def as_pictures(values: Array, where: Callable[[int], str]) -> Pixels:
    """Convert pixel values 0 to 255, 784 for each picture, to bytes (n, 28, 28), rounding fractions.

    Raises UploadError for other values; in its message `where(n)` names the n-th picture, counted from 0.
    """
    if not (values.min() >= 0 and values.max() <= 255):  # false for NaN too
        each = values.reshape(len(values), -1)
        wrong = ~((each >= 0) & (each <= 255))
        index = int(np.argmax(wrong.any(axis=1)))
        received = each[index][wrong[index]][0]
        raise UploadError(f"{where(index)}: expected grey values from 0 to 255, received {received:g}.")
    whole = np.rint(values) if values.dtype.kind == "f" else values
    return whole.astype(np.uint8).reshape(-1, 28, 28)


def as_labels(values: Array, where: Callable[[int], str]) -> Pixels:
    """Convert whole numbers 0 to 9, (n,), to bytes; raise UploadError for other values, as `as_pictures` does."""
    fits = (values >= 0) & (values <= 9) & (values == np.floor(values))
    if not fits.all():
        index = int(np.argmin(fits))
        raise UploadError(
            f"{where(index)}: expected a label that is a whole number from 0 to 9, received {values[index]:g}."
        )
    return values.astype(np.uint8)


def check_brightness(pictures: Pixels, where: str) -> None:
    """Raise UploadError if pixel values were scaled to 0..1, since nothing would be left of them as bytes."""
    if pictures.max() <= 1:
        raise UploadError(f"{where}: expected grey values from 0 to 255, received 0 to 1 only: multiply them by 255.")
