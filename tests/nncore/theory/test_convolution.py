"""Convolution and pooling in NumPy; SciPy, Keras and plain loops are the oracles."""

import itertools

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import signal

from nncore import _keras as keras
from nncore.networks.inspection import activations
from nncore.networks.keras_convolution import keras_map
from nncore.registry import networks
from nncore.theory.activations import ACTIVATIONS
from nncore.theory.convolution import (
    POOLINGS,
    Windows,
    convolve,
    dense_parameters,
    explain_output,
    feature_map,
    pool,
    shared_parameters,
)
from nncore.theory.kernels import learned_kernels

SETTINGS = list(itertools.product((3, 5), (1, 2, 3, 4), ("valid", "same")))


def made(rows=28, columns=28, size=5, seed=1):
    generator = np.random.default_rng(seed)
    return generator.integers(0, 256, (rows, columns)), generator.normal(size=(size, size))


def by_keras(picture, kernel, bias, stride, padding, activation="linear"):
    layer = keras.layers.Conv2D(1, kernel.shape, strides=stride, padding=padding, activation=activation)
    layer.build((None, *picture.shape, 1))
    layer.set_weights([kernel[..., None, None].astype(np.float32), np.array([bias], np.float32)])
    return np.asarray(layer(picture[None, ..., None].astype(np.float32)))[0, ..., 0]


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("size", [3, 5])
def test_with_stride_one_it_is_scipys_cross_correlation(size, padding):
    picture, kernel = made(size=size)
    np.testing.assert_allclose(convolve(picture, kernel, padding=padding), signal.correlate2d(picture, kernel, padding))


@pytest.mark.parametrize(("size", "stride", "padding"), SETTINGS)
@pytest.mark.parametrize("shape", [(28, 28), (27, 20)])
def test_every_stride_and_padding_gives_what_keras_conv2d_gives(size, stride, padding, shape):
    picture, kernel = made(*shape, size)
    ours = convolve(picture, kernel, bias=-7.5, stride=stride, padding=padding)
    np.testing.assert_allclose(ours, by_keras(picture, kernel, -7.5, stride, padding), rtol=1e-4, atol=1e-2)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_activation_gives_what_keras_conv2d_gives(name):
    picture, kernel = made()
    settings = {"bias": 3.0, "stride": 2, "padding": "same", "activation": name}
    expected = by_keras(picture, kernel / 100, 3.0, 2, "same", name)
    for function in (feature_map, keras_map):
        np.testing.assert_allclose(function(picture, kernel / 100, **settings), expected, rtol=1e-3, atol=1e-4)


def test_a_learned_kernel_gives_the_networks_own_map(mnist):
    kernels, biases = learned_kernels("model4")
    stored = networks.apply_to_network(activations, "model4", mnist.x_test[3])[0].values
    for number in (0, 7, 19):
        ours = feature_map(mnist.x_test[3], kernels[number], bias=biases[number])
        np.testing.assert_allclose(ours, stored[..., number], rtol=1e-4, atol=1e-3)


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 40), st.integers(1, 12), st.integers(1, 6), st.sampled_from(["valid", "same"]))
def test_outputs_are_counted_as_keras_counts_them(side, size, stride, padding):
    assume(padding == "same" or size <= side)
    windows = Windows(side, size, stride, padding)
    layer = keras.layers.Conv2D(1, size, strides=stride, padding=padding)
    assert layer.compute_output_shape((1, side, side, 1)) == (1, windows.count, windows.count, 1)


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 40), st.integers(1, 12), st.integers(1, 6), st.sampled_from(["valid", "same"]))
def test_all_windows_lie_on_the_side_and_its_border(side, size, stride, padding):
    assume(padding == "same" or size <= side)
    windows = Windows(side, size, stride, padding)
    before, after = windows.border
    assert 0 <= before <= after <= before + 1
    assert (windows.count - 1) * stride + size <= before + side + after
    assert eval_formula(windows.formula) == windows.count


def eval_formula(formula):
    """The left side of the LaTeX, worked out by Python."""
    import math

    left, right = formula.split(" = ")
    python = left.replace(r"\frac{", "(").replace("}{", ")/(").replace("}", ")")
    for sign in ("floor", "ceil"):
        python = python.replace(rf"\left\l{sign} ", f"math.{sign}(").replace(rf" \right\r{sign}", ")")
    value = eval(python, {"math": math})
    assert value == int(right)
    return value


@pytest.mark.parametrize(
    ("windows", "formula"),
    [
        (Windows(28, 5), r"\frac{28 - 5}{1} + 1 = 24"),
        (Windows(28, 5, 2), r"\left\lfloor \frac{28 - 5}{2} \right\rfloor + 1 = 12"),
        (Windows(28, 5, 1, "same"), r"\frac{28}{1} = 28"),
        (Windows(28, 5, 3, "same"), r"\left\lceil \frac{28}{3} \right\rceil = 10"),
    ],
)
def test_the_size_is_shown_as_arithmetic_and_rounded_only_where_it_must_be(windows, formula):
    assert windows.formula == formula


@pytest.mark.parametrize("kind", ["max", "average"])
@pytest.mark.parametrize(("size", "stride"), [(2, 2), (2, 1), (3, 2), (4, 4), (5, 3), (3, None)])
def test_max_and_average_pooling_give_what_keras_gives(kind, size, stride):
    values = made(25, 24)[0].astype(np.float32)
    layer = {"max": keras.layers.MaxPooling2D, "average": keras.layers.AveragePooling2D}[kind](size, strides=stride)
    expected = np.asarray(layer(values[None, ..., None]))[0, ..., 0]
    np.testing.assert_allclose(pool(values, kind, size=size, stride=stride), expected, rtol=1e-6)


@pytest.mark.parametrize(("size", "stride"), [(2, 2), (2, 1), (3, 2), (4, 3)])
def test_l2_pooling_is_the_root_of_the_sum_of_squares_of_each_window(size, stride):
    values = np.random.default_rng(2).normal(size=(13, 11))
    pooled = pool(values, "l2", size=size, stride=stride)
    for row, column in np.ndindex(pooled.shape):
        total = 0.0
        for i, j in np.ndindex(size, size):
            total += values[row * stride + i, column * stride + j] ** 2
        assert pooled[row, column] == pytest.approx(total**0.5)
    assert pooled.shape == ((13 - size) // stride + 1, (11 - size) // stride + 1)


@pytest.mark.parametrize("kind", POOLINGS)
def test_windows_of_one_pixel_leave_a_map_of_an_activation_as_it_was(kind):
    values = np.arange(12.0).reshape(3, 4)
    np.testing.assert_array_equal(pool(values, kind, size=1), values)


@settings(max_examples=50, deadline=None)
@given(st.sampled_from(SETTINGS), st.integers(0, 10**6), st.sampled_from(sorted(ACTIVATIONS)))
def test_any_output_taken_apart_gives_the_value_in_the_map(setting, number, activation):
    size, stride, padding = setting
    picture, kernel = made(size=size, seed=number % 7)
    common = {"bias": 1.25, "stride": stride, "padding": padding}
    values = feature_map(picture, kernel, activation=activation, **common)
    row, column = np.unravel_index(number % values.size, values.shape)
    pixel = explain_output(picture, kernel, row, column, activation=activation, **common)
    assert pixel.value == pytest.approx(values[row, column], rel=1e-9, abs=1e-9)
    assert pixel.z == pytest.approx(convolve(picture, kernel, **common)[row, column])
    assert pixel.total == pytest.approx(pixel.products.sum())
    np.testing.assert_array_equal(pixel.products, pixel.patch * kernel)


def test_the_patch_of_a_corner_holds_zeros_where_it_reaches_over_the_border():
    pixel = explain_output(np.ones((28, 28)), np.ones((5, 5)), 0, 0, padding="same")
    assert pixel.patch.sum() == 9
    assert pixel.patch[:2].sum() == pixel.patch[:, :2].sum() == 0


def test_shared_weights_are_few_and_a_dense_layer_with_as_many_outputs_has_many():
    dense = keras.models.Sequential([keras.layers.Input((784,)), keras.layers.Dense(576)])
    convolution = keras.models.Sequential([keras.layers.Input((28, 28, 1)), keras.layers.Conv2D(1, 5)])
    assert shared_parameters(5).count == convolution.count_params() == 26
    assert dense_parameters(784, 576).count == dense.count_params()
    assert dense_parameters(784, 576).arithmetic == "784*576 + 576"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (
            lambda: convolve(np.ones(28), np.ones((3, 3))),
            r"expected a picture \(rows, columns\), received shape \(28,\)",
        ),
        (lambda: convolve(np.ones((28, 28)), np.ones((3, 5))), r"expected a square kernel .* received shape \(3, 5\)"),
        (lambda: convolve(np.ones((4, 4)), np.ones((5, 5))), "expected a window of at most 4 pixels, received 5"),
        (lambda: pool(np.ones((4, 4)), "median"), "expected a pooling out of max, average, l2, received 'median'"),
        (lambda: pool(np.ones((4, 4)), "max", size=5), "expected a window of at most 4 pixels"),
        (lambda: Windows(28, 5, 0), "of at least 1"),
        (lambda: Windows(28, 5, 1, "full"), "expected a padding out of valid, same, received 'full'"),
        (lambda: feature_map(np.ones((9, 9)), np.ones((3, 3)), activation="softmax"), "expected an activation"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(wrong, sentence):
    with pytest.raises(ValueError, match=sentence):
        wrong()


def test_a_pixel_outside_of_the_map_is_refused_in_a_sentence():
    with pytest.raises(IndexError, match="expected a column from 0 to 23, received 24"):
        explain_output(np.ones((28, 28)), np.ones((5, 5)), 0, 24)
