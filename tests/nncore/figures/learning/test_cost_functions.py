"""The moving pictures of the two costs, by what they hold."""

import numpy as np
import pytest

from nncore.figures import theme
from nncore.figures.interactive.encode import encode
from nncore.figures.interactive.scene import Line, Points, Rule
from nncore.figures.learning.cost_functions import plot_costs, plot_training
from nncore.theory.cost_functions import judge, judge_around, train_neuron

Z = np.linspace(-10, 10, 41)
CASES = [(y, against) for y in (0, 1) for against in ("output", "z")]


def parts(panel, kind):
    return [part for part in panel.parts if isinstance(part, kind)]


@pytest.mark.parametrize(("y", "against"), CASES)
def test_both_costs_are_drawn_with_the_neuron_on_them_and_inside_the_axes(y, against):
    curve, here = judge_around(10, y), judge(Z, y)
    costs, gradients = plot_costs(curve, here, against).panels
    for line, dash, values in zip(
        parts(costs, Line), ("solid", "dash"), (curve.quadratic, curve.cross_entropy), strict=True
    ):
        np.testing.assert_array_equal(line.x, getattr(curve, against))
        np.testing.assert_array_equal(line.y, values)
        assert line.dash == dash
    for mark, values in zip(parts(costs, Points), (here.quadratic, here.cross_entropy), strict=True):
        np.testing.assert_array_equal(mark.x[:, 0], getattr(here, against))
        np.testing.assert_array_equal(mark.y[:, 0], values)
    assert (costs.y.high > here.cross_entropy).all()
    (rule,) = parts(costs, Rule)
    np.testing.assert_array_equal(rule.at, getattr(here, against))
    assert (gradients.x.low < here.z).all()
    assert (gradients.x.high > here.z).all()


@pytest.mark.parametrize("y", [0, 1])
def test_both_gradients_are_drawn_by_z_inside_the_axes(y):
    curve, here = judge_around(10, y), judge(Z, y)
    gradients = plot_costs(curve, here, "output").panels[1]
    lines = parts(gradients, Line)
    np.testing.assert_array_equal(lines[0].y, curve.quadratic_gradient)
    np.testing.assert_array_equal(lines[1].y, curve.cross_entropy_gradient)
    low, high = gradients.y.low, gradients.y.high
    assert low < curve.cross_entropy_gradient.min() <= curve.cross_entropy_gradient.max() < high
    assert [line.colour for line in lines] == [theme.COST, theme.SECOND]


def test_each_training_is_drawn_with_its_own_cost_and_outputs_in_green():
    sizes, numbers = np.array([0.1, 0.5, 2.0]), np.arange(31.0)
    slow, fast = (train_neuron(cost, 1.5, 1.0, 0, sizes, 30) for cost in ("quadratic", "cross_entropy"))
    outputs, quadratic, cross_entropy = plot_training(numbers, slow, fast).panels
    assert {line.colour for line in parts(outputs, Line)} == {theme.OUTPUT}
    np.testing.assert_array_equal(parts(outputs, Line)[0].y, slow.output)
    np.testing.assert_array_equal(parts(outputs, Line)[1].y, fast.output)
    np.testing.assert_array_equal(parts(quadratic, Line)[0].y, slow.quadratic)
    np.testing.assert_array_equal(parts(cross_entropy, Line)[0].y, fast.cross_entropy)
    assert (quadratic.y.high > slow.quadratic.max(axis=1)).all()
    np.testing.assert_array_equal(parts(quadratic, Points)[0].y[:, 0], slow.quadratic[:, -1])


def test_a_training_that_grows_ends_in_a_dot_where_it_has_come_to():
    run = train_neuron("quadratic", 1.5, 1.0, 0, 0.2, 4)
    grown = run.masked(np.arange(5) <= np.array([[0], [2], [4]]))
    outputs = plot_training(np.arange(5.0), grown, grown).panels[0]
    assert parts(outputs, Points)[0].x[:, 0].tolist() == [0, 2, 4]
    np.testing.assert_array_equal(parts(outputs, Points)[0].y[:, 0], run.output[[0, 2, 4]])
    assert outputs.heading[1].startswith("Trained for 2 steps")


def test_both_pictures_can_be_sent():
    sizes = np.array([0.1, 0.5])
    slow, fast = (train_neuron(cost, 1.5, 1.0, 0, sizes, 30) for cost in ("quadratic", "cross_entropy"))
    pictures = [plot_costs(judge_around(3, 0), judge(Z[:2], 0), "z"), plot_training(np.arange(31.0), slow, fast)]
    for picture in pictures:
        assert len(encode(picture)) > 1000
