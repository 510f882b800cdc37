"""The costs of a neuron and of a line, written out with their numbers."""

import pytest

from nncore.theory.least_squares import measure
from pages.learning.cost.equations import neuron_costs, squares_table, sum_of_squares


def test_output_and_costs_hold_the_numbers_of_the_neuron():
    output, quadratic, cross_entropy = neuron_costs(-3.0, 1.0, 1)
    assert r"\sigma(-3 + 1) = \sigma(-2) = 0.1192" in output
    assert r"\tfrac12(-0.8808)^2 = 0.3879" in quadratic
    assert r"-\ln(a) = -\ln(0.1192) = 2.127" in cross_entropy


def test_a_target_of_0_is_judged_by_what_the_output_lacks_to_1():
    assert r"-\ln(1 - a) = -\ln(0.8808) = 0.1269" in neuron_costs(-3.0, 1.0, 0)[2]


def test_the_sum_of_squares_is_written_out_term_by_term():
    line = measure(0.4, 1.0)
    with_errors, with_squares = sum_of_squares(line)
    assert r"\tfrac12\left[(-0.4)^2 + (0.2)^2 + (-0.8)^2 + (0.1)^2 + (-1.3)^2 + (-0.2)^2\right]" in with_errors
    assert r"\tfrac12\left[0.16 + 0.04 + 0.64 + 0.01 + 1.69 + 0.04\right] = 1.29" in with_squares
    assert squares_table(line).to_pydict()["sum so far"][-1] == pytest.approx(1.29)
