"""The phases and the chain rule as equations, with the numbers of a step."""

from pages.learning.backpropagation.equations import chain_rule, equation
from tests.pages.backpropagation.given import settings_of, step_of

STEP = step_of(settings_of())


def test_the_first_phase_substitutes_the_sums_of_the_hidden_layer():
    expected = r"z_{1} &= w_{11} x_1 + w_{12} x_2 + b_{1} = 0.5\cdot 1 + (-0.8)\cdot 0.5 + 0.1 = 0.2"
    assert expected in equation(STEP, 1, "w11")


def test_the_chain_rule_is_filled_in_from_the_cost_backwards():
    chains = [chain_rule(STEP, phase, "w21") for phase in (3, 4, 5, 6)]
    assert r"\frac{\partial z_2}{\partial w_{21}}" in chains[0]
    assert chains[0].count("&=") == 2
    assert r"(-0.4126)\cdot 0.2424\cdot v_2\cdot f'(z_2)\cdot x_1" in chains[1]
    assert r"0.2424\cdot 0.7\cdot 0.2139\cdot x_1" in chains[2]
    assert r"0.2139\cdot 1 \\ &= -0.01498" in chains[3]


def test_the_gradient_is_the_delta_of_the_neuron_times_its_input():
    assert r"\partial w_{21}} = \delta_2\cdot x_1 = (-0.01498)\cdot 1 = -0.01498" in equation(STEP, 6, "w21")
    assert r"\partial c} = \delta\cdot 1 = " in equation(STEP, 6, "c")
