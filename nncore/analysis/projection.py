"""Where a layer of a network puts a thousand test digits: its values for each, laid out in a plane.

To be asked in the interactive worker, which keeps what it computed. t-SNE (van der Maaten and Hinton, Visualizing Data
using t-SNE, Journal of Machine Learning Research 9, 2008) takes seconds; every question advances it a little and
answers with where the points are by then. Only the worker imports scikit-learn and openTSNE, when they are used.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nncore.networks.forward import layer_output
from nncore.registry import networks
from nncore.registry.datasets import open_dataset

if TYPE_CHECKING:
    from openTSNE import TSNEEmbedding

COUNT = 1_000
"""Test digits, from the first on."""
METHODS = ("pca", "tsne")
ITERATIONS, EXAGGERATED = 500, 250
"""Of t-SNE; in so many of them, the first, neighbours attract one another more strongly."""
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
    probabilities: tuple[float, float]
    """Of the variance that each principal component shows; of t-SNE the same two."""

    @property
    def done(self) -> bool:
        """Whether the points have come to rest."""
        return self.iteration == self.iterations


@dataclass
class _Layer:
    """What is kept of one layer of one network."""

    distances: NDArray[np.float32]
    """Between any two digits, (n, n)."""
    components: NDArray[np.float32]
    """(n, 2)."""
    probabilities: NDArray[np.float32]
    """(2,)."""
    tsne: TSNEEmbedding | None = None
    """(n, 2)."""
    iteration: int = 0


def locate(name: str, layer: int, method: str = "pca", seconds: float = SECONDS) -> HiddenSpace:
    """The points by `pca` or `tsne`; the second after as many more iterations as fit into these seconds, at least five.

    ValueError for another method, IndexError for a layer outside.
    """
    if method not in METHODS:
        raise ValueError(f"expected pca or tsne, received {method!r}")
    network = networks.load_network(name)
    pictures = open_dataset(network.data)
    kept = _look(network.model, layer, name)
    positions, iteration, iterations = kept.components, 0, 0
    if method == "tsne":
        positions = _advance(kept, seconds)
        iteration, iterations = kept.iteration, ITERATIONS
    first, second = (float(share) for share in kept.probabilities)
    points = np.array(positions, np.float32)  # a copy: t-SNE goes on in place
    return HiddenSpace(points, pictures.y_test[:COUNT], pictures.classes, iteration, iterations, (first, second))


@lru_cache(maxsize=4)
def _look(_model: Any, layer: int, name: str) -> _Layer:
    """This very model's values, since a run that goes on has another model under the same name."""
    from sklearn.metrics.pairwise import euclidean_distances

    pictures = open_dataset(networks.load_network(name).data).x_test[:COUNT]
    values = networks.apply_to_network(layer_output, name, pictures, layer)
    flat = values.reshape(len(values), -1)
    return _Layer(euclidean_distances(flat), *principal_components(flat))


def principal_components(values: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Points (n, 2) along the two directions in which the values (n, features) vary most, and their shares (2,).

    A share is that of the whole variance, 0 to 1. The sign is such that each coordinate's largest value is positive.
    """
    from sklearn.decomposition import PCA

    if values.shape[1] == 1:  # a layer of one unit: nothing varies in the second direction
        values = np.pad(values, ((0, 0), (0, 1)))
    fitted = PCA(2, random_state=0)
    with np.errstate(invalid="ignore"):  # where all values are equal there is no variance to share
        points = fitted.fit_transform(values)
    peaks = points[np.abs(points).argmax(axis=0), [0, 1]]
    return points * np.where(peaks < 0, -1, 1).astype(points.dtype), np.nan_to_num(fitted.explained_variance_ratio_)


def _advance(kept: _Layer, seconds: float) -> TSNEEmbedding:
    """Where t-SNE has the points after so many seconds more; the first time, where it begins."""
    if kept.tsne is None:
        kept.tsne = start_tsne(kept.distances, kept.components)
        return kept.tsne
    until = time.monotonic() + seconds
    while kept.iteration < ITERATIONS:
        advance_tsne(kept.tsne, kept.iteration)
        kept.iteration += AT_ONCE
        if time.monotonic() > until:
            break
    return kept.tsne


def start_tsne(distances: NDArray[np.float32], points: NDArray[np.float32]) -> TSNEEmbedding:
    """t-SNE before its first iteration: of things with these distances (n, n), at these points (n, 2), much closer."""
    from openTSNE import TSNEEmbedding, affinity

    close = affinity.PerplexityBasedNN(distances, metric="precomputed", n_jobs=1)
    small = points / (float(points[:, 0].std()) or 1.0) * 1e-4
    return TSNEEmbedding(small, close, negative_gradient_method="bh", n_jobs=1)


def advance_tsne(points: TSNEEmbedding, iteration: int) -> None:
    """Move the points (n, 2), which have seen so many iterations, by five more.

    Always as many, so that the end does not depend on how long each question has.
    """
    if iteration < EXAGGERATED:
        points.optimize(AT_ONCE, inplace=True, exaggeration=12, momentum=0.5)
    else:
        points.optimize(AT_ONCE, inplace=True, momentum=0.8)
