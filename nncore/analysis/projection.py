"""Where a layer of a network puts a thousand test digits: its values for each, laid out in a plane.

To be asked in the interactive worker, which keeps what it computed. t-SNE takes seconds; every question advances it a
little and answers with where the points are by then.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nncore.networks import tsne as embedding
from nncore.networks.forward import values_after
from nncore.registry import networks
from nncore.registry.datasets import open_dataset

COUNT = 1_000
"""Test digits, from the first on."""
METHODS = ("pca", "tsne")
ITERATIONS = 500
"""Of t-SNE, half of them with early exaggeration."""
AT_ONCE = 5
SECONDS = 0.15
"""So long may one question advance t-SNE; another visitor's drawing waits no longer."""


@dataclass(frozen=True)
class HiddenSpace:
    """The digits as points."""

    positions: NDArray[np.float32]
    """(n, 2); the point of the test digit i is row i."""
    labels: NDArray[np.uint8]
    """(n,)."""
    classes: tuple[str, ...]
    """Their names."""
    iteration: int
    """Of t-SNE; principal components need none."""
    iterations: int
    """In all."""
    shares: tuple[float, float]
    """Of the variance that each principal component shows; of t-SNE the same two."""

    @property
    def done(self) -> bool:
        """Whether the points have come to rest."""
        return self.iteration == self.iterations


@dataclass
class _Layer:
    """What is kept of one layer of one network."""

    distances: NDArray[np.float32]
    """Squared, between any two digits, (n, n)."""
    components: NDArray[Any]
    shares: NDArray[Any]
    tsne: embedding.Tsne | None = None


def locate(name: str, layer: int, method: str = "pca", seconds: float = SECONDS) -> HiddenSpace:
    """The points by `pca` or `tsne`; the second after as many more iterations as fit into these seconds, at least five.

    ValueError for another method, IndexError for a layer outside.
    """
    if method not in METHODS:
        raise ValueError(f"expected pca or tsne, received {method!r}")
    network = networks.open_network(name)
    pictures = open_dataset(network.data)
    kept = _look(network.model, layer, name)
    positions, iteration, iterations = kept.components, 0, 0
    if method == "tsne":
        state = kept.tsne = _advance(kept, seconds)
        positions, iteration, iterations = state.positions, state.iteration, ITERATIONS
    first, second = (float(share) for share in kept.shares)
    return HiddenSpace(
        positions.astype(np.float32), pictures.y_test[:COUNT], pictures.classes, iteration, iterations, (first, second)
    )


@lru_cache(maxsize=4)
def _look(_model: Any, layer: int, name: str) -> _Layer:
    """This very model's values, since a run that goes on has another model under the same name."""
    pictures = open_dataset(networks.open_network(name).data).x_test[:COUNT]
    values = networks.examine(values_after, name, pictures, layer)
    flat = values.reshape(len(values), -1)
    components, shares = embedding.principal_components(flat)
    return _Layer(embedding.squared_distances(flat), components, shares)


def _advance(kept: _Layer, seconds: float) -> embedding.Tsne:
    if kept.tsne is None:
        return embedding.start_tsne(embedding.similarities(kept.distances), kept.components)
    state, until = kept.tsne, time.monotonic() + seconds
    while state.iteration < ITERATIONS:
        state = embedding.advance(state, AT_ONCE)
        if time.monotonic() > until:
            break
    return state
