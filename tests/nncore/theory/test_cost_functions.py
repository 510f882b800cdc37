"""The two costs: Keras is the oracle for their values, finite differences for their gradients."""

import keras
import numpy as np
import pytest
from scipy.differentiate import derivative

from nncore.theory.cost_functions import judge, judge_around, train_neuron

Z = np.linspace(-10, 10, 81)
targets = pytest.mark.parametrize("y", [0, 1, 0.3])


@targets
def test_both_costs_agree_with_keras(y):
    found = judge(Z, y)
    truth = np.full((len(Z), 1), y)
    square = keras.losses.MeanSquaredError(reduction=None, dtype="float64")(truth, found.output[:, None])
    entropy = keras.losses.BinaryCrossentropy(from_logits=True, reduction=None, dtype="float64")(truth, Z[:, None])
    np.testing.assert_allclose(found.quadratic, keras.ops.convert_to_numpy(square) / 2, rtol=1e-9)
    np.testing.assert_allclose(found.cross_entropy, keras.ops.convert_to_numpy(entropy), rtol=1e-9)


@targets
def test_both_gradients_agree_with_finite_differences(y):
    found = judge(Z, y)
    for cost in ("quadratic", "cross_entropy"):
        numeric = derivative(lambda z, cost=cost: getattr(judge(z, y), cost), Z, initial_step=0.1)
        np.testing.assert_allclose(getattr(found, f"{cost}_gradient"), numeric.df, rtol=0, atol=1e-8)


@pytest.mark.parametrize("y", [0, 1])
def test_huge_z_gives_finite_costs_that_are_nothing_only_where_the_answer_is_right(y):
    wrong, right = judge(800.0 * (1 - 2 * y), y), judge(800.0 * (2 * y - 1), y)
    assert (wrong.quadratic, wrong.cross_entropy) == (0.5, 800)
    assert (right.quadratic, right.cross_entropy) == (0, 0)
    assert (abs(wrong.quadratic_gradient), abs(wrong.cross_entropy_gradient)) == (0, 1)


def test_the_lead_of_cross_entropy_is_one_over_the_slope_and_four_at_least():
    found = judge(Z, 0)
    lead = found.cross_entropy_gradient / found.quadratic_gradient
    np.testing.assert_allclose(lead, (1 + np.exp(Z)) * (1 + np.exp(-Z)))
    assert lead.min() == lead[40] == 4


def test_a_curve_reaches_beyond_its_neuron():
    assert judge_around(10.0, 1).z[-1] > 10
    assert judge_around(1.0, 1).z.shape == (401,)


@pytest.mark.parametrize(("cost", "gradient"), [("quadratic", 0.125), ("cross_entropy", 0.5)])
def test_a_step_moves_weight_and_bias_by_the_step_size_times_the_gradient(cost, gradient):
    run = train_neuron(cost, 1.0, -1.0, 0, eta=0.1, steps=1)
    assert run.z == pytest.approx([0, -2 * 0.1 * gradient])


def test_many_step_sizes_at_once_are_the_single_trainings():
    sizes = np.array([0.0, 0.15, 2.0])
    many = train_neuron("cross_entropy", 1.5, 1.0, 0, sizes, 30)
    assert many.z.shape == (3, 31)
    for z, eta in zip(many.z, sizes, strict=True):
        np.testing.assert_array_equal(z, train_neuron("cross_entropy", 1.5, 1.0, 0, eta, 30).z)


def test_what_is_not_to_be_seen_yet_is_no_number():
    seen = judge(Z, 1).masked(Z < 0)
    for values in (seen.z, seen.output, seen.quadratic, seen.cross_entropy_gradient):
        np.testing.assert_array_equal(np.isnan(values), Z >= 0)
    assert seen.y == 1


def test_a_badly_wrong_neuron_learns_faster_from_cross_entropy():
    slow, fast = (train_neuron(cost, 2.0, 2.0, 0, 0.15, 100) for cost in ("quadratic", "cross_entropy"))
    assert slow.output[-1] > 0.9 > 0.1 > fast.output[-1]
    assert (np.diff(slow.quadratic) < 0).all()
    assert (np.diff(fast.cross_entropy) < 0).all()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: judge(0.0, 2), "y: expected a target from 0 to 1, received 2"),
        (lambda: train_neuron("quadratic", 1, 1, 0, -1, 5), "eta: expected a finite step size"),
        (lambda: train_neuron("quadratic", 1, 1, 0, 0.1, -5), "steps: expected 0 or more, received -5"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_was_expected(call, words):
    with pytest.raises(ValueError, match=words):
        call()
