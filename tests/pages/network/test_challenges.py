"""Each challenge is solved by a network that meets it, and not by one that comes close."""

from types import SimpleNamespace

import numpy as np
import pytest

from nncore.networks.diagram import dense_stack
from nncore.networks.gradient_flow import DepthProfile
from pages.neurons.network.challenges import solved_by


def stack(inputs, *units):
    return dense_stack(inputs, units[:-1], units[-1], "sigmoid", "sigmoid", "glorot_uniform")


def profile(layers, ratio):
    return DepthProfile(np.array([ratio, *[1.0] * layers]))


@pytest.mark.parametrize(
    ("sizes", "met"),
    [((2, 5, 12, 1), True), ((2, 12, 5, 1), False), ((2, 5, 11, 2), False), ((2, 3, 18, 1), True), ((9, 9, 1), False)],
)
def test_exactly_a_hundred_parameters_are_those_of_two_hidden_layers(sizes, met):
    assert solved_by(stack(*sizes), None, None)["exact"] == met


def diagram(neurons, weights):
    """What the challenge looks at of a diagram whose largest weight is -0.9."""
    columns = [SimpleNamespace(kind="Input", size=9), SimpleNamespace(kind="Dense", size=neurons)]
    return SimpleNamespace(columns=columns, unit=SimpleNamespace(weights=np.array(weights)), largest=0.9)


@pytest.mark.parametrize(
    ("neurons", "weights", "met"), [(5, [0.1, -0.9], True), (5, [0.1, 0.8], False), (4, [0.1, -0.9], False)]
)
def test_one_neuron_of_at_least_five_owns_the_strongest_weight(neurons, weights, met):
    assert solved_by(stack(9, neurons), diagram(neurons, weights), None)["widest"] == met


@pytest.mark.parametrize(
    ("layers", "ratio", "met"),
    [
        (10, 0.2, {"hold"}),
        (9, 0.2, set()),
        (10, 0.05, set()),
        (10, 1001, {"explode"}),
        (10, 999, set()),
        (11, 1001, set()),
    ],
)
def test_gradients_hold_over_ten_layers_or_explode_within_them(layers, ratio, met):
    solved = solved_by(stack(2, 3, 2), None, profile(layers, ratio))
    assert {name for name, done in solved.items() if done} == met
