"""The catalogue of activations: Keras is the oracle for the functions, SciPy for the derivatives."""

import math
from typing import get_args

import keras
import numpy as np
import pytest
import scipy.special
from hypothesis import given
from hypothesis import strategies as st
from scipy.differentiate import derivative

from nncore.specs.layers import ActivationName
from nncore.theory.activations import ACTIVATIONS, activation, softmax

Z = np.linspace(-12, 12, 241)
AWAY_FROM_THE_KINK = Z[np.abs(Z) > 0.05]
HUGE = np.array([-1e4, -800.0, -745.2, -710.0, 0.0, 710.0, 745.2, 800.0, 1e4])

all_of_them = pytest.mark.parametrize("f", ACTIVATIONS.values(), ids=ACTIVATIONS)


def test_a_layer_may_have_every_activation_of_the_catalogue_and_softmax():
    """Softmax is left out of the catalogue: it is no function of a single z."""
    assert get_args(ActivationName) == (*ACTIVATIONS, "softmax")


@all_of_them
def test_every_function_agrees_with_keras(f):
    theirs = keras.ops.convert_to_numpy(keras.activations.get(f.name)(keras.ops.convert_to_tensor(Z, "float64")))
    np.testing.assert_allclose(f(Z), theirs, rtol=1e-6, atol=1e-9)


@all_of_them
def test_every_derivative_agrees_with_finite_differences(f):
    found = derivative(f, AWAY_FROM_THE_KINK, initial_step=0.02)
    assert found.error.max() < 1e-9
    np.testing.assert_allclose(f.slope(AWAY_FROM_THE_KINK), found.df, rtol=0, atol=1e-9)


@all_of_them
def test_huge_arguments_give_finite_numbers_without_a_warning(f):
    assert np.isfinite(f(HUGE)).all()
    assert np.isfinite(f.slope(HUGE)).all()


@all_of_them
@given(z=st.floats(-300, 300))
def test_the_line_of_code_computes_the_same(f, z):
    known = {"np": np, "z": z}
    np.testing.assert_allclose(eval(f.code, known), f(z), rtol=1e-9, atol=1e-15)
    np.testing.assert_allclose(eval(f.derivative_code, known), f.slope(z), rtol=1e-9, atol=1e-15)


@all_of_them
def test_shapes_are_kept(f):
    for shape in ((), (3,), (2, 5)):
        assert f(np.zeros(shape)).shape == f.slope(np.zeros(shape)).shape == shape


@all_of_them
def test_a_whole_number_is_taken_as_a_float(f):
    assert f(2).dtype == f.slope(2).dtype == np.float64


def test_the_steepest_slopes_are_a_quarter_for_sigmoid_and_one_for_tanh():
    assert activation("sigmoid").slope(0) == 0.25
    assert activation("tanh").slope(0) == 1


@pytest.mark.parametrize(("name", "left"), [("relu", 0.0), ("leaky_relu", 0.2)])
def test_at_a_kink_the_derivative_from_the_left_is_given(name, left):
    assert activation(name).slope(0) == left


@pytest.mark.parametrize(
    ("name", "z", "written"),
    [
        ("sigmoid", "-1", r"\frac{1}{1 + e^{-(-1)}}"),
        ("sigmoid", "2", r"\frac{1}{1 + e^{-2}}"),
        ("tanh", "-1", r"\tanh(-1)"),
        ("leaky_relu", "-1", r"\max(0.2\cdot (-1),\ -1)"),
        ("linear", "-1", "-1"),
    ],
)
def test_a_negative_number_gets_brackets_where_it_needs_them(name, z, written):
    assert activation(name).substituted(z) == written


def test_an_unknown_name_is_answered_with_what_was_expected_and_received():
    with pytest.raises(ValueError, match=r"expected an activation out of sigmoid, .*linear, received 'swish'"):
        activation("swish")


@given(
    logits=st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=6),
    temperature=st.floats(0.05, 50),
)
def test_softmax_agrees_with_scipy(logits, temperature):
    ours = softmax(logits, temperature)
    np.testing.assert_allclose(
        ours.probabilities, scipy.special.softmax(np.array(logits) / temperature), rtol=1e-9, atol=1e-300
    )
    assert ours.probabilities.sum() == pytest.approx(1)


def test_softmax_is_exponentials_divided_by_their_sum():
    ours = softmax([2.0, 1.0, -1.0], 2.0)
    np.testing.assert_allclose(ours.exponentials, [math.e, math.exp(0.5), math.exp(-0.5)])
    np.testing.assert_allclose(ours.probabilities, ours.exponentials / ours.total)


def test_softmax_of_many_rows_takes_a_temperature_for_each():
    rows, temperatures = np.array([[2.0, 1.0], [0.0, 3.0]]), np.array([1.0, 5.0])
    together = softmax(rows, temperatures)
    for k in range(2):
        np.testing.assert_allclose(together.probabilities[k], softmax(rows[k], temperatures[k]).probabilities)


def test_a_low_temperature_gives_all_to_the_largest_and_a_high_one_the_same_to_each():
    assert softmax([1.0, 2.0], 0.01).probabilities[1] == pytest.approx(1)
    np.testing.assert_allclose(softmax([1.0, 2.0], 1e6).probabilities, 0.5, atol=1e-6)


@pytest.mark.parametrize("temperature", [0, -1, math.nan])
def test_softmax_refuses_a_temperature_that_is_not_above_0(temperature):
    with pytest.raises(ValueError, match="expected a temperature above 0, received"):
        softmax([1.0, 2.0], temperature)
