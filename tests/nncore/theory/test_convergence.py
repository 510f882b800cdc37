"""What becomes of a descent: on C = w² closed forms are the oracle, elsewhere the path itself, carried on."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nncore.theory.convergence import HORIZON, NEAR, exact_verdict, extend
from nncore.theory.gradient_descent import Descent
from nncore.theory.loss_surfaces import loss_surface
from nncore.theory.optimizers import OPTIMIZERS

W2 = loss_surface("w2")
etas = st.integers(0, 150).map(lambda hundredths: hundredths / 100)
starts = st.integers(-50, 50).map(lambda tenths: tenths / 10)
momenta = st.integers(1, 95).map(lambda hundredths: hundredths / 100)


def fate(name, start, eta, steps=40, **more):
    return extend(Descent(loss_surface(name), **more), start, eta, steps)[1][0]


def verdict(name, start, eta, steps=40, **more):
    return fate(name, start, eta, steps, **more).after(steps)


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
    judged = exact_verdict(eta, 4.0)
    assert (judged.outcome, judged.words) == (outcome, words)


@given(eta=etas, momentum=st.just(0.0) | momenta)
def test_at_the_minimum_no_step_size_matters(eta, momentum):
    assert exact_verdict(eta, 0, momentum).outcome == "at_minimum"
    assert not Descent(W2, momentum=momentum).path([0], eta, 10).points.any()


@given(eta=etas.filter(bool), w0=starts.filter(bool))
def test_the_verdict_tells_what_the_path_does(eta, w0):
    outcome = exact_verdict(eta, w0).outcome
    w = Descent(W2).path([w0], eta, 20).points[:, 0]
    sizes, signs = np.abs(w), np.sign(w[:6])
    if outcome == "arrives":
        assert (sizes[1:] == 0).all()
    elif outcome == "swings":
        np.testing.assert_allclose(sizes, sizes[0])
    else:
        assert (np.diff(sizes) > 0).all() == (outcome == "diverges")
        assert (np.diff(sizes) < 0).all() == (outcome in ("converges", "swings_in"))
    if outcome != "arrives":
        assert (signs[1:] != signs[:-1]).all() == (outcome != "converges")


@given(eta=etas.filter(bool), momentum=momenta)
def test_with_momentum_the_verdict_is_that_of_the_steps_matrix(eta, momentum):
    """(w_j, w_j-1) becomes M (w_j, w_j-1); M's largest eigenvalue says whether it grows."""
    largest = np.abs(np.linalg.eigvals([[1 + momentum - 2 * eta, -momentum], [1, 0]])).max()
    outcome = exact_verdict(eta, 4.0, momentum).outcome
    if abs(largest - 1) < 1e-9:
        assert outcome == "swings"
    else:
        assert (outcome == "diverges") == (largest > 1)


@given(eta=etas.filter(bool), momentum=momenta)
def test_with_momentum_it_converges_from_one_side_where_it_is_said_to(eta, momentum):
    outcome = exact_verdict(eta, 4.0, momentum).outcome
    crossings = np.diff(np.sign(Descent(W2, momentum=momentum).path([4], eta, 200).points[50:, 0])).any()
    if outcome == "converges":
        assert not crossings


@pytest.mark.parametrize(
    ("name", "start", "eta", "outcome", "words"),
    [
        ("double_well", [4.0], 0.2, "arrives", "Arrives at the right, higher minimum"),
        ("double_well", [-4.0], 0.2, "arrives", "Arrives at the left, deeper minimum"),
        ("double_well", [0.5], 0.3, "arrives", "Arrives at the left, deeper minimum"),
        ("double_well", [4.0], 0.01, "on_its_way", "Still on its way to the right, higher minimum"),
        ("double_well", [4.0], 1.0, "swings", "Oscillates for ever"),
        ("double_well", [4.0], 1.1, "swings", "Never settles"),
        ("double_well", [5.0], 1.5, "diverges", "Diverges"),
        ("double_well", [4.0], 0.0, "stands_still", "Stands still"),
        ("bowl", [4.0, 3.0], 0.9, "arrives", "Arrives at the minimum"),
        ("bowl", [4.0, 3.0], 0.1, "on_its_way", "Still on its way to the minimum"),
        ("bowl", [4.0, 3.0], 0.001, "on_its_way", "Still on its way"),
        ("bowl", [4.0, 3.0], 1.0, "swings", "Oscillates for ever"),
        ("bowl", [4.0, 3.0], 1.1, "diverges", "Diverges"),
        ("bowl", [0.0, 0.0], 1.1, "at_minimum", "Already at the minimum"),
        ("saddle", [4.0, 0.0], 0.2, "at_saddle", "Stuck on the saddle"),
        ("saddle", [0.0, 0.0], 0.2, "at_saddle", "Already at the saddle"),
        ("saddle", [4.0, -0.5], 0.3, "arrives", "Arrives at the lower minimum"),
        ("rosenbrock", [-1.2, 1.0], 0.001, "on_its_way", "Still on its way"),
        ("rosenbrock", [2.0, 3.0], 0.003, "diverges", "Diverges"),
    ],
)
def test_elsewhere_the_path_is_judged_by_where_it_goes(name, start, eta, outcome, words):
    judged = verdict(name, start, eta)
    assert (judged.outcome, judged.words) == (outcome, words)


@settings(deadline=None, max_examples=30)
@given(eta=st.integers(1, 150).map(lambda n: n / 100), w0=starts, v0=starts)
def test_a_path_that_is_said_to_arrive_is_there_and_stays(eta, w0, v0):
    for name, start in (("double_well", [w0]), ("bowl", [w0, v0]), ("saddle", [w0, v0])):
        found = fate(name, start, eta)
        if found.kind == "arrives":
            points = Descent(loss_surface(name)).walk(start, eta, HORIZON)
            distances = np.linalg.norm(points - np.array(found.critical_point.point), axis=-1)
            assert (distances[found.arrival :] <= NEAR).all()
            assert found.arrival == 0 or distances[found.arrival - 1] > NEAR


@settings(deadline=None, max_examples=30)
@given(eta=st.integers(1, 150).map(lambda n: n / 100), v0=starts.filter(bool))
def test_on_the_bowl_the_limit_of_the_step_size_is_that_of_the_steep_direction(eta, v0):
    found = fate("bowl", [0.0, v0], eta)
    expected = "diverges" if eta > 1 else "oscillates" if eta == 1 else "arrives"
    assert found.kind == expected or (found.kind == "creeps" and abs(1 - 2 * eta) ** HORIZON * 5 > NEAR)


def test_momentum_carries_a_path_over_the_hill():
    assert fate("double_well", [4.0], 0.2).critical_point.label == "the right, higher minimum"
    assert fate("double_well", [4.0], 0.2, momentum=0.9).critical_point.label == "the left, deeper minimum"


def test_the_verdict_on_fewer_steps_says_when_it_arrives():
    found = fate("saddle", [4.0, 0.5], 0.3)
    assert found.after(found.arrival).outcome == "arrives"
    before = found.after(found.arrival - 1)
    assert (before.outcome, str(found.arrival) in before.reason) == ("on_its_way", True)


def test_noise_makes_it_hover_and_moves_it_off_the_saddle():
    assert verdict("double_well", [4.0], 0.05, steps=100, seed=1).words == "Hovers about the right, higher minimum"
    assert verdict("saddle", [4.0, 0.0], 0.2, steps=100, seed=1).outcome == "hovers"
    assert verdict("w2", [4.0], 0.1, steps=100, seed=1).outcome == "hovers"


def test_a_hovering_path_is_as_far_away_as_its_stationary_variance_says():
    found = [fate("w2", [4.0], 0.1, seed=seed).spread ** 2 for seed in range(20)]
    assert np.mean(found) == pytest.approx(0.1 * W2.noise**2 / (4 * 0.9), rel=0.15)


@pytest.mark.parametrize(("name", "eta"), [("double_well", 0.4), ("w2", 1.0), ("saddle", 0.7)])
def test_strong_noise_makes_it_wander(name, eta):
    start = [each.default for each in loss_surface(name).starts]
    assert verdict(name, start, eta, seed=1).words == "Wanders about"


@pytest.mark.parametrize("optimizer", ["nesterov", "adam", "rmsprop"])
def test_on_the_square_too_other_optimisers_are_judged_by_their_path(optimizer):
    assert fate("w2", [4.0], 0.1, optimizer=OPTIMIZERS[optimizer]).kind != "certain"


def test_many_paths_are_judged_as_each_alone():
    sizes = np.linspace(0, 1.5, 16)
    many = extend(Descent(loss_surface("saddle")), [4.0, 0.3], sizes, 30)[1]
    assert many == [fate("saddle", [4.0, 0.3], eta, 30) for eta in sizes]
