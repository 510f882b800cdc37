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

from nncore.networks.forward import Floats, layer_output
from nncore.networks.inspection import PIXEL_KINDS, explain_pixel
from nncore.networks.receptive_field import Window
from nncore.registry import networks
from nncore.registry.datasets import open_dataset

BLOCK = 500
"""Pictures at a time: about a tenth of a second with the lecture's largest network."""
COUNT = 10
"""Digits that are kept for each map."""


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

    classes: tuple[str, ...]
    """What the labels stand for."""

    @property
    def done(self) -> bool:
        """Whether all test digits were looked at."""
        return self.measured == self.total


@dataclass
class _Best:
    """The most exciting digits of every map of a layer among those measured so far."""

    measured: int
    values: Floats
    """(n, maps), the largest first."""
    indices: NDArray[np.intp]
    """(n, maps)."""

    def add(self, block: Floats) -> None:
        """Go on with the next digits' values (m, maps)."""
        numbers = np.arange(self.measured, self.measured + len(block))
        values = np.concatenate([self.values.reshape(-1, block.shape[1]), block])
        indices = np.concatenate(
            [self.indices.reshape(-1, block.shape[1]), np.broadcast_to(numbers[:, None], block.shape)]
        )
        order = np.argsort(-values, axis=0, kind="stable")[:COUNT]
        self.values = np.take_along_axis(values, order, axis=0)
        self.indices = np.take_along_axis(indices, order, axis=0)
        self.measured += len(block)


def strongest(name: str, layer: int, channel: int) -> Exemplars:
    """Measure the next block of test digits if one is left; at the end the ten digits that excite the map most.

    To be called in the interactive worker. Of equal digits the first comes first. IndexError for a layer outside.
    """
    network = networks.load_network(name)
    digits = open_dataset(network.data)
    best, total = _best(network.model, layer), len(digits.x_test)
    if best.measured < total:
        block = digits.x_test[best.measured : best.measured + BLOCK]
        best.add(networks.apply_to_network(_measure, name, block, layer))
    if best.measured < total:
        indices, values = np.zeros(0, np.intp), np.zeros(0, np.float32)
    else:
        indices, values = best.indices[:, channel], best.values[:, channel]
    pictures = digits.x_test[indices]
    fields = [networks.apply_to_network(_field, name, picture, layer, channel) for picture in pictures]
    return Exemplars(
        best.measured,
        total,
        indices,
        digits.y_test[indices],
        pictures,
        values,
        tuple(field for field in fields if field is not None),
        digits.classes,
    )


@lru_cache(maxsize=32)
def _best(_model: Any, _layer: int) -> _Best:
    """What is known so far of this very model's layer; it grows."""
    return _Best(0, np.zeros(0, np.float32), np.zeros(0, np.intp))


def _measure(model: Any, pictures: NDArray[Any], layer: int) -> Floats:
    """The largest value of every map for every picture, (n, maps)."""
    values = layer_output(model, pictures, layer)
    largest: Floats = values.max(axis=tuple(range(1, values.ndim - 1)))
    return largest


def _field(model: Any, picture: NDArray[Any], layer: int, channel: int) -> Window | None:
    """What the map's largest value sees of this picture."""
    if type(model.layers[layer]).__name__ not in PIXEL_KINDS:
        return None
    values = layer_output(model, picture, layer)[0, ..., channel]
    row, column = divmod(int(values.argmax()), values.shape[1])
    return explain_pixel(model, picture, layer, row, column, channel).receptive_field
