"""A line's sum of squares: NumPy's least squares and SciPy's finite differences are the oracles."""

import numpy as np
import pytest
import scipy.optimize
from hypothesis import given
from hypothesis import strategies as st

from nncore.theory.least_squares import REACH, STEP_SIZE, X, Y, best_line, corners, measure

numbers = st.floats(-3, 3)


@given(slope=numbers, offset=numbers)
def test_the_cost_is_half_the_sum_of_the_squared_errors(slope, offset):
    found = measure(slope, offset)
    assert found.cost == pytest.approx(sum((slope * x + offset - y) ** 2 for x, y in zip(X, Y, strict=True)) / 2)


@given(slope=numbers, offset=numbers)
def test_both_gradients_agree_with_finite_differences(slope, offset):
    found = measure(slope, offset)
    numeric = scipy.optimize.approx_fprime([slope, offset], lambda line: float(measure(*line).cost), 1e-6)
    np.testing.assert_allclose([found.slope_gradient, found.offset_gradient], numeric, atol=1e-3)


def test_the_best_line_is_that_of_least_squares():
    slope_and_offset, residuals, *_ = np.linalg.lstsq(np.stack([X, np.ones(len(X))], axis=1), Y)
    np.testing.assert_allclose(best_line(), slope_and_offset)
    assert measure(*best_line()).cost == pytest.approx(residuals[0] / 2)


@given(points=st.lists(st.tuples(numbers, numbers), min_size=2, max_size=8, unique_by=lambda p: round(p[0], 2)))
def test_the_best_line_of_any_points_is_that_of_a_polynomial_fit(points):
    x, y = np.array(points).T
    np.testing.assert_allclose(
        measure(*best_line(x, y), x, y).cost, measure(*np.polyfit(x, y, 1), x, y).cost, atol=1e-6
    )


def test_descent_on_the_sum_ends_at_the_best_line():
    line = np.array([-2.0, 4.0])
    costs = []
    for _ in range(60):
        found = measure(*line)
        costs.append(float(found.cost))
        line = line - STEP_SIZE * np.array([found.slope_gradient, found.offset_gradient])
    assert (np.diff(costs) <= 1e-12).all()
    np.testing.assert_allclose(line, best_line(), atol=1e-6)


@given(slope=numbers, offset=numbers)
def test_every_error_is_drawn_as_a_true_square_of_its_area(slope, offset):
    across, up = (part.reshape(len(X), 6) for part in corners(slope, offset))
    assert np.isnan(across[:, 5]).all()
    widths, heights = np.ptp(across[:, :5], axis=1), np.ptp(up[:, :5], axis=1)
    np.testing.assert_allclose(widths, heights, atol=1e-12)
    x, y = across[:, :5], up[:, :5]
    shoelace = np.abs((x[:, :-1] * y[:, 1:] - x[:, 1:] * y[:, :-1]).sum(axis=1)) / 2
    np.testing.assert_allclose(shoelace, measure(slope, offset).squares, atol=1e-9)
    np.testing.assert_allclose(up[:, 2], slope * X + offset, atol=1e-12)


@given(slope=st.floats(-1, 1), offset=st.floats(0, 3))
def test_a_square_stays_in_the_picture(slope, offset):
    assert np.nanmax(np.abs(corners(slope, offset)[0])) <= max(REACH, np.abs(measure(slope, offset).errors).max())


def test_many_lines_at_once_are_the_single_lines():
    slopes = np.linspace(-1, 1, 5)
    many, (across, _) = measure(slopes, np.full(5, 0.3)), corners(slopes, np.full(5, 0.3))
    for i, slope in enumerate(slopes):
        np.testing.assert_allclose(many.errors[i], measure(slope, 0.3).errors)
        np.testing.assert_array_equal(across[i], corners(slope, 0.3)[0])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: measure(1, 1, [1, 2], [1]), r"as many targets as inputs, received shapes \(1,\) and \(2,\)"),
        (lambda: best_line([2, 2], [1, 3]), r"at least two different inputs, received \[2.0, 2.0\]"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_was_expected(call, words):
    with pytest.raises(ValueError, match=words):
        call()
