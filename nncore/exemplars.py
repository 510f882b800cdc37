"""The test digits that excite one map, or unit, of a network most.

A layer's largest values over all test digits are measured once, block by block, so that no question keeps the
interactive worker for long; `strongest` is asked again until all blocks are done.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nncore import data, networks
from nncore.inspection import PIXEL_KINDS, Window, explain_pixel
from nncore.passes import Floats, values_after

BLOCK = 500
"""Pictures at a time: about a tenth of a second with the lecture's largest network."""


@dataclass(frozen=True)
class Exemplars:
    """Test digits, the most exciting first; none while the search goes on."""

    measured: int
    """Digits looked at so far."""
    total: int
    indices: NDArray[np.intp]
    """(n,): where they stand among the test digits."""
    labels: NDArray[np.uint8]
    pictures: NDArray[np.uint8]
    """(n, 28, 28)."""
    largest: Floats
    """(n,): the map's largest value, or the unit's value, for each."""
    fields: tuple[Window, ...]
    """What the largest value's pixel sees of each picture; empty for layers without pixels."""

    @property
    def done(self) -> bool:
        """Whether all test digits were looked at."""
        return self.measured == self.total


def strongest(name: str, layer: int, channel: int, count: int = 10) -> Exemplars:
    """Measure the next block of test digits if one is left; at the end the `count` digits that excite the map most.

    To be called in the interactive worker. Of equal digits the first comes first. IndexError for a layer outside.
    """
    digits, network = data.mnist(), networks.open_network(name)
    blocks, total = _blocks(network.model, layer), len(digits.x_test)
    start = BLOCK * len(blocks)
    if start < total:
        blocks.append(networks.examine(_measure, name, digits.x_test[start : start + BLOCK], layer))
    measured = min(BLOCK * len(blocks), total)
    values = np.concatenate(blocks)[:, channel] if measured == total else np.zeros(0, np.float32)
    indices = np.argsort(-values, kind="stable")[:count]
    pictures = digits.x_test[indices]
    fields = [networks.examine(_field, name, picture, layer, channel) for picture in pictures]
    return Exemplars(
        measured,
        total,
        indices,
        digits.y_test[indices],
        pictures,
        values[indices],
        tuple(field for field in fields if field is not None),
    )


@lru_cache(maxsize=12)
def _blocks(_model: Any, _layer: int) -> list[Floats]:
    """The blocks measured so far of this very model, (n, maps) each; it grows."""
    return []


def _measure(model: Any, pictures: NDArray[Any], layer: int) -> Floats:
    """The largest value of every map for every picture, (n, maps)."""
    values = values_after(model, pictures, layer)
    largest: Floats = values.max(axis=tuple(range(1, values.ndim - 1)))
    return largest


def _field(model: Any, picture: NDArray[Any], layer: int, channel: int) -> Window | None:
    """What the map's largest value sees of this picture."""
    if type(model.layers[layer]).__name__ not in PIXEL_KINDS:
        return None
    values = values_after(model, picture, layer)[0, ..., channel]
    row, column = divmod(int(values.argmax()), values.shape[1])
    return explain_pixel(model, picture, layer, row, column, channel).receptive_field
