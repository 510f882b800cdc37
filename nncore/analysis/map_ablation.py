"""Test accuracy of a trained network with maps of a convolution switched off or scaled.

Pooling a map times a factor of 0 or more gives the pooled map times this factor. So the interactive worker keeps the
pooled maps of the test digits, and computes only the layers behind them again. A network that is too large for that is
measured on fewer test digits, the first ones; the answer says on how many.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nncore.data.dataset import Dataset
from nncore.networks import evaluation
from nncore.networks.forward import Floats, forward_from, layer_output
from nncore.registry.datasets import open_dataset
from nncore.registry.networks import Network, load_network

PART_SECONDS = 0.15
"""About the longest time that other questions have to wait."""
BLOCK = 500
"""Images that go through the layers at once."""
MEMORY = 120_000_000
"""The most bytes of one layer's pooled maps: those of 10,000 digits in the lecture's networks."""
CACHE_SIZE = 2
"""How many layers' pooled maps are kept."""
WORK = 9_000_000_000
"""The most multiplications for one answer, about half a second: 10,000 digits in the lecture's networks."""
FEWEST = 200
"""The fewest test digits that any network is measured on."""
POOLINGS = ("MaxPooling2D", "AveragePooling2D")


@dataclass
class _PooledMaps:
    """The pooled maps of one convolution."""

    network: Network
    """The network, held so that the id of its model is not reused."""
    last: int
    """The index of the layer whose output is kept: the convolution or the pooling behind it."""
    values: Floats
    """The outputs (n, rows, columns, maps), filled up to `done`."""
    done: int = 0


@dataclass(frozen=True)
class AblationProgress:
    """How many test digits' pooled maps are computed."""

    done: int
    """Test digits whose pooled maps are kept."""
    total: int
    """Test digits that the layer is measured on."""


@dataclass(frozen=True)
class Count:
    """How many of a range of test digits were classified correctly."""

    correct: int
    """How many were classified correctly."""
    upto: int
    """The index of the first digit after the range."""


_cache: OrderedDict[tuple[str, int, int], _PooledMaps] = OrderedDict()


def cache_pooled_maps(name: str, convolution: int) -> AblationProgress:
    """Compute more of the pooled maps of one convolution of the named network, for PART_SECONDS.

    Convolutions are counted from 0. Raises IndexError for one that does not exist, and UnknownNetworkError for an
    unknown name.
    """
    kept, until = _cached(name, convolution), time.monotonic() + PART_SECONDS
    while kept.done < len(kept.values):
        block = slice(kept.done, min(kept.done + BLOCK, len(kept.values)))
        images = _dataset(kept).x_test[block] / np.float32(255 if kept.network.scale else 1)
        kept.values[block] = layer_output(kept.network.model, images, kept.last)
        kept.done = block.stop
        if time.monotonic() > until:
            break
    return AblationProgress(kept.done, len(kept.values))


def count_correct(
    name: str, convolution: int, maps: Sequence[int], factor: float, first: int = 0, stop: int | None = None
) -> Count:
    """Count the test digits from `first` on that are classified correctly with these maps multiplied by `factor`.

    The factor is 0 to 1. Measures as many digits as PART_SECONDS allow, at least one block, and none from `stop` on.
    Raises IndexError for a map or a convolution that does not exist.
    """
    while (progress := cache_pooled_maps(name, convolution)).done < progress.total:
        pass
    kept, until = _cached(name, convolution), time.monotonic() + PART_SECONDS
    factors = evaluation.factors_for(kept.values.shape[-1], maps, factor)
    correct, upto, stop = 0, first, min(stop or progress.total, progress.total)
    while upto < stop:
        block = slice(upto, min(upto + BLOCK, stop))
        outputs = forward_from(kept.network.model, kept.values[block] * factors, kept.last)
        correct += int((outputs.argmax(axis=1) == _dataset(kept).y_test[block]).sum())
        upto = block.stop
        if time.monotonic() > until:
            break
    return Count(correct, upto)


def digits_for(model: Any, last: int, tests: int) -> int:
    """How many of `tests` test digits are used if the outputs of layer `last` are kept.

    All of them, unless the outputs would exceed MEMORY or an answer WORK, but at least FEWEST.
    """
    values = int(np.prod(model.layers[last].output.shape[1:]))
    products = sum(
        int(np.prod(layer.output.shape[1:-1])) * int(np.prod(layer.kernel.shape))
        for layer in model.layers[last + 1 :]
        if hasattr(layer, "kernel")
    )
    return min(tests, max(FEWEST, min(MEMORY // (4 * values), WORK // max(1, products))))


def _cached(name: str, convolution: int) -> _PooledMaps:
    network = load_network(name)
    key = (name, id(network.model), convolution)
    if key not in _cache:
        last = _pooled(network.model, convolution)
        count = digits_for(network.model, last, len(open_dataset(network.data).x_test))
        values = np.empty((count, *network.model.layers[last].output.shape[1:]), np.float32)
        while len(_cache) >= CACHE_SIZE:
            _cache.popitem(last=False)
        _cache[key] = _PooledMaps(network, last, values)
    _cache.move_to_end(key)
    return _cache[key]


def _dataset(kept: _PooledMaps) -> Dataset:
    return open_dataset(kept.network.data)


def _pooled(model: Any, convolution: int) -> int:
    """The index of the last pooling directly after this convolution, or of the convolution itself."""
    places = evaluation.convolutions(model)
    if not 0 <= convolution < len(places):
        raise IndexError(f"expected a convolution from 0 to {len(places) - 1}, received {convolution}")
    last = places[convolution]
    while type(model.layers[last + 1]).__name__ in POOLINGS:
        last += 1
    return last
