"""Oracles: scikit-learn for the components and for t-SNE's result, SciPy's differences for its gradient."""

import numpy as np
import pytest
from scipy.optimize import approx_fprime
from scipy.spatial.distance import cdist
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE

from nncore.networks.tsne import (
    EXAGGERATED,
    advance,
    divergence,
    gradient,
    principal_components,
    similarities,
    squared_distances,
    start_tsne,
)

CENTRES = np.random.default_rng(2).normal(0, 8, (4, 12))
KINDS = np.arange(120) % 4
POINTS = CENTRES[KINDS] + np.random.default_rng(3).normal(0, 1, (120, 12))


@pytest.mark.parametrize("values", [POINTS, POINTS @ np.random.default_rng(4).normal(size=(12, 300))])
def test_principal_components_are_those_of_scikit_learn(values):
    fitted = PCA(n_components=2, svd_solver="full")
    expected = fitted.fit_transform(values)
    points, shares = principal_components(values)
    np.testing.assert_allclose(np.abs(points), np.abs(expected), rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(shares, fitted.explained_variance_ratio_, rtol=1e-9)


def test_the_largest_coordinate_is_positive_so_that_the_picture_never_flips():
    points, _ = principal_components(POINTS)
    flipped, _ = principal_components(-POINTS)
    for found in (points, flipped):
        assert (found.max(axis=0) == np.abs(found).max(axis=0)).all()


def test_distances_are_those_of_scipy():
    np.testing.assert_allclose(squared_distances(POINTS), cdist(POINTS, POINTS, "sqeuclidean"), rtol=1e-9, atol=1e-9)


def test_similarities_are_symmetric_and_share_out_one_whole():
    close = similarities(squared_distances(POINTS), 10)
    np.testing.assert_allclose(close, close.T)
    assert close.sum() == pytest.approx(1)
    assert not close.diagonal().any()


@pytest.mark.parametrize("perplexity", [5, 20])
def test_each_point_has_as_many_neighbours_as_its_perplexity_says(perplexity):
    """Points on a circle have equal rows, so that a row of the symmetric table is the point's own."""
    turns = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    circle = np.column_stack([np.cos(turns), np.sin(turns)])
    row = 60 * similarities(squared_distances(circle), perplexity)[0]
    entropy = -sum(share * np.log2(share) for share in row if share > 0)
    assert 2**entropy == pytest.approx(perplexity, rel=1e-3)


def test_the_gradient_is_that_of_the_divergence():
    close = similarities(squared_distances(POINTS[:12]), 3)
    places = np.random.default_rng(5).normal(size=(12, 2))
    numeric = approx_fprime(places.ravel(), lambda flat: divergence(close, flat.reshape(-1, 2)), 1e-7)
    np.testing.assert_allclose(gradient(close, places).ravel(), numeric, atol=1e-5)


@pytest.fixture(scope="module")
def tsne():
    start = start_tsne(similarities(squared_distances(POINTS), 10), principal_components(POINTS)[0])
    return advance(start, 500)


def test_tsne_keeps_neighbours_as_well_as_scikit_learn(tsne):
    fitted = TSNE(perplexity=10, method="exact", max_iter=500, init="pca", random_state=0)
    fitted.fit(POINTS)
    assert divergence(tsne.similarities, tsne.positions) == pytest.approx(fitted.kl_divergence_, rel=0.05)


def test_the_first_iterations_move_the_points_as_scikit_learn_does():
    """Its own descent on its own gradient, which is not public: rounding errors grow, so only the first ones."""
    from sklearn.manifold._t_sne import _gradient_descent, _kl_divergence

    start = start_tsne(similarities(squared_distances(POINTS), 10), principal_components(POINTS)[0])
    condensed = 12 * start.similarities[np.triu_indices(120, 1)]
    moved, _, _ = _gradient_descent(
        _kl_divergence, start.positions.ravel(), 0, 10, momentum=0.5, learning_rate=50.0, args=[condensed, 1, 120, 2]
    )
    np.testing.assert_allclose(advance(start, 10).positions.ravel(), moved, rtol=1e-6, atol=1e-9)


def test_tsne_puts_each_point_beside_one_of_its_own_kind(tsne):
    distances = cdist(tsne.positions, tsne.positions)
    np.fill_diagonal(distances, np.inf)
    assert (KINDS[distances.argmin(axis=1)] == KINDS).all()


def test_iterations_one_by_one_are_those_at_once(tsne):
    state = start_tsne(tsne.similarities, principal_components(POINTS)[0])
    for _ in range(5):
        state = advance(state, 2)
    together = advance(start_tsne(tsne.similarities, principal_components(POINTS)[0]), 10)
    np.testing.assert_array_equal(state.positions, together.positions)
    assert state.iteration == 10 < EXAGGERATED
