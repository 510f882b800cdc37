"""Each challenge is solved by numbers that meet it, and not by such as come close."""

import pytest

from nncore.theory.cost_functions import train_neuron
from nncore.theory.least_squares import measure
from pages.learning.cost.pictures import COSTS, solved_by

DEFAULTS = {"w": 1.5, "b": 1.0, "y": 0, "eta": 0.15, "steps": 100, "slope": -0.4, "offset": 2.0}
EXACT = {"slope": 0.36, "offset": 1.3}


def solved(**values):
    at = DEFAULTS | values
    w, b, y = at["w"], at["b"], at["y"]
    slow, fast = (train_neuron(cost, w, b, y, at["eta"], at["steps"]) for cost in COSTS)
    return solved_by(w, round(w + b, 12), y, (slow, fast), measure(at["slope"], at["offset"]))


@pytest.mark.parametrize(
    ("name", "meets", "close"),
    [
        ("stuck", {"w": 2, "b": 2}, {}),
        ("stuck", {"w": -2, "b": -2, "y": 1}, {"w": 2, "b": 2, "y": 1}),
        ("least", {"w": -1, "b": 1}, {"w": 0, "b": 0}),
        ("race", {"w": 2, "b": 2}, {"w": 2, "b": 2, "steps": 300}),
        ("smallest", {"slope": 0.48, "offset": 1.4}, EXACT),
        ("exact", EXACT, {"slope": 0.36, "offset": 1.35}),
    ],
)
def test_a_challenge_is_solved_by_what_meets_it_and_not_by_what_comes_close(name, meets, close):
    assert (solved(**meets)[name], solved(**close)[name]) == (True, False)
