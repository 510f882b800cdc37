"""The output of a neuron over two inputs, against computing it pixel by pixel."""

import numpy as np
import pytest

from nncore.figures import theme
from nncore.figures.interactive.scene import HeatMap, Line, Points
from nncore.figures.neurons.neuron_surface import PIXELS, colours_of, output_range, plot_surface
from nncore.theory.activations import ACTIVATIONS, activation
from nncore.theory.logic_gates import GATES
from nncore.theory.neuron import Neuron

VALUES = np.array([-2.0, 0.0, 0.7, 3.0])
NAMES = ("x1", "x2", "x3", "w1", "w2", "w3", "b")


def neuron(name="tanh"):
    return Neuron((1.0, 0.5, -1.0), (0.8, -0.4, 0.3), 0.2, activation(name))


def part(panel, kind, number=0):
    return [one for one in panel.parts if isinstance(one, kind)][number]


@pytest.mark.parametrize("over", [(0, 1), (0, 2), (1, 2)])
@pytest.mark.parametrize("moving", NAMES)
def test_the_map_is_the_sum_of_the_neuron_at_every_pixel(moving, over):
    heat = part(plot_surface(neuron(), moving, VALUES, over=over), HeatMap)
    middles = -5 + 10 * (np.arange(PIXELS) + 0.5) / PIXELS
    for position, value in enumerate(VALUES):
        v = heat.times[position]
        shown = (heat.rows + v * heat.times_rows)[:, None] + heat.columns + v * heat.times_columns
        for i, j in ((0, 0), (37, 151), (199, 3)):
            there = neuron().moved(moving, value)
            for which, middle in zip(over, (middles[j], middles[i]), strict=True):
                there = there.moved(f"x{which + 1}", middle)
            assert shown[i, j] == pytest.approx(float(there.z))


@pytest.mark.parametrize("over", [(0, 1), (0, 2), (1, 2)])
@pytest.mark.parametrize("moving", NAMES)
def test_the_sum_is_zero_all_along_the_line(moving, over):
    line = part(plot_surface(neuron(), moving, VALUES, over=over), Line)
    for position, value in enumerate(VALUES):
        there = neuron().moved(moving, value)
        ends = np.stack([line.x[position], line.y[position]], axis=1)
        np.testing.assert_allclose(there.sums_at(ends, *over), 0, atol=1e-9)
        assert np.ptp(ends, axis=0).max() > 50


def test_without_weights_there_is_no_line():
    flat = Neuron((1.0, 0.5, -1.0), (0.0, 0.0, 0.3), 0.2, activation("sigmoid"))
    line = part(plot_surface(flat, "b", VALUES), Line)
    assert np.isnan(line.x).all()


@pytest.mark.parametrize("f", ACTIVATIONS.values(), ids=ACTIVATIONS)
def test_colours_follow_the_output_and_are_centred_on_zero_where_it_has_a_sign(f):
    low, high = output_range(f)
    colours = colours_of(f, 1601).astype(int)
    z = np.linspace(-8, 8, 1601)
    if f.name in ("sigmoid", "relu", "softplus"):
        assert low == 0
        share = (f(z) - low) / (high - low)
        white, green = np.array([247] * 3), np.array([int(theme.OUTPUT[i : i + 2], 16) for i in (1, 3, 5)])
        np.testing.assert_allclose(colours, white + np.clip(share, 0, 1)[:, None] * (green - white), atol=1)
    else:
        assert low == -high
        assert colours[800].tolist() == [247, 247, 247]
        assert colours[0][2] > colours[0][0]
        assert colours[-1][0] > colours[-1][2]


@pytest.mark.parametrize("name", GATES)
def test_the_points_of_a_gate_lie_on_the_map_with_the_wrong_ones_in_rings(name):
    gate = GATES[name]
    still = Neuron((0.0, 0.0, 0.0), (1.0, 1.0, 0.3), -0.5, activation("sigmoid"))
    panel = plot_surface(still, "b", np.array([-1.5, -0.5]), gate=gate)
    right = np.stack([gate.is_right(still.moved("b", b).sums_at(gate.points, 0, 1)) for b in (-1.5, -0.5)])
    wrong, points, hollow = (part(panel, Points, k) for k in range(3))
    np.testing.assert_array_equal(np.isnan(wrong.x), right)
    np.testing.assert_array_equal(np.stack([points.x, points.y], axis=1), gate.points)
    np.testing.assert_array_equal(np.stack([hollow.x, hollow.y], axis=1), gate.points[~gate.answers])
    np.testing.assert_array_equal(panel.heading.number, right.sum(axis=1))
    assert panel.heading.template.startswith(gate.name)
    assert panel.x.low < 0 < 1 < panel.x.high


def test_the_cross_is_where_the_inputs_are():
    cross = part(plot_surface(neuron(), "x2", VALUES, over=(0, 1)), Points, -1)
    np.testing.assert_array_equal(cross.x[:, 0], 1.0)
    np.testing.assert_array_equal(cross.y[:, 0], VALUES)
