"""Maps of a convolution switched off or scaled in a trained network, and its test accuracy measured again.

A map times a factor of 0 or more is, after a pooling, the pooled map times this factor. So the pooled maps of the test
digits are kept in the interactive worker, and only the layers behind them are computed again. A network that is too
large for that is measured on fewer test digits, the first ones; how many is part of the answer.
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
"""Other questions wait for no more than about this."""
BLOCK = 500
"""Pictures that go through the layers at once."""
MEMORY = 120_000_000
"""Bytes of pooled maps that are kept of one layer: those of 10,000 digits in the lecture's networks."""
LAYERS_KEPT = 2
WORK = 9_000_000_000
"""Products computed for one answer, about half a second: those of 10,000 digits in the lecture's networks."""
FEWEST = 200
POOLINGS = ("MaxPooling2D", "AveragePooling2D")


@dataclass
class _Kept:
    """The pooled maps of one convolution."""

    network: Network
    """Held, so that the model's id is not given again."""
    last: int
    """The layer whose output is kept: the convolution or the pooling behind it."""
    values: Floats
    """(n, rows, columns, maps), filled up to `done`."""
    done: int = 0


@dataclass(frozen=True)
class AblationProgress:
    """How far the keeping of a layer's pooled maps has come."""

    done: int
    total: int
    """Test digits that this layer is measured on."""


@dataclass(frozen=True)
class Count:
    """What a part of the test digits came to."""

    right: int
    """Read rightly."""
    upto: int
    """The first digit that was not looked at any more."""


_kept: OrderedDict[tuple[str, int, int], _Kept] = OrderedDict()


def keep_further(name: str, convolution: int) -> AblationProgress:
    """Keep more of the pooled maps of this convolution of the named network, from 0, for PART_SECONDS.

    IndexError for a convolution that is not there, UnknownNetworkError for a network.
    """
    kept, until = _begun(name, convolution), time.monotonic() + PART_SECONDS
    while kept.done < len(kept.values):
        block = slice(kept.done, min(kept.done + BLOCK, len(kept.values)))
        pictures = _pictures(kept).x_test[block] / np.float32(255 if kept.network.scale else 1)
        kept.values[block] = layer_output(kept.network.model, pictures, kept.last)
        kept.done = block.stop
        if time.monotonic() > until:
            break
    return AblationProgress(kept.done, len(kept.values))


def count_right(
    name: str, convolution: int, maps: Sequence[int], factor: float, first: int = 0, stop: int | None = None
) -> Count:
    """How many test digits from `first` on are read rightly with these maps times `factor`, 0 to 1.

    It looks at as many as PART_SECONDS allow, one block at least, and not at `stop` and beyond. IndexError for a map
    or a convolution that is not there.
    """
    while (progress := keep_further(name, convolution)).done < progress.total:
        pass
    kept, until = _begun(name, convolution), time.monotonic() + PART_SECONDS
    factors = evaluation.factors_for(kept.values.shape[-1], maps, factor)
    right, upto, stop = 0, first, min(stop or progress.total, progress.total)
    while upto < stop:
        block = slice(upto, min(upto + BLOCK, stop))
        outputs = forward_from(kept.network.model, kept.values[block] * factors, kept.last)
        right += int((outputs.argmax(axis=1) == _pictures(kept).y_test[block]).sum())
        upto = block.stop
        if time.monotonic() > until:
            break
    return Count(right, upto)


def digits_for(model: Any, last: int, tests: int) -> int:
    """On how many of the test digits an answer is measured where the maps after layer `last` are kept.

    All of them, unless their maps exceed MEMORY or an answer would take more than WORK; FEWEST at least.
    """
    values = int(np.prod(model.layers[last].output.shape[1:]))
    products = sum(
        int(np.prod(layer.output.shape[1:-1])) * int(np.prod(layer.kernel.shape))
        for layer in model.layers[last + 1 :]
        if hasattr(layer, "kernel")
    )
    return min(tests, max(FEWEST, min(MEMORY // (4 * values), WORK // max(1, products))))


def _begun(name: str, convolution: int) -> _Kept:
    network = load_network(name)
    key = (name, id(network.model), convolution)
    if key not in _kept:
        last = _pooled(network.model, convolution)
        count = digits_for(network.model, last, len(open_dataset(network.data).x_test))
        values = np.empty((count, *network.model.layers[last].output.shape[1:]), np.float32)
        while len(_kept) >= LAYERS_KEPT:
            _kept.popitem(last=False)
        _kept[key] = _Kept(network, last, values)
    _kept.move_to_end(key)
    return _kept[key]


def _pictures(kept: _Kept) -> Dataset:
    return open_dataset(kept.network.data)


def _pooled(model: Any, convolution: int) -> int:
    """The place of the last pooling that follows this convolution at once, or of the convolution itself."""
    places = evaluation.convolutions(model)
    if not 0 <= convolution < len(places):
        raise IndexError(f"expected a convolution from 0 to {len(places) - 1}, received {convolution}")
    last = places[convolution]
    while type(model.layers[last + 1]).__name__ in POOLINGS:
        last += 1
    return last
