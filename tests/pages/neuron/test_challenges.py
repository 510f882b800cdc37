"""Each challenge is solved by a neuron that meets it, and not by one that comes close."""

import pytest

from nncore.theory.activations import ACTIVATIONS
from nncore.theory.logic_gates import GATES
from nncore.theory.neuron import Neuron
from pages.neurons.neuron.controls import DEFAULTS
from pages.neurons.neuron.picture import count_right, solved_by

GATE = {"w1": 1, "w2": 1, "x3": 0}


def neuron_of(*, activation="sigmoid", **values):
    numbers = {**DEFAULTS, "b": 0.2, **values}
    x, w = (tuple(float(numbers[f"{letter}{k}"]) for k in (1, 2, 3)) for letter in "xw")
    return Neuron(x, w, float(numbers["b"]), ACTIVATIONS[activation])


def solved(*, dataset="none", **values):
    neuron = neuron_of(**values)
    return solved_by(neuron, dataset, count_right(neuron, GATES[dataset], "x1x2") if dataset in GATES else 0)


@pytest.mark.parametrize(
    ("name", "meets", "close"),
    [
        ("half", {"b": -0.3}, {"b": -0.2}),
        ("half", {"b": -0.3}, {"b": -0.3, "activation": "softplus"}),
        ("saturate", {"b": 5}, {"b": 1}),
        ("alive", {"b": 6, "activation": "relu"}, {"b": 6, "activation": "tanh"}),
        ("gate", {**GATE, "dataset": "and", "b": -1.5}, {**GATE, "dataset": "and", "b": -0.5}),
        ("gate", {**GATE, "dataset": "or", "b": -0.5}, {**GATE, "dataset": "xor", "b": -0.5}),
        ("xor", {**GATE, "dataset": "xor", "b": -0.5}, {**GATE, "dataset": "xor", "b": 0.5}),
    ],
)
def test_a_challenge_is_solved_by_what_meets_it_and_not_by_what_comes_close(name, meets, close):
    assert (solved(**meets)[name], solved(**close)[name]) == (True, False)


@pytest.mark.parametrize(
    ("dataset", "b", "right"),
    [("and", -1.5, 4), ("and", -0.5, 2), ("or", -0.5, 4), ("xor", -0.5, 3), ("xor", 9, 2)],
)
def test_the_points_on_the_right_side_are_counted(dataset, b, right):
    assert count_right(neuron_of(**GATE, b=b), GATES[dataset], "x1x2") == right
