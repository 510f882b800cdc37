"""The catalogue of activations: Keras is the oracle for the functions, SciPy for the derivatives."""

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.differentiate import derivative

from nncore.activations import ACTIVATIONS, activation, weighted_sum

Z = np.linspace(-12, 12, 241)
AWAY_FROM_THE_KINK = Z[np.abs(Z) > 0.05]
HUGE = np.array([-1e4, -800.0, -745.2, -710.0, 0.0, 710.0, 745.2, 800.0, 1e4])

all_of_them = pytest.mark.parametrize("f", ACTIVATIONS.values(), ids=ACTIVATIONS)


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


def test_the_weighted_sum_adds_products_and_bias():
    assert weighted_sum([1.0, 2.0, 3.0], [0.5, -1.0, 2.0], 0.25) == 0.5 - 2.0 + 6.0 + 0.25


def test_a_weighted_sum_wants_as_many_weights_as_inputs():
    with pytest.raises(ValueError, match=r"expected as many weights as inputs, received shapes \(2,\) and \(3,\)"):
        weighted_sum([1, 2, 3], [1, 2], 0)
