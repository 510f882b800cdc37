"""Networks as diagrams: plain Keras models with the same seed are the oracle for weights, outputs and parameters."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from nncore.networks.diagram import dense_stack, draw, make_inputs, shown
from nncore.specs.presets import PRESETS

SIZES = st.integers(1, 40)


def plain_keras(inputs, hidden, outputs, activation, last, initializer="glorot_uniform", seed=1):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([keras.Input((inputs,))])
    for units, name in (*((units, activation) for units in hidden), (outputs, last)):
        model.add(keras.layers.Dense(units, activation=name, kernel_initializer=initializer))
    return model


@given(inputs=SIZES, hidden=st.lists(SIZES, max_size=3), outputs=SIZES)
@settings(max_examples=15, deadline=None)
def test_the_parameters_are_those_that_keras_counts(inputs, hidden, outputs):
    network = dense_stack(inputs, tuple(hidden), outputs, "tanh", "sigmoid")
    assert network.parameter_count == plain_keras(inputs, hidden, outputs, "tanh", "sigmoid").count_params()


def test_a_layers_parameters_are_written_as_arithmetic():
    network = dense_stack(784, (30,), 10, "sigmoid", "sigmoid")
    assert [(part.arithmetic, part.count) for part in network.parameters()] == [
        ("784*30 + 30", 23_550),
        ("30*10 + 10", 310),
    ]


@pytest.mark.parametrize("initializer", ["glorot_uniform", "he_normal", "random_normal"])
def test_the_weights_of_the_lines_are_those_that_keras_draws_after_the_seed(initializer):
    sizes = (2, (3,), 2, "sigmoid", "sigmoid", initializer)
    found = draw(dense_stack(*sizes), 5, 0, 0)
    model = plain_keras(*sizes, seed=5)
    for link, layer in zip(found.links, model.layers, strict=True):
        np.testing.assert_array_equal(link, layer.get_weights()[0])
    assert found.largest == max(np.abs(layer.get_weights()[0]).max() for layer in model.layers)
    assert found.weighted == (True, True)


def test_the_values_are_keras_outputs_for_the_inputs():
    sizes = (3, (4, 5), 2, "tanh", "softmax")
    found = draw(dense_stack(*sizes), 2, 2, 1)
    x, words = make_inputs((3,), 2)
    np.testing.assert_array_equal(
        found.columns[0].values, np.random.default_rng(2).random(3).round(2).astype("float32")
    )
    np.testing.assert_allclose(found.columns[-1].values, plain_keras(*sizes, seed=2)(x[None])[0], rtol=1e-5)
    assert found.unit.stored == pytest.approx(float(found.columns[-1].values[1]))
    assert found.unit.value == pytest.approx(found.unit.stored, rel=1e-5)
    assert found.seen == words


def test_of_a_large_layer_both_ends_and_the_chosen_neuron_are_shown():
    network = PRESETS["model1"].network
    found = draw(network, 1, 0, 7)
    assert [column.shown for column in found.columns] == [
        (0, 1, 2, 781, 782, 783),
        (0, 1, 2, 7, 27, 28, 29),
        tuple(range(10)),
    ]
    model = plain_keras(784, (30,), 10, "sigmoid", "sigmoid")
    kernel = model.layers[0].get_weights()[0]
    np.testing.assert_array_equal(found.links[0], kernel[np.ix_(found.columns[0].shown, found.columns[1].shown)])


def test_the_inputs_of_784_are_a_digit_of_the_data(mnist):
    x, words = make_inputs((784,), 1)
    np.testing.assert_allclose(x * 255, mnist.x_test[0].ravel(), rtol=1e-6)
    assert f"a {mnist.y_test[0]}" in words


def test_maps_are_linked_by_the_means_of_their_kernels_and_passed_on_one_to_one():
    found = draw(PRESETS["model4"].network, 1, 5, 0)
    assert found.weighted == (True, False, True, False, False, True, True)
    keras.utils.set_random_seed(1)
    first = keras.layers.Conv2D(20, 5)
    first.build((None, 28, 28, 1))
    means = first.get_weights()[0].mean(axis=(0, 1))
    np.testing.assert_allclose(found.links[0], means[:, found.columns[1].shown], rtol=1e-6)
    np.testing.assert_array_equal(np.nan_to_num(found.links[1]), np.eye(6))
    for n, source in enumerate(found.columns[4].shown):  # flattened with the channels fastest
        leads = [place % 40 == source for place in found.columns[5].shown]
        np.testing.assert_array_equal(~np.isnan(found.links[4][n]), leads)


@given(size=st.integers(1, 3000), share=st.floats(0, 1, exclude_max=True))
def test_what_is_shown_is_ascending_holds_the_chosen_one_and_fits_a_screen(size, share):
    chosen = int(size * share)
    found = shown(size, chosen)
    assert chosen in found
    assert found == tuple(sorted(set(found)))
    assert len(found) == min(size, len(found)) <= 10
    assert (found[0], found[-1]) == (0, size - 1)


def test_a_neuron_that_is_not_there_is_refused_in_words():
    network = dense_stack(2, (3,), 2, "sigmoid", "sigmoid")
    with pytest.raises(IndexError, match="expected a unit of layer 0 from 0 to 2, received 3"):
        draw(network, 1, 0, 3)
    with pytest.raises(IndexError, match="expected a layer from 0 to 1, received 2"):
        draw(network, 1, 2, 0)
    with pytest.raises(ValueError, match="received Conv2D as layer 0"):
        draw(PRESETS["model3"].network, 1, 0, 0)


def test_a_layer_without_units_is_no_network():
    with pytest.raises(ValidationError, match="units"):
        dense_stack(2, (0,), 2, "sigmoid", "sigmoid")
