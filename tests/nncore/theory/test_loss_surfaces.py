"""The costs of the descent: SciPy's finite differences and minimisers are the oracles."""

import numpy as np
import pytest
import scipy.optimize
from hypothesis import given
from hypothesis import strategies as st

from nncore.theory.loss_surfaces import LOSS_SURFACES, loss_surface

costs = pytest.mark.parametrize("name", LOSS_SURFACES)
numbers = st.floats(-3, 3)


def samples(cost, count=40):
    rng = np.random.default_rng(0)
    low, high = np.array(cost.view).T
    return low + (high - low) * rng.random((count, len(cost.view)))


@costs
def test_every_slope_agrees_with_finite_differences(name):
    cost = loss_surface(name)
    for point in samples(cost):
        numeric = scipy.optimize.approx_fprime(point, lambda p: float(cost.cost(p)), 1e-7)
        np.testing.assert_allclose(cost.gradient(point), numeric, rtol=1e-4, atol=1e-3)


@given(w=numbers, v=numbers)
def test_rosenbrock_is_that_of_scipy(w, v):
    cost = loss_surface("rosenbrock")
    assert cost.cost([w, v]) == pytest.approx(scipy.optimize.rosen([w, v]))
    np.testing.assert_allclose(cost.gradient([w, v]), scipy.optimize.rosen_der([w, v]), atol=1e-9)


@costs
def test_a_search_from_near_every_minimum_ends_there(name):
    cost = loss_surface(name)
    for place in cost.minima:
        start = np.array(place.point) + 0.1
        found = scipy.optimize.minimize(lambda p: float(cost.cost(p)), start, jac=cost.gradient, tol=1e-12)
        np.testing.assert_allclose(found.x, place.point, atol=1e-5)


@costs
def test_no_point_lies_below_the_deepest_minimum_and_it_comes_first(name):
    cost = loss_surface(name)
    least = [float(cost.cost(place.point)) for place in cost.minima]
    assert least[0] == min(least)
    bounds = [(low, high) for low, high in cost.view]
    found = scipy.optimize.differential_evolution(lambda p: float(cost.cost(p)), bounds, seed=1, maxiter=60)
    assert found.fun == pytest.approx(least[0], abs=1e-4)


@costs
def test_a_place_is_level_and_what_it_is_called(name):
    cost = loss_surface(name)
    for place in cost.critical_points:
        np.testing.assert_allclose(cost.gradient(place.point), 0, atol=1e-12)
        around = [np.eye(len(cost.view))[i] * sign * 0.05 for i in range(len(cost.view)) for sign in (1, -1)]
        rises = [cost.cost(np.array(place.point) + step) > cost.cost(place.point) for step in around]
        assert all(rises) == (place.kind == "minimum")
        assert any(rises) == (place.kind != "hilltop")


@costs
def test_the_lines_of_a_script_give_the_same_to_the_last_bit(name):
    cost = loss_surface(name)
    for point in samples(cost, 200):
        names = dict(zip(cost.parameters, point.tolist(), strict=True))
        assert eval(cost.code, {}, names) == cost.cost(point)
        assert [eval(code, {}, names) for code in cost.gradient_code] == list(cost.gradient(point))


@costs
def test_points_may_have_any_number_of_axes_in_front(name):
    cost = loss_surface(name)
    many = samples(cost).reshape(8, 5, -1)
    assert cost.cost(many).shape == (8, 5)
    assert cost.gradient(many).shape == many.shape
    np.testing.assert_array_equal(cost.cost(many)[3, 2], cost.cost(many[3, 2]))


@costs
def test_the_settings_of_a_cost_can_be_reached_by_its_controls(name):
    cost = loss_surface(name)
    for each in (cost.eta, cost.steps, *cost.starts):
        assert each.low <= each.default <= each.high
        steps = (each.default - each.low) / each.step
        assert steps == pytest.approx(round(steps))
    assert len(cost.starts) == len(cost.parameters) == len(cost.gradient_latex) == len(cost.view)


def test_a_curve_and_a_surface_hold_the_cost_of_their_points():
    w, height = loss_surface("double_well").curve(-2.0, 2.0, count=5)
    np.testing.assert_allclose(w, [-2, -1, 0, 1, 2])
    np.testing.assert_allclose(height, (w**2 - 9) ** 2 / 36 + w / 2)
    w, v, height = loss_surface("bowl").surface(count=10)
    assert height[7, 2] == pytest.approx(w[2] ** 2 / 10 + v[7] ** 2)


def test_an_unknown_cost_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match=r"expected a cost out of w2, double_well, .*, received 'w3'"):
        loss_surface("w3")
