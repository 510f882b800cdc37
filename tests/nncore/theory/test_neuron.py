"""One neuron: its sum, by hand and by Keras, and what becomes of it while a number moves."""

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore.theory.activations import ACTIVATIONS, activation
from nncore.theory.neuron import Neuron

NAMES = ("x1", "x2", "x3", "w1", "w2", "w3", "b")
numbers = st.floats(-5, 5).map(lambda value: round(value, 3))


def neuron(name="sigmoid", x=(1.0, 0.5, -1.0), w=(0.8, -0.4, 0.3), b=0.2):
    return Neuron(tuple(x), tuple(w), b, activation(name))


def test_the_weighted_sum_adds_products_and_bias():
    assert neuron(x=(1.0, 2.0, 3.0), w=(0.5, -1.0, 2.0), b=0.25).z == 0.5 - 2.0 + 6.0 + 0.25


def test_sums_carry_no_crumbs_of_binary_arithmetic():
    assert neuron(x=(3.0, 0.0, 1.0), w=(0.1, 0.0, -0.3), b=0.0).z == 0


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_neuron_is_a_dense_layer_of_one_unit(name):
    layer = keras.layers.Dense(1, activation=name, dtype="float64")
    layer.build((None, 3))
    one = neuron(name)
    layer.set_weights([np.array(one.w).reshape(3, 1), np.array([one.b])])
    theirs = float(keras.ops.convert_to_numpy(layer(np.array([one.x])))[0, 0])
    assert float(one.output) == pytest.approx(theirs, rel=1e-6)


@given(values=st.lists(numbers, min_size=1, max_size=4), start=st.lists(numbers, min_size=7, max_size=7))
def test_a_moved_neuron_is_the_neuron_with_that_number_at_every_value(values, start):
    one = neuron("tanh", start[:3], start[3:6], start[6])
    for place, name in enumerate(NAMES):
        moved = one.moved(name, np.array(values))
        for i, value in enumerate(values):
            other = [*start[:place], value, *start[place + 1 :]]
            there = neuron("tanh", other[:3], other[3:6], other[6])
            assert moved.z[i] == pytest.approx(float(there.z), abs=1e-9)
            assert moved.output[i] == pytest.approx(float(there.output), abs=1e-9)
            assert moved.slope[i] == pytest.approx(float(there.slope), abs=1e-9)


@pytest.mark.parametrize("over", [(0, 1), (0, 2), (1, 2)])
def test_the_sums_over_two_inputs_are_those_of_the_neuron_at_these_inputs(over):
    points = np.array([[0.0, 0.0], [2.0, -3.0], [0.5, 5.0]])
    found = neuron().sums_at(points, *over)
    for point, z in zip(points, found, strict=True):
        x = [1.0, 0.5, -1.0]
        x[over[0]], x[over[1]] = point
        assert z == pytest.approx(float(neuron(x=x).z))


def test_the_sums_over_two_inputs_move_with_a_number():
    moved = neuron().moved("b", np.array([0.0, 1.0])).sums_at([[0.0, 0.0], [1.0, 1.0], [2.0, 0.0]], 0, 1)
    assert moved.shape == (2, 3)
    np.testing.assert_allclose(moved[1] - moved[0], 1)


@pytest.mark.parametrize("name", ["w4", "x0", "y1", "bias", ""])
def test_a_number_that_a_neuron_has_not_is_answered_with_those_that_it_has(name):
    with pytest.raises(ValueError, match=r"expected x1 to x3, w1 to w3 or b, received"):
        neuron().moved(name, 1.0)


def test_a_neuron_wants_as_many_weights_as_inputs():
    with pytest.raises(ValueError, match="expected as many weights as inputs, received 2 and 3"):
        neuron(w=(1.0, 2.0))
