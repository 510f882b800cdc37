"""The 2-2-1 network by names: its passes, its phases and the chain rule of each of its nine parameters."""

import math

import numpy as np
import pytest

from nncore.networks.gradients import dense_gradients
from nncore.theory.activations import ACTIVATIONS
from nncore.theory.backpropagation import DenseNetwork
from nncore.theory.network_221 import PARAMETERS, STARTS, Setting, chain, start_network, symbol, take_step, train

SETTINGS = [Setting(activation=name, start=start) for name in ACTIVATIONS for start in STARTS]
SETTINGS += [Setting(cost="cross_entropy", start=start, y=y) for start in STARTS for y in (0.0, 0.3, 1.0)]


def step_of(setting):
    return take_step(start_network(setting), setting)


@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_the_factors_of_every_chain_rule_multiply_to_its_gradient(setting):
    step = step_of(setting)
    for name in PARAMETERS:
        product = math.prod(factor.value for factor in chain(name, step))
        assert product == pytest.approx(step.gradients[name], rel=1e-9, abs=1e-300)


@pytest.mark.parametrize("setting", SETTINGS[::4], ids=str)
def test_the_gradients_by_name_are_those_of_keras_in_its_arrays(setting):
    theirs = dense_gradients(start_network(setting), setting.x, [setting.y], setting.cost)
    (w, v), (b, c) = theirs.kernels, theirs.biases
    expected = {"w11": w[0, 0], "w12": w[1, 0], "w21": w[0, 1], "w22": w[1, 1], "b1": b[0], "b2": b[1]}
    expected |= {"v1": v[0, 0], "v2": v[1, 0], "c": c[0]}
    assert step_of(setting).gradients == pytest.approx(expected, rel=1e-6, abs=1e-12)


def test_the_first_index_of_a_weight_is_its_neuron_and_the_second_its_input():
    setting = Setting(x=(3.0, 7.0), activation="linear")
    found = step_of(setting)
    w = found.parameters
    assert found.values["z1"] == pytest.approx(w["w11"] * 3 + w["w12"] * 7 + w["b1"])
    assert found.values["z2"] == pytest.approx(w["w21"] * 3 + w["w22"] * 7 + w["b2"])
    assert found.values["z"] == pytest.approx(w["v1"] * found.values["a1"] + w["v2"] * found.values["a2"] + w["c"])


def test_the_chain_of_a_hidden_weight_names_its_derivatives():
    factors = chain("w21", step_of(Setting()))
    assert [factor.formula for factor in factors] == ["a - y", "f'(z)", "v_2", "f'(z_2)", "x_1"]
    assert factors[-1].derivative == r"\frac{\partial z_2}{\partial w_{21}}"
    assert [factor.formula for factor in chain("c", step_of(Setting()))] == ["a - y", "f'(z)", "1"]
    assert symbol("c") == "c"


def test_a_phase_knows_what_it_and_the_earlier_ones_computed():
    step = step_of(Setting())
    counts = [(len(s.values), len(s.gradients), len(s.updated)) for s in map(step.until, range(1, 8))]
    assert counts == [(4, 0, 0), (6, 0, 0), (7, 0, 0), (8, 0, 0), (10, 0, 0), (10, 9, 0), (10, 9, 9)]
    assert set(step.until(1).values) == {"z1", "a1", "z2", "a2"}


def test_an_update_is_the_parameter_less_eta_times_its_gradient():
    step = step_of(Setting(eta=0.3))
    for name in PARAMETERS:
        assert step.updated[name] == pytest.approx(step.parameters[name] - 0.3 * step.gradients[name])


def test_training_goes_on_from_the_update_of_the_last_step():
    setting = Setting(eta=2.0)
    assert take_step(train(setting, 1).network, setting).parameters == pytest.approx(step_of(setting).updated)
    assert train(setting, 100).costs[-1] < 0.01 * train(setting, 0).costs[-1]


def test_equal_neurons_stay_equal_and_different_ones_do_not():
    for start, equal in (("equal", True), ("spread", False)):
        (kernel, _), _ = train(Setting(start=start), 200).network.kernels, None
        assert np.allclose(kernel[:, 0], kernel[:, 1], rtol=0, atol=1e-12) == equal


def test_a_saturated_start_hardly_learns_from_the_quadratic_cost_and_fast_from_cross_entropy():
    slow, fast = (train(Setting(start="large", cost=cost), 100) for cost in ("quadratic", "cross_entropy"))
    assert slow.costs[-1] > 0.9 * slow.costs[0]
    assert fast.costs[-1] < 0.01 * fast.costs[0]


def test_the_passes_take_any_2_2_1_network():
    network = DenseNetwork((np.zeros((2, 2)), np.zeros((2, 1))), (np.zeros(2), np.zeros(1)), ("sigmoid", "sigmoid"))
    step = take_step(network, Setting())
    assert (step.values["a"], step.values["C"], step.gradients["c"]) == (0.5, 0.125, -0.125)


def test_an_unknown_start_is_refused_with_what_was_expected():
    with pytest.raises(ValueError, match="expected a start out of spread, equal, large, received 'zeros'"):
        start_network(Setting(start="zeros"))
