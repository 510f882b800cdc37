"""AND, OR and XOR: Python's own operators are the oracle, and a search over lines finds what one neuron can do."""

import itertools
import operator

import numpy as np
import pytest

from nncore.theory.logic_gates import GATES

OPERATORS = {"and": operator.and_, "or": operator.or_, "xor": operator.xor}


@pytest.mark.parametrize("name", GATES)
def test_the_answers_are_those_of_the_operator(name):
    gate = GATES[name]
    assert gate.name == name.upper()
    assert gate.answers.tolist() == [bool(OPERATORS[name](int(u), int(v))) for u, v in gate.points]


def test_yes_is_a_positive_sum_and_no_a_negative_one_and_zero_is_neither():
    assert GATES["and"].is_right([-1, -1, -1, 1]).tolist() == [True] * 4
    assert GATES["and"].is_right([0, 0, 0, 0]).tolist() == [False] * 4
    assert GATES["or"].is_right([1, -1, 1, 1]).tolist() == [False, False, True, True]


@pytest.mark.parametrize(("name", "best"), [("and", 4), ("or", 4), ("xor", 3)])
def test_the_best_that_a_line_can_do_is_everything_but_for_xor(name, best):
    steps = np.linspace(-2, 2, 17)
    weights = np.array(list(itertools.product(steps, steps, steps)))
    sums = weights[:, :2] @ GATES[name].points.T + weights[:, 2:]
    assert GATES[name].is_right(sums).sum(axis=1).max() == best
