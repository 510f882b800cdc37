"""A layer's values as points, without a network; the oracle is scikit-learn, for the components and for t-SNE."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE, trustworthiness
from sklearn.metrics.pairwise import euclidean_distances

from nncore.analysis.projection import AT_ONCE, ITERATIONS, advance_tsne, principal_components, start_tsne

CENTRES = np.random.default_rng(2).normal(0, 8, (4, 12))
KINDS = np.arange(120) % 4
POINTS = (CENTRES[KINDS] + np.random.default_rng(3).normal(0, 1, (120, 12))).astype(np.float32)


def lay_out(values, iterations=ITERATIONS):
    """The values' points by t-SNE."""
    tsne = start_tsne(euclidean_distances(values), principal_components(values)[0])
    for iteration in range(0, iterations, AT_ONCE):
        advance_tsne(tsne, iteration)
    return np.array(tsne)


@pytest.mark.parametrize("values", [POINTS, POINTS @ np.random.default_rng(4).normal(size=(12, 600))])
def test_principal_components_are_those_of_the_whole_decomposition(values):
    fitted = PCA(n_components=2, svd_solver="full")
    expected = fitted.fit_transform(values.astype(np.float64))
    points, shares = principal_components(values)
    np.testing.assert_allclose(np.abs(points), np.abs(expected), rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(shares, fitted.explained_variance_ratio_, rtol=1e-5)


def test_the_largest_coordinate_is_positive_so_that_the_picture_never_flips():
    points, _ = principal_components(POINTS)
    flipped, _ = principal_components(-POINTS)
    for found in (points, flipped):
        assert (found.max(axis=0) == np.abs(found).max(axis=0)).all()


def test_tsne_keeps_neighbours_as_well_as_scikit_learn():
    """Points without kinds, so that it is not easy."""
    values = np.random.default_rng(5).normal(size=(200, 6)).astype(np.float32)
    expected = TSNE(max_iter=ITERATIONS, init="pca", random_state=0).fit_transform(values)
    assert trustworthiness(values, lay_out(values)) > trustworthiness(values, expected) - 0.02


def test_tsne_puts_each_point_beside_one_of_its_own_kind():
    points = lay_out(POINTS)
    distances = cdist(points, points)
    np.fill_diagonal(distances, np.inf)
    assert (KINDS[distances.argmin(axis=1)] == KINDS).all()


def test_tsne_of_the_same_values_gives_the_same_points():
    np.testing.assert_array_equal(lay_out(POINTS, 300), lay_out(POINTS, 300))


@pytest.mark.parametrize("values", [POINTS[:, :1], POINTS[:, :2], np.zeros_like(POINTS)])
def test_a_layer_of_one_unit_or_two_or_of_dead_ones_is_laid_out_too(values):
    points, shares = principal_components(values)
    assert points.shape == (120, 2)
    assert shares.sum() <= 1.0001
    assert np.isfinite(lay_out(values, 10)).all()
