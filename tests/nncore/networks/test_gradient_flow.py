"""What depth does to gradients: a plain Keras script is one oracle, backpropagation in NumPy another."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from nncore.networks.gradient_flow import DepthProfile, deep_network, measure_depth
from nncore.theory.backpropagation import DenseNetwork, backward, forward

USUAL = [("tanh", "glorot_uniform"), ("relu", "he_normal"), ("relu", "he_uniform"), ("selu", "lecun_normal")]


def plain_keras(mnist, depth, activation, initializer, scale, seed):
    """The deep network, the first 128 digits and their one-hot labels, written as a script would write them."""
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([keras.Input((784,))])
    for _ in range(depth):
        model.add(keras.layers.Dense(100, activation=activation, kernel_initializer=initializer))
    model.add(keras.layers.Dense(10, activation="softmax", kernel_initializer=initializer))
    for layer in model.layers:
        kernel, bias = layer.get_weights()
        layer.set_weights([scale * kernel, bias])
    x = mnist.x_train[:128].reshape(-1, 784).astype("float32") / 255
    return model, x, keras.utils.to_categorical(mnist.y_train[:128], 10)


CASES = [
    (4, "sigmoid", "glorot_uniform", 1.0, 1),
    (3, "relu", "he_normal", 2.0, 7),
    (5, "tanh", "lecun_normal", 0.5, 2),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_sizes_are_those_of_a_plain_keras_script(case, mnist):
    model, x, y = plain_keras(mnist, *case)
    with tf.GradientTape() as tape:
        cost = keras.losses.CategoricalCrossentropy()(y, model(x))
    gradients = tape.gradient(cost, [layer.bias.value for layer in model.layers])
    expected = [float(np.sqrt(np.mean(np.square(gradient)))) for gradient in gradients]
    np.testing.assert_allclose(measure_depth(*case).sizes, expected, rtol=1e-4)


def test_the_sizes_are_those_of_backpropagation_in_numpy(mnist):
    case = CASES[0]
    model, x, y = plain_keras(mnist, *case)
    weights = [np.asarray(part, np.float64) for part in model.get_weights()]
    names = (*["sigmoid"] * case[0], "softmax")
    network = DenseNetwork(tuple(weights[::2]), tuple(weights[1::2]), names)
    back = backward(network, forward(network, x), y, "cross_entropy")
    expected = [np.sqrt(np.mean(bias**2)) for bias in back.biases]
    np.testing.assert_allclose(measure_depth(*case).sizes, expected, rtol=1e-3)


def test_the_sigmoids_gradient_vanishes_by_a_quarter_a_layer_at_best():
    profile = measure_depth(10, "sigmoid", "glorot_uniform")
    assert profile.outcome == "vanishes"
    assert profile.ratio < 1e-4
    assert profile.per_layer < 0.25
    assert profile.per_layer**9 == pytest.approx(profile.ratio)
    assert measure_depth(5, "sigmoid", "glorot_uniform").ratio > profile.ratio


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("pair", USUAL, ids=str)
def test_an_activation_with_the_weights_made_for_it_holds_the_gradient(pair, seed):
    assert measure_depth(10, *pair, 1.0, seed).outcome == "holds"


@pytest.mark.parametrize(("pair", "scale"), [(("relu", "he_normal"), 2.0), (("tanh", "glorot_uniform"), 5.0)])
def test_too_large_weights_make_the_gradient_explode(pair, scale):
    profile = measure_depth(10, *pair, scale)
    assert profile.outcome == "explodes"
    assert profile.per_layer > 1.3


def test_too_small_weights_make_the_rectifiers_gradient_vanish():
    assert measure_depth(10, "relu", "random_normal").outcome == "vanishes"


def test_weights_of_zero_let_no_gradient_through():
    profile = measure_depth(3, "tanh", "zeros")
    assert (profile.ratio, profile.outcome) == (0.0, "vanishes")
    assert profile.sizes[-1] > 0


def test_ratios_of_nothing_are_named_all_the_same():
    assert DepthProfile(np.array([0.0, 2.0, 1.0])).outcome == "vanishes"
    assert DepthProfile(np.array([2.0, 0.0, 1.0])).outcome == "explodes"
    assert DepthProfile(np.array([2.0, 1.0])).ratio == 1.0


@pytest.mark.parametrize("depth", [0, 20])
def test_a_depth_that_no_network_has_is_refused(depth):
    with pytest.raises(ValueError, match=f"expected 1 to 19 hidden layers, received {depth}"):
        deep_network(depth, "relu", "he_normal")
