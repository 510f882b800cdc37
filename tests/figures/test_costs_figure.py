"""The pictures of the two costs, by their traces."""

import numpy as np
import pytest

from nncore.costs import judge, judge_around, train_neuron
from nncore.figures import theme
from nncore.figures.costs import plot_costs, plot_gradients, plot_outputs, plot_training

CASES = [(2.5, 0), (-10.0, 1), (0.0, 1)]


def traces(figure):
    return {trace.name: trace for trace in figure.data}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("against", ["output", "z"])
def test_both_costs_are_drawn_with_the_neuron_on_them_and_inside_the_axes(case, against):
    curve, here = judge_around(*case), judge(*case)
    figure = plot_costs(curve, here, against)
    drawn = traces(figure)
    np.testing.assert_array_equal(drawn["quadratic"].x, getattr(curve, against))
    np.testing.assert_array_equal(drawn["quadratic"].y, curve.quadratic)
    np.testing.assert_array_equal(drawn["cross-entropy"].y, curve.cross_entropy)
    assert (drawn["quadratic"].line.color, drawn["cross-entropy"].line.color) == (theme.COST, theme.SECOND)
    assert drawn["here"].x == (getattr(here, against),) * 2
    assert drawn["here"].y == (here.quadratic, here.cross_entropy)
    assert figure.layout.yaxis.range[1] > here.cross_entropy


@pytest.mark.parametrize("case", CASES)
def test_both_gradients_are_drawn_against_z_inside_the_axes(case):
    curve, here = judge_around(*case), judge(*case)
    figure = plot_gradients(curve, here)
    drawn = traces(figure)
    np.testing.assert_array_equal(drawn["quadratic"].y, curve.quadratic_gradient)
    np.testing.assert_array_equal(drawn["cross-entropy"].y, curve.cross_entropy_gradient)
    assert drawn["here"].y == (here.quadratic_gradient, here.cross_entropy_gradient)
    low, high = figure.layout.yaxis.range
    assert low < curve.cross_entropy_gradient.min() <= curve.cross_entropy_gradient.max() < high


def test_each_training_is_drawn_with_its_own_cost_and_outputs_in_green():
    slow, fast = (train_neuron(cost, 1.5, 1.0, 0, 0.15, 30) for cost in ("quadratic", "cross_entropy"))
    costs, outputs = traces(plot_training(slow, fast)), traces(plot_outputs(slow, fast))
    np.testing.assert_array_equal(costs["quadratic"].x, np.arange(31))
    np.testing.assert_array_equal(costs["quadratic"].y, slow.quadratic)
    np.testing.assert_array_equal(costs["cross-entropy"].y, fast.cross_entropy)
    np.testing.assert_array_equal(outputs["on quadratic"].y, slow.output)
    np.testing.assert_array_equal(outputs["on cross-entropy"].y, fast.output)
    assert {trace.line.color for trace in outputs.values()} == {theme.OUTPUT}
