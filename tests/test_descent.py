"""Gradient descent on C = w²: the closed form w0*(1 - 2*eta)^n is the oracle."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore.descent import LIMIT, descend, factor, verdict

etas = st.integers(0, 150).map(lambda hundredths: hundredths / 100)
starts = st.integers(-50, 50).map(lambda tenths: tenths / 10)


@given(eta=etas, w0=starts, steps=st.integers(0, 50))
def test_every_place_follows_the_closed_form(eta, w0, steps):
    path = descend(eta, w0, steps)
    expected = w0 * factor(eta) ** np.arange(steps + 1)
    np.testing.assert_allclose(path.w, expected, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(path.cost, path.w * path.w)
    np.testing.assert_allclose(path.w[1:], path.w[:-1] - eta * path.gradient[:-1], rtol=1e-12, atol=1e-15)
    assert len(path.substitutions) == steps
    assert not path.cut_off


@pytest.mark.parametrize(
    ("eta", "outcome", "words"),
    [
        (0, "stands_still", "Stands still"),
        (0.01, "converges", "Converges"),
        (0.49, "converges", "Converges"),
        (0.5, "arrives", "Arrives in one step"),
        (0.51, "swings_in", "Oscillates and converges"),
        (0.99, "swings_in", "Oscillates and converges"),
        (1.0, "swings", "Oscillates for ever"),
        (1.01, "diverges", "Diverges"),
        (1.5, "diverges", "Diverges"),
    ],
)
def test_the_step_size_decides_what_becomes_of_the_descent(eta, outcome, words):
    judged = verdict(eta, 4.0)
    assert (judged.outcome, judged.words) == (outcome, words)


@given(eta=etas)
def test_at_the_minimum_no_step_size_matters(eta):
    assert verdict(eta, 0).outcome == "at_minimum"
    assert not descend(eta, 0, 10).w.any()


@given(eta=etas.filter(bool), w0=starts.filter(bool))
def test_the_verdict_tells_what_the_path_does(eta, w0):
    outcome = verdict(eta, w0).outcome
    sizes = np.abs(descend(eta, w0, 20).w)
    signs = np.sign(descend(eta, w0, 5).w)
    if outcome == "arrives":
        assert (sizes[1:] == 0).all()
    elif outcome == "swings":
        np.testing.assert_allclose(sizes, sizes[0])
    else:
        assert (np.diff(sizes) > 0).all() == (outcome == "diverges")
        assert (np.diff(sizes) < 0).all() == (outcome in ("converges", "swings_in"))
    if outcome != "arrives":
        assert (signs[1:] != signs[:-1]).all() == (outcome != "converges")


@given(hundredths=st.integers(0, 150))
def test_the_factor_is_exact_in_decimals(hundredths):
    assert factor(hundredths / 100) == (100 - 2 * hundredths) / 100


@pytest.mark.parametrize("eta", [3.0, 1e6, 1e308])
def test_a_path_is_cut_off_before_its_numbers_overflow(eta):
    path = descend(eta, 4.0, 1000)
    assert path.cut_off
    assert 1 <= len(path.w) < 1001
    assert np.isfinite(path.cost).all()
    assert np.abs(path.w).max() <= LIMIT


def test_a_path_that_swings_is_not_cut_off():
    assert not descend(1.0, LIMIT, 5).cut_off


def test_each_step_is_written_out_with_true_minus_signs_and_brackets():
    assert descend(1.1, 4, 2).substitutions == ["4 − 1.1·8 = −4.8", "−4.8 − 1.1·(−9.6) = 5.76"]


@pytest.mark.parametrize("eta", [-0.1, math.nan, math.inf])
def test_a_step_size_that_is_none_is_refused(eta):
    for refuses in (lambda: descend(eta, 1, 1), lambda: verdict(eta, 1)):
        with pytest.raises(ValueError, match=f"eta: expected a finite step size of 0 or more, received {eta}"):
            refuses()


@pytest.mark.parametrize("w0", [math.nan, math.inf, -2 * LIMIT])
def test_a_start_beyond_the_limit_is_refused(w0):
    with pytest.raises(ValueError, match=r"w0: expected a start between"):
        descend(0.1, w0, 1)


def test_a_negative_number_of_steps_is_refused():
    with pytest.raises(ValueError, match="steps: expected 0 or more, received -1"):
        descend(0.1, 1, -1)
