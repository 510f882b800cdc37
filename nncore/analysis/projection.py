"""A layer's outputs for a thousand test digits, projected to a plane by principal components or t-SNE.

Call this in the interactive worker, which caches its results. t-SNE (van der Maaten and Hinton, Visualizing Data using
t-SNE, Journal of Machine Learning Research 9, 2008) takes seconds; every call advances it a little and returns the
points so far. Only the worker imports scikit-learn and openTSNE, when they are used.
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
"""How many test digits are projected, from the first on."""
METHODS = ("pca", "tsne")
ITERATIONS, EXAGGERATED = 500, 250
"""Iterations of t-SNE in all, and those at the start in which attraction is exaggerated."""
AT_ONCE = 5
"""Iterations of t-SNE between two looks at the clock."""
SECONDS = 0.15
"""How long one call may advance t-SNE, and so how long another visitor's drawing waits at most."""


@dataclass(frozen=True)
class HiddenSpace:
    """The digits as points in a plane."""

    positions: NDArray[np.float32]
    """The points (n, 2); row i is test digit i."""
    labels: NDArray[np.uint8]
    """The digits' labels (n,), 0 to 9."""
    classes: tuple[str, ...]
    """The names of the classes."""
    iteration: int
    """How many iterations t-SNE has done; 0 for principal components."""
    iterations: int
    """How many it will do; 0 for principal components."""
    explained_variance_ratio: tuple[float, float]
    """The share of the variance, 0 to 1, along each of the two principal components, also with t-SNE."""

    @property
    def done(self) -> bool:
        """Whether the points are final."""
        return self.iteration == self.iterations


@dataclass
class _Layer:
    """The cached state of one layer of one network."""

    distances: NDArray[np.float32]
    """The distances between any two digits, (n, n)."""
    components: NDArray[np.float32]
    """The principal components (n, 2)."""
    explained_variance_ratio: NDArray[np.float32]
    """Their shares of the variance (2,)."""
    tsne: TSNEEmbedding | None = None
    """The points of t-SNE (n, 2), once it has started."""
    iteration: int = 0


def locate(name: str, layer: int, method: str = "pca", seconds: float = SECONDS) -> HiddenSpace:
    """Project the outputs of layer `layer`, counted from 0, of the named network by the method `pca` or `tsne`.

    Each call with `tsne` goes on for as many iterations as fit into these seconds, at least five. Raises ValueError for
    another method and IndexError for a layer that does not exist.
    """
    if method not in METHODS:
        raise ValueError(f"expected pca or tsne, received {method!r}")
    network = networks.load_network(name)
    images = open_dataset(network.data)
    kept = _layer_of(network.model, layer, name)
    positions, iteration, iterations = kept.components, 0, 0
    if method == "tsne":
        positions = _advance(kept, seconds)
        iteration, iterations = kept.iteration, ITERATIONS
    first, second = (float(share) for share in kept.explained_variance_ratio)
    points = np.array(positions, np.float32)  # a copy: t-SNE goes on in place
    return HiddenSpace(points, images.y_test[:COUNT], images.classes, iteration, iterations, (first, second))


@lru_cache(maxsize=4)
def _layer_of(_model: Any, layer: int, name: str) -> _Layer:
    """The state for this model: the name alone is not enough, since a run that goes on has another model under it."""
    from sklearn.metrics.pairwise import euclidean_distances

    images = open_dataset(networks.load_network(name).data).x_test[:COUNT]
    values = networks.apply_to_network(layer_output, name, images, layer)
    flat = values.reshape(len(values), -1)
    return _Layer(euclidean_distances(flat), *principal_components(flat))


def principal_components(values: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The first two principal components of values (n, features): points (n, 2) and shares of the variance (2,).

    Shares are 0 to 1. Signs are chosen so that the value of largest size along each component is positive.
    """
    from sklearn.decomposition import PCA

    if values.shape[1] == 1:  # a layer of one unit has no second direction
        values = np.pad(values, ((0, 0), (0, 1)))
    fitted = PCA(2, random_state=0)
    with np.errstate(invalid="ignore"):  # where all values are equal there is no variance to share
        points = fitted.fit_transform(values)
    peaks = points[np.abs(points).argmax(axis=0), [0, 1]]
    return points * np.where(peaks < 0, -1, 1).astype(points.dtype), np.nan_to_num(fitted.explained_variance_ratio_)


def _advance(kept: _Layer, seconds: float) -> TSNEEmbedding:
    """Advance t-SNE for so many seconds, or start it at the first call, and return its points (n, 2)."""
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
    """Start t-SNE for items with these distances (n, n).

    The initial positions are these points (n, 2), scaled to a standard deviation of 1e-4.
    """
    from openTSNE import TSNEEmbedding, affinity

    close = affinity.PerplexityBasedNN(distances, metric="precomputed", n_jobs=1)
    small = points / (float(points[:, 0].std()) or 1.0) * 1e-4
    return TSNEEmbedding(small, close, negative_gradient_method="bh", n_jobs=1)


def advance_tsne(points: TSNEEmbedding, iteration: int) -> None:
    """Advance the points (n, 2) in place by AT_ONCE iterations, given how many they have done.

    The number is always the same, so that the result does not depend on how long each call may take.
    """
    if iteration < EXAGGERATED:
        points.optimize(AT_ONCE, inplace=True, exaggeration=12, momentum=0.5)
    else:
        points.optimize(AT_ONCE, inplace=True, momentum=0.8)
