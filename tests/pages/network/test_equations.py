"""The parameters of a network counted as arithmetic."""

import pytest

from nncore.networks.diagram import dense_stack
from nncore.specs.presets import PRESETS
from pages.neurons.network.controls import DENSE
from pages.neurons.network.equations import parameter_equation


def network_of(preset):
    if preset in DENSE:
        inputs, hidden, outputs, activation, output = DENSE[preset]
        return dense_stack(inputs, hidden, outputs, activation, output, "glorot_uniform")
    return PRESETS[preset].network


@pytest.mark.parametrize(
    ("network", "arithmetic", "count"),
    [
        (network_of("2-3-2"), r"(2\cdot 3 + 3) + (3\cdot 2 + 2) = 9 + 8 = 17", 17),
        (network_of("model1"), r"(784\cdot 30 + 30) + (30\cdot 10 + 10) = 23{,}550 + 310 = 23{,}860", 23_860),
        (network_of("784-30-10"), r"= 23{,}550 + 310 = 23{,}860", 23_860),
        (network_of("model3"), r"(5\cdot 5\cdot 1 + 1)\cdot 20 + (2880\cdot 100 + 100) + (100\cdot 10", 289_630),
        (network_of("model4"), r"= 520 + 7{,}240 + 100{,}100 + 1{,}010 = 108{,}870", 108_870),
        (dense_stack(7, (), 1, "sigmoid", "sigmoid", "glorot_uniform"), r"7\cdot 1 + 1 = 8", 8),
        (
            dense_stack(2, (5, 12, 2), 1, "sigmoid", "sigmoid", "glorot_uniform"),
            r"(12\cdot 2 + 2) + (2\cdot 1 + 1)",
            116,
        ),
    ],
)
def test_the_parameters_are_counted_layer_by_layer(network, arithmetic, count):
    assert arithmetic in parameter_equation(network)
    assert network.parameter_count == count
