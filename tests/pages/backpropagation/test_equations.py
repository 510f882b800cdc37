"""The phases as equations, and the challenges, with the numbers of a step."""

from dataclasses import replace

import pytest

from nncore.theory.network_221 import Setting, take_step, train
from pages.learning.backpropagation.equations import equation, solved_by, written_chain


def step_of(updates=0, **values):
    setting = replace(Setting(), **values)
    return take_step(train(setting, updates).network, setting)


def test_the_first_phase_substitutes_the_sums_of_the_hidden_layer():
    expected = r"z_{1} &= w_{11} x_1 + w_{12} x_2 + b_{1} = 0.5\cdot 1 + (-0.8)\cdot 0.5 + 0.1 = 0.2"
    assert expected in equation(step_of(), 1, "w11")


def test_the_chain_rule_is_filled_in_from_the_cost_backwards():
    chains = [written_chain(step_of(), phase, "w21") for phase in (3, 4, 5, 6)]
    assert r"\frac{\partial z_2}{\partial w_{21}}" in chains[0]
    assert chains[0].count("&=") == 2
    assert r"(-0.4126)\cdot 0.2424\cdot v_2\cdot f'(z_2)\cdot x_1" in chains[1]
    assert r"0.2424\cdot 0.7\cdot 0.2139\cdot x_1" in chains[2]
    assert r"0.2139\cdot 1 \\ &= -0.01498" in chains[3]


def solved(*, phase=1, weight="w11", updates=0, **values):
    return solved_by(step_of(updates, **values), phase, weight, updates)


@pytest.mark.parametrize(
    ("name", "meets", "close"),
    [
        ("most", {"phase": 7, "weight": "c"}, {"phase": 7, "weight": "v2"}),
        ("most", {"phase": 7, "weight": "c"}, {"phase": 6, "weight": "c"}),
        ("nothing", {"phase": 6, "weight": "w22", "x": (1.0, 0.0)}, {"phase": 6, "weight": "w21", "x": (1.0, 0.0)}),
        (
            "nothing",
            {"phase": 6, "activation": "relu", "x": (-2.0, 0.5), "weight": "b2"},
            {"phase": 6, "weight": "b2"},
        ),
        ("fast", {"updates": 100, "eta": 4.0}, {"updates": 100, "eta": 0.5}),
        ("fast", {"updates": 100, "eta": 4.0}, {"updates": 200, "eta": 4.0}),
        ("twins", {"updates": 100, "start": "equal"}, {"updates": 100, "start": "large"}),
    ],
)
def test_a_challenge_is_solved_by_what_meets_it_and_not_by_what_comes_close(name, meets, close):
    assert (solved(**meets)[name], solved(**close)[name]) == (True, False)
