"""Backpropagation in NumPy: finite differences are one oracle, Keras' gradients another, a hand calculation a third."""

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import approx_fprime

from nncore.networks.gradients import dense_gradients
from nncore.theory.activations import ACTIVATIONS
from nncore.theory.backpropagation import LIMIT, DenseNetwork, backward, cost_of, forward, train, update

ENDINGS = [("sigmoid", "quadratic"), ("sigmoid", "cross_entropy"), ("softmax", "quadratic")]
ENDINGS += [("softmax", "cross_entropy"), ("tanh", "quadratic"), ("linear", "quadratic")]
cases = {
    "seed": st.integers(0, 10**6),
    "sizes": st.lists(st.integers(1, 5), min_size=2, max_size=4),
    "activation": st.sampled_from(sorted(ACTIVATIONS)),
    "ending": st.sampled_from(ENDINGS),
    "examples": st.integers(1, 3),
}


def random_case(seed, sizes, activation, ending, examples):
    """A network of these sizes with random weights, and random examples for it."""
    draw = np.random.default_rng(seed)
    network = DenseNetwork(
        tuple(draw.normal(size=shape) for shape in pairwise(sizes)),
        tuple(draw.normal(size=units) for units in sizes[1:]),
        (*[activation] * (len(sizes) - 2), ending[0]),
    )
    y = draw.random((examples, sizes[-1]))
    return network, draw.normal(size=(examples, sizes[0])), y / y.sum(axis=1, keepdims=True)


def flat(network):
    return np.concatenate([part.ravel() for part in (*network.kernels, *network.biases)])


def rebuilt(network, values):
    parts, start = [], 0
    for part in (*network.kernels, *network.biases):
        parts.append(values[start : start + part.size].reshape(part.shape))
        start += part.size
    layers = len(network.kernels)
    return replace(network, kernels=tuple(parts[:layers]), biases=tuple(parts[layers:]))


@given(**cases)
@settings(max_examples=60, deadline=None)
def test_every_gradient_agrees_with_finite_differences(seed, sizes, activation, ending, examples):
    network, x, y = random_case(seed, sizes, activation, ending, examples)

    def cost(values):
        moved = rebuilt(network, values)
        return cost_of(moved, forward(moved, x), y, ending[1])

    found = flat(backward(network, forward(network, x), y, ending[1]))
    np.testing.assert_allclose(found, approx_fprime(flat(network), cost), rtol=1e-4, atol=1e-5)


@given(**cases)
@settings(max_examples=25, deadline=None)
def test_every_gradient_agrees_with_keras(seed, sizes, activation, ending, examples):
    assume(ending[0] != "softmax" or sizes[-1] > 1)  # Keras warns of a softmax over one output
    network, x, y = random_case(seed, sizes, activation, ending, examples)
    found = flat(backward(network, forward(network, x), y, ending[1]))
    theirs = flat(dense_gradients(network, x, y, ending[1]))
    # Keras' slope of leaky_relu is a float32, and where examples nearly cancel, that shows: 2e-10 of 1.8e-4.
    np.testing.assert_allclose(found, theirs, rtol=1e-6, atol=1e-9)


def test_a_2_2_1_network_gives_the_numbers_of_a_hand_calculation():
    network = DenseNetwork(
        (np.array([[0.5, 0.9], [-0.8, 0.4]]), np.array([[-0.6], [0.7]])),
        (np.array([0.1, -0.3]), np.array([0.2])),
        ("sigmoid", "sigmoid"),
    )
    a1, a2 = 1 / (1 + math.exp(-0.2)), 1 / (1 + math.exp(-0.8))  # 0.5 - 0.4 + 0.1 and 0.9 + 0.2 - 0.3
    a = 1 / (1 + math.exp(-(-0.6 * a1 + 0.7 * a2 + 0.2)))
    delta = (a - 1) * a * (1 - a)
    seen = forward(network, [1.0, 0.5])
    back = backward(network, seen, [1.0])
    assert cost_of(network, seen, [1.0]) == pytest.approx((a - 1) ** 2 / 2)
    assert back.kernels[1].ravel() == pytest.approx([delta * a1, delta * a2])
    first = delta * -0.6 * a1 * (1 - a1)
    assert back.kernels[0][:, 0] == pytest.approx([first * 1.0, first * 0.5])
    assert [back.biases[0][0], back.biases[1][0]] == pytest.approx([first, delta])
    assert update(network, back, 0.5).biases[1][0] == pytest.approx(0.2 - 0.5 * delta)


def test_several_examples_give_the_mean_of_their_gradients():
    network, x, y = random_case(3, [3, 4, 2], "tanh", ("sigmoid", "quadratic"), 5)
    together = flat(backward(network, forward(network, x), y))
    one_by_one = [flat(backward(network, forward(network, a), b)) for a, b in zip(x, y, strict=True)]
    np.testing.assert_allclose(together, np.mean(one_by_one, axis=0), rtol=1e-12)


@pytest.mark.parametrize("ending", ["sigmoid", "softmax"])
def test_huge_sums_give_finite_costs_and_gradients(ending):
    y = [[1.0, 0.0]]
    network = DenseNetwork((np.array([[-800.0, 800.0]]),), (np.zeros(2),), (ending,))
    seen = forward(network, [[1.0]])
    assert cost_of(network, seen, y, "cross_entropy") == pytest.approx(1600)
    assert backward(network, seen, y, "cross_entropy").deltas[0] == pytest.approx(np.array([[-1.0, 1.0]]))


def test_training_takes_the_steps_one_after_the_other():
    network, x, y = random_case(1, [2, 3, 1], "sigmoid", ("sigmoid", "cross_entropy"), 2)
    by_hand = network
    for _ in range(3):
        by_hand = update(by_hand, backward(by_hand, forward(by_hand, x), y, "cross_entropy"), 0.7)
    run = train(network, x, y, 0.7, 3, "cross_entropy")
    np.testing.assert_allclose(flat(run.network), flat(by_hand), rtol=1e-12)
    assert run.costs.shape == (4,)
    assert (np.diff(run.costs) < 0).all()
    assert not run.cut_off


def test_training_that_runs_away_ends_before_its_numbers_do():
    network, x, y = random_case(1, [2, 3, 1], "linear", ("linear", "quadratic"), 1)
    run = train(network, x, y, 50.0, 1000)
    assert run.cut_off
    assert len(run.costs) < 1000
    assert np.abs(flat(run.network)).max() <= LIMIT
    assert np.isfinite(run.costs).all()


GOOD = DenseNetwork((np.ones((2, 1)),), (np.ones(1),), ("tanh",))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: DenseNetwork((np.ones((2, 3)),), (np.ones(2),), ("tanh",)), r"layer 0: expected \(2, 2\) weights"),
        (lambda: DenseNetwork((np.ones((2, 3)),), (), ("tanh",)), "expected a kernel, biases and an activation"),
        (lambda: forward(GOOD, [1.0]), r"x: expected 2 inputs, received shape \(1,\)"),
        (lambda: cost_of(GOOD, forward(GOOD, [1.0, 1.0]), [1.0, 2.0]), r"expected targets of shape \(1,\)"),
        (lambda: backward(GOOD, forward(GOOD, [1.0, 1.0]), [1.0], "cross_entropy"), "received 'tanh'"),
        (lambda: cost_of(GOOD, forward(GOOD, [1.0, 1.0]), [1.0], "cross_entropy"), "received 'tanh'"),
        (lambda: train(GOOD, [1.0, 1.0], [1.0], -1.0, 2), "eta: expected a finite step size"),
        (lambda: train(GOOD, [1.0, 1.0], [1.0], 1.0, -2), "updates: expected 0 or more, received -2"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_was_expected(call, words):
    with pytest.raises(ValueError, match=words):
        call()
