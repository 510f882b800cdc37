"""Each challenge is solved by a neuron that meets it, and not by one that comes close."""

import pytest

from pages.neurons.neuron.challenges import solved_by
from tests.pages.neuron.given import settings_of

GATE = {"w1": 1, "w2": 1, "x3": 0}


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
    assert (solved_by(settings_of(**meets))[name], solved_by(settings_of(**close))[name]) == (True, False)


@pytest.mark.parametrize(
    ("dataset", "b", "correct"),
    [("and", -1.5, 4), ("and", -0.5, 2), ("or", -0.5, 4), ("xor", -0.5, 3), ("xor", 9, 2), ("none", 9, 0)],
)
def test_the_points_on_the_correct_side_are_counted(dataset, b, correct):
    assert settings_of(**GATE, dataset=dataset, b=b).correct == correct


def test_the_points_lie_over_the_inputs_of_the_surface():
    assert settings_of(surface="x2x3", dataset="and", x1=0, w2=1, w3=1, b=-1.5).correct == 4
