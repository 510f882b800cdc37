"""Many values laid out in a plane: principal components, and t-SNE step by step, so that one can watch it.

t-SNE: van der Maaten and Hinton, Visualizing Data using t-SNE, Journal of Machine Learning Research 9 (2008), in its
exact form with early exaggeration, momentum and gains. It works on (n, n) tables: fine for a thousand points.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.linalg import svds

Array = NDArray[Any]

PERPLEXITY = 30.0
"""About how many neighbours each point keeps close."""
EXAGGERATION, EXAGGERATED = 12.0, 250
"""So much stronger do neighbours attract one another, and in so many iterations at the beginning."""
SMALLEST_GAIN = 0.01
SEARCH_STEPS = 40


def principal_components(values: Array) -> tuple[Array, Array]:
    """Points (n, 2) along the two directions in which the values (n, features) vary most, and their shares (2,).

    A share is that of the whole variance, 0 to 1. The sign is such that each coordinate's largest value is positive.
    """
    centred = values - values.mean(axis=0)
    first = np.random.default_rng(0).normal(size=min(centred.shape)).astype(centred.dtype)  # any, but always the same
    vectors, sizes, _ = svds(centred, k=2, v0=first)
    points = (vectors * sizes)[:, ::-1]
    peaks = points[np.abs(points).argmax(axis=0), [0, 1]]
    total = float((centred**2).sum(dtype=np.float64)) or 1.0
    return points * np.where(peaks < 0, -1, 1).astype(points.dtype), sizes[::-1] ** 2 / total


def similarities(distances: Array, perplexity: float = PERPLEXITY) -> Array:
    """How close any two points are, from their squared distances (n, n): (n, n), symmetric, of sum 1.

    Each row is first a Gaussian around its point, as wide as its perplexity, 2 to the power of its entropy, asks for.
    """
    distances = distances.copy()
    np.fill_diagonal(distances, np.inf)
    distances -= distances.min(axis=1, keepdims=True)  # the nearest at 0, so that no row vanishes
    distances /= float(np.mean(distances[np.isfinite(distances)])) or 1.0
    low, high = np.full((len(distances), 1), -30.0), np.full((len(distances), 1), 30.0)
    for _ in range(SEARCH_STEPS):
        middle = (low + high) / 2
        wide = _perplexities(_rows(distances, middle)) > perplexity
        low, high = np.where(wide, middle, low), np.where(wide, high, middle)
    rows = _rows(distances, (low + high) / 2)
    close: Array = (rows + rows.T) / (2 * len(distances))
    return close


def squared_distances(values: Array) -> Array:
    """Between any two rows of the values (n, features): (n, n)."""
    values = values - values.mean(axis=0)  # smaller numbers, smaller rounding errors
    squares = np.einsum("ij,ij->i", values, values)
    distances: Array = squares[:, None] + squares[None, :] - 2 * (values @ values.T)
    distances[distances < 0] = 0
    return distances


def _rows(distances: Array, log_precision: Array) -> Array:
    """Rows of sum 1 from distances, infinite on the diagonal; the precision is a power of 2."""
    weights = np.exp(-distances * np.exp2(log_precision).astype(distances.dtype))
    shares: Array = weights / weights.sum(axis=1, keepdims=True)
    return shares


def _perplexities(rows: Array) -> Array:
    logarithms = np.log2(rows, out=np.zeros_like(rows), where=rows > 0)
    found: Array = np.exp2(-(rows * logarithms).sum(axis=1, keepdims=True))
    return found


@dataclass(frozen=True)
class Tsne:
    """t-SNE after so many iterations."""

    similarities: Array
    """(n, n), of sum 1."""
    positions: Array
    """(n, 2)."""
    velocity: Array
    gains: Array
    iteration: int = 0


def start_tsne(close: Array, positions: Array) -> Tsne:
    """Before the first iteration: `similarities` (n, n), and where the points (n, 2) are, shrunk to almost nothing."""
    small = (positions / (float(positions[:, 0].std()) or 1.0) * 1e-4).astype(close.dtype)
    return Tsne(close, small, np.zeros_like(small), np.ones_like(small))


def advance(state: Tsne, iterations: int) -> Tsne:
    """The state after so many iterations more.

    As in scikit-learn, the learning rate is n / 12 / 4, at least 50, and momentum and gains begin anew where the
    exaggeration ends.
    """
    rate = max(len(state.positions) / EXAGGERATION / 4, 50.0)
    exaggerated = state.similarities * np.asarray(EXAGGERATION, state.similarities.dtype)
    for _ in range(iterations):
        early = state.iteration < EXAGGERATED
        if state.iteration == EXAGGERATED:
            state = replace(state, velocity=state.velocity * 0, gains=state.gains * 0 + 1)
        slope = gradient(exaggerated if early else state.similarities, state.positions)
        turned = state.velocity * slope < 0
        gains = np.maximum(np.where(turned, state.gains + 0.2, state.gains * 0.8), SMALLEST_GAIN).astype(slope.dtype)
        velocity = (0.5 if early else 0.8) * state.velocity - rate * gains * slope
        moved = state.positions + velocity
        state = replace(state, positions=moved, velocity=velocity, gains=gains, iteration=state.iteration + 1)
    return state


def gradient(close: Array, positions: Array) -> Array:
    """Of the divergence with respect to the positions (n, 2); for exaggerated similarities, of their pull and push."""
    pull = _pull(positions)
    forces = pull / -pull.sum()
    forces += close
    forces *= pull
    slope: Array = 4 * (forces.sum(axis=1, keepdims=True) * positions - forces @ positions)
    return slope


def divergence(close: Array, positions: Array) -> float:
    """How badly the plane keeps the similarities: Kullback and Leibler's divergence, 0 if perfectly."""
    pull = _pull(positions)
    shares = np.maximum(pull / pull.sum(), 1e-12)
    safe = np.maximum(close, 1e-12)
    return float((close * np.log(safe / shares)).sum())


def _pull(positions: Array) -> Array:
    """Student's t with one degree of freedom of all distances, (n, n), nothing on the diagonal.

    In place, which takes half the time: this is most of t-SNE.
    """
    squares = np.einsum("ij,ij->i", positions, positions)
    pull: Array = positions @ positions.T
    pull *= -2
    pull += squares[:, None]
    pull += squares + 1
    np.reciprocal(pull, out=pull)
    np.fill_diagonal(pull, 0)
    return pull
