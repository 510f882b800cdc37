"""The test digits with the highest activation of one map, or unit, of a network.

A layer's largest values over all test digits are measured once, block by block, so that no call occupies the
interactive worker for long; `strongest` is called again until all blocks are done.
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
"""Images at a time: about a tenth of a second with the lecture's largest network."""
COUNT = 10
"""How many digits are kept for each map."""


@dataclass(frozen=True)
class Exemplars:
    """The test digits with the highest activation, highest first; none while the search goes on."""

    measured: int
    """How many test digits are measured so far."""
    total: int
    """How many test digits there are."""
    indices: NDArray[np.intp]
    """Their indices among the test digits, (n,)."""
    labels: NDArray[np.uint8]
    """Their labels, (n,), 0 to 9."""
    pictures: NDArray[np.uint8]
    """The images, (n, 28, 28), 0 to 255."""
    largest: Floats
    """The map's largest value, or the unit's value, for each, (n,)."""
    fields: tuple[Window, ...]
    """The receptive field of the largest value's pixel in each image; empty for layers without pixels."""
    classes: tuple[str, ...]
    """The names of the classes."""

    @property
    def done(self) -> bool:
        """Whether all test digits are measured."""
        return self.measured == self.total


@dataclass
class _Best:
    """The digits with the highest activation of every map of a layer, among those measured so far."""

    measured: int
    values: Floats
    """The activations (n, maps), the largest first."""
    indices: NDArray[np.intp]
    """The digits' indices (n, maps)."""

    def add(self, block: Floats) -> None:
        """Take in the values (m, maps) of the next m digits."""
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
    """Measure the next block of test digits, or after the last one return the ten with the highest activation.

    Layer and channel are counted from 0. Digits with equal activation come in their order. Call this in the interactive
    worker. Raises IndexError for a layer that does not exist.
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
    """The state for this model and layer, which `_Best.add` updates."""
    return _Best(0, np.zeros(0, np.float32), np.zeros(0, np.intp))


def _measure(model: Any, pictures: NDArray[Any], layer: int) -> Floats:
    """The largest value of every map for every image, (n, maps)."""
    values = layer_output(model, pictures, layer)
    largest: Floats = values.max(axis=tuple(range(1, values.ndim - 1)))
    return largest


def _field(model: Any, picture: NDArray[Any], layer: int, channel: int) -> Window | None:
    """The receptive field of the map's largest value in this image, or None for a layer without pixels."""
    if type(model.layers[layer]).__name__ not in PIXEL_KINDS:
        return None
    values = layer_output(model, picture, layer)[0, ..., channel]
    row, column = divmod(int(values.argmax()), values.shape[1])
    return explain_pixel(model, picture, layer, row, column, channel).receptive_field
