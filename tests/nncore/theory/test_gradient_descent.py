"""Gradient descent: on C = w² the closed form w0*(1 - 2*eta)^n is the oracle, on the bowl one such form a direction."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore.theory.gradient_descent import Descent, Trajectories, factor, subsample
from nncore.theory.loss_surfaces import LOSS_SURFACES, loss_surface
from nncore.theory.optimizers import OPTIMIZERS

W2 = loss_surface("w2")
etas = st.integers(0, 150).map(lambda hundredths: hundredths / 100)
starts = st.integers(-50, 50).map(lambda tenths: tenths / 10)


def descend(eta, w0, steps, **more):
    return Descent(W2, **more).path([w0], eta, steps)


@given(eta=etas, w0=starts, steps=st.integers(0, 50))
def test_every_place_follows_the_closed_form(eta, w0, steps):
    path = descend(eta, w0, steps)
    expected = w0 * factor(eta) ** np.arange(steps + 1)
    np.testing.assert_allclose(path.points[:, 0], expected, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(path.cost, path.points[:, 0] ** 2)
    np.testing.assert_allclose(path.points[1:], path.points[:-1] - eta * path.slopes[:-1], rtol=1e-12, atol=1e-15)
    assert len(path.substitutions()) == steps
    assert not path.cut_off


@given(eta=etas, w0=starts, v0=starts)
def test_each_parameter_of_the_bowl_follows_its_own_closed_form(eta, w0, v0):
    path = Descent(loss_surface("bowl")).path([w0, v0], eta, 20)
    n = np.arange(21)
    np.testing.assert_allclose(path.points[:, 0], w0 * (1 - eta / 5) ** n, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(path.points[:, 1], v0 * factor(eta) ** n, rtol=1e-9, atol=1e-12)


@given(eta=st.floats(0.01, 1.5), momentum=st.floats(0.05, 0.95))
def test_momentum_keeps_its_share_of_the_last_step(eta, momentum):
    w = descend(eta, 4.0, 12, momentum=momentum).points[:, 0]
    last = np.diff(w, prepend=w[0])[:-1]
    np.testing.assert_allclose(np.diff(w), momentum * last - eta * 2 * w[:-1], rtol=1e-9, atol=1e-12)


@given(eta=etas, w0=starts)
def test_no_momentum_is_plain_descent(eta, w0):
    plain = descend(eta, w0, 20, optimizer=OPTIMIZERS["gd"])
    np.testing.assert_array_equal(descend(eta, w0, 20).points, plain.points)


@pytest.mark.parametrize("name", LOSS_SURFACES)
def test_many_paths_at_once_are_the_single_paths(name):
    cost = loss_surface(name)
    sizes = np.linspace(0, cost.eta.high, 7)
    begin = np.array([[each.default + 0.1 * i for each in cost.starts] for i in range(7)])
    descent = Descent(cost, momentum=0.3, seed=5)
    walked = descent.walk(begin, sizes, 15)
    for i in range(7):
        alone = descent.path(begin[i], sizes[i], 15)
        np.testing.assert_array_equal(walked[i][: len(alone.points)], alone.points)
        assert np.isnan(walked[i][len(alone.points) :]).all()


@given(hundredths=st.integers(0, 150))
def test_the_factor_is_exact_in_decimals(hundredths):
    assert factor(hundredths / 100) == (100 - 2 * hundredths) / 100


@pytest.mark.parametrize("eta", [3.0, 1e6, 1e308])
@pytest.mark.parametrize("name", LOSS_SURFACES)
def test_a_path_is_cut_off_before_its_numbers_overflow(name, eta):
    cost = loss_surface(name)
    path = Descent(cost).path([each.default for each in cost.starts], eta, 1000)
    assert path.cut_off
    assert 1 <= len(path.points) < 1001
    assert np.isfinite(path.cost).all()
    assert np.isfinite(path.slopes).all()
    assert np.abs(path.points).max() <= cost.limit


def test_a_path_that_swings_is_not_cut_off():
    assert not descend(1.0, W2.limit, 5).cut_off


def test_each_step_is_written_out_with_true_minus_signs_and_brackets():
    assert descend(1.1, 4, 2).substitutions() == ["4 − 1.1·8 = −4.8", "−4.8 − 1.1·(−9.6) = 5.76"]


def test_a_step_with_momentum_is_written_out_with_what_it_keeps():
    assert descend(0.1, 4, 2, momentum=0.5).substitutions()[1] == "3.2 + 0.5·(−0.8) − 0.1·6.4 = 2.16"


def test_the_second_parameter_is_written_out_too():
    path = Descent(loss_surface("bowl")).path([4, 3], 0.1, 1)
    assert path.substitutions(1) == ["3 − 0.1·6 = 2.4"]


def test_the_same_seed_gives_the_same_noise_and_more_steps_continue_it():
    one, other = Descent(W2, seed=3), Descent(W2, seed=4)
    np.testing.assert_array_equal(one.noise(5), one.noise(9)[:5])
    np.testing.assert_array_equal(one.path([4], 0.1, 5).points, one.path([4], 0.1, 9).points[:6])
    assert not np.allclose(one.noise(5), other.noise(5))
    assert not Descent(W2).noise(5).any()


def test_noise_keeps_a_path_as_far_away_as_its_stationary_variance_says():
    """w' = (1 - 2*eta)*w - eta*noise has the variance eta²*s²/(1 - (1 - 2*eta)²) = eta*s²/(4*(1 - eta))."""
    walked = Descent(W2, seed=1).walk([0.0], 0.2, 20_000)[:, 0]
    assert walked.var() == pytest.approx(0.2 * W2.noise**2 / (4 * 0.8), rel=0.1)


def test_a_thinned_path_keeps_start_end_and_the_sides_of_a_swing():
    numbers = subsample(1000)
    assert (numbers[0], numbers[-1], len(numbers)) == (0, 1000, 92)
    assert set(np.diff(numbers)[:-1] % 2) == {1}
    np.testing.assert_array_equal(subsample(50), np.arange(51))


def test_walks_know_where_each_path_ends():
    points = np.array([[[1.0], [2.0], [3.0]], [[1.0], [5.0], [np.nan]]])
    walks = Trajectories(W2, np.arange(3), points, ["", ""])
    assert walks.last.tolist() == [2, 1]
    assert walks.ends.tolist() == [[3.0], [5.0]]


@pytest.mark.parametrize("eta", [-0.1, math.nan, math.inf])
def test_a_step_size_that_is_none_is_refused(eta):
    for refuses in (lambda: descend(eta, 1, 1), lambda: factor(eta)):
        with pytest.raises(ValueError, match=f"eta: expected a finite step size of 0 or more, received {eta}"):
            refuses()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: descend(0.1, math.nan, 1), r"w0: expected a start between .*, received nan"),
        (lambda: descend(0.1, -2e100, 1), r"w0: expected a start between .*, received -2e\+100"),
        (lambda: Descent(loss_surface("bowl")).path([1, math.inf], 0.1, 1), "v0: expected a start between"),
        (
            lambda: Descent(loss_surface("bowl")).path([1], 0.1, 1),
            r"a start for \('w', 'v'\), received the shape \(1,\)",
        ),
        (lambda: descend(0.1, 1, -1), "steps: expected 0 or more, received -1"),
        (lambda: Descent(W2, momentum=1), "momentum: expected at least 0 and below 1, received 1"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_was_expected(call, words):
    with pytest.raises(ValueError, match=words):
        call()
