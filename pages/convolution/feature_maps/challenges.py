"""The challenges of the page "Inside the network"."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nncore.networks.inspection import PixelArithmetic
from pages.convolution.feature_maps.selection import Selection

NAMES = ("cut", "wide", "doubt", "flip", "hide")
CONFIDENT = 0.9
"""Changing the answer is a challenge only where the network gives its digit at least this probability."""
MOST_OFF = 5
LARGEST_SQUARE = 5


def solved_by(selection: Selection, pixel: PixelArithmetic | None) -> dict[str, bool]:
    """Return for each challenge, by name, whether it is met by the selection and the pixel that is taken apart.

    The challenges `flip` and `hide` are met in an analysis only.
    """
    solved = dict.fromkeys(NAMES, False)
    solved["doubt"] = selection.index is None and float(selection.outputs.max()) < 0.6
    if pixel is not None:
        below_zero = pixel.kernel is not None and pixel.pre_activation < 0
        solved["cut"] = selection.layer == 0 and below_zero and pixel.value == 0
        solved["wide"] = min(pixel.receptive_field[2:]) >= 10
    return solved


def flips_answer(selection: Selection, off: list[int], outputs: NDArray[np.float32]) -> bool:
    """Return whether few maps or units that are `off`, below the outputs, change a confident answer."""
    few_below_outputs = len(off) <= MOST_OFF and selection.layer < len(selection.activations) - 1
    return _confident(selection) and few_below_outputs and int(outputs.argmax()) != selection.predicted


def hides_digit(selection: Selection, size: int, predictions: NDArray[np.intp]) -> bool:
    """Return whether a small square of this side, somewhere on the picture, changes a confident answer.

    `predictions` holds the digit that is read for each place of the square.
    """
    return _confident(selection) and size <= LARGEST_SQUARE and bool((predictions != selection.predicted).any())


def _confident(selection: Selection) -> bool:
    return float(selection.outputs.max()) >= CONFIDENT
