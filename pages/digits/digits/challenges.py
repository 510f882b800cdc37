"""The challenges of the page about the digits."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

NAMES = ("frequent", "misread", "centring")


def solved_by(
    split: str, digit: int, counts: Mapping[str, NDArray[np.intp]], label: int, predicted: int
) -> dict[str, bool]:
    """Return for each challenge, by name, whether it is met, but for the one that needs a drawing.

    `counts` holds the number of pictures of each digit in each split, (10,); `label` is the true digit of the chosen
    picture and `predicted` the network's.
    """
    return dict.fromkeys(NAMES, False) | {
        "frequent": split == "train" and digit == int(counts["train"].argmax()),
        "misread": split == "test" and predicted != label,
    }


def changed_by_centring(centred: NDArray[np.float32], uncentred: NDArray[np.float32]) -> bool:
    """Return whether the network's outputs, (10,), for a drawing with and without centring are different digits."""
    return bool(centred.argmax() != uncentred.argmax())
