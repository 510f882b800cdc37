"""The diagram of a network, a neuron's terms and the gradient against depth, by their traces."""

import numpy as np
import pytest

from nncore.figures import theme
from nncore.figures.neurons.gradient_flow import plot_depth
from nncore.figures.neurons.network_diagram import plot_network, targets
from nncore.figures.neurons.weighted_sum import plot_terms, terms
from nncore.networks.diagram import Column, Diagram, dense_stack, draw
from nncore.networks.gradient_flow import DepthProfile
from nncore.networks.inspection import UnitArithmetic
from nncore.specs.presets import PRESETS

SMALL = draw(dense_stack(2, (3,), 2, "sigmoid", "sigmoid"), 1, 0, 1)
LARGE = draw(PRESETS["model1"].network, 1, 1, 4)


def traces(figure):
    return {trace.name: trace for trace in figure.data}


def notes(figure):
    return [note.text for note in figure.layout.annotations]


def test_a_small_network_is_drawn_in_full_with_its_outputs_in_its_neurons():
    named = traces(plot_network(SMALL, layer=0, unit=1))
    assert [len(named[f"column {n}"].x) for n in range(3)] == [2, 3, 2]
    assert list(named["column 1"].text) == [f"{value:.2g}" for value in SMALL.columns[1].values]


def test_a_large_network_says_how_much_of_it_is_drawn():
    written = notes(plot_network(LARGE, layer=1, unit=4))
    assert "6 of 784<br>shown" in written
    assert "6 of 30<br>shown" in written
    assert "10" in written
    assert written.count("⋮") == 2


def test_the_sizes_of_maps_are_written_below_them():
    written = " ".join(notes(plot_network(draw(PRESETS["model4"].network, 1, 5, 0), layer=5, unit=0)))
    for words in ("28 × 28 × 1", "24 × 24 × 20<br>6 of 20", "6 of 1,000"):
        assert words in written


def one_weight(weight):
    ends = [Column("Input", "", (1,), (0,), np.ones(1)), Column("Dense", "tanh", (2,), (0, 1), np.ones(2))]
    unit = UnitArithmetic(np.ones(1), np.ones(1), 0.0, 1.0, "tanh", 0.7, 0.7)
    return Diagram(tuple(ends), (np.array([[weight, 1.0]]),), (True,), 1.0, unit, "ones")


@pytest.mark.parametrize(("weight", "colour"), [(-1.0, "rgba(0,114,178,"), (1.0, "rgba(230,159,0,")])
def test_a_line_is_blue_for_a_negative_and_orange_for_a_positive_weight(weight, colour):
    lines = [trace for trace in plot_network(one_weight(weight), layer=0, unit=0).data if "weights" in trace.name]
    strongest = next(line for line in lines if line.name == f"weights {5 if weight > 0 else -5:+d}")
    assert strongest.line.color.startswith(colour)


def test_a_line_is_wider_and_stronger_the_larger_its_weight():
    weak = traces(plot_network(one_weight(-0.1), layer=0, unit=0))
    widths = [weak[name].line.width for name in ("weights -1", "weights +5")]
    shades = [float(weak[name].line.color.split(",")[-1][:-1]) for name in ("weights -1", "weights +5")]
    assert widths[0] < widths[1]
    assert shades[0] < shades[1]


def test_every_shown_weight_is_one_line():
    drawn = [trace for trace in plot_network(LARGE, layer=1, unit=4).data if trace.name.startswith("weights")]
    assert sum(list(trace.x).count(None) for trace in drawn) == 6 * 6 + 6 * 10


def test_the_chosen_neuron_is_marked_with_all_that_leads_into_it():
    figure = plot_network(SMALL, layer=0, unit=1)
    widths = traces(figure)["column 1"].marker.line.width
    assert [width > 2 for width in widths] == [False, True, False]
    assert len(figure.layout.shapes) == 2


def test_every_dense_neuron_that_is_drawn_can_be_clicked_and_no_other():
    clicks = traces(plot_network(LARGE, layer=1, unit=4))["clicks"]
    assert len(clicks.x) == len(targets(LARGE)) == 6 + 10
    assert targets(LARGE)[:4] == [(0, 0), (0, 1), (0, 2), (0, 27)]
    assert targets(draw(PRESETS["model3"].network, 1, 3, 0))[0] == (3, 0)


def test_the_colour_bar_is_centred_on_zero():
    scale = traces(plot_network(SMALL, layer=0, unit=0))["scale"].marker
    assert scale.cmin == -scale.cmax
    assert [scale.colorscale[0][1], scale.colorscale[-1][1]] == [theme.INPUT, theme.WEIGHT]


def test_few_terms_are_shown_one_by_one_and_add_up_to_z():
    bars = plot_terms(np.array([2.0, -1.0]), np.array([0.5, 3.0]), 0.25).data[0]
    assert list(bars.x) == [1.0, -3.0, 0.25, -1.75]
    assert bars.y[0] == "x<sub>0</sub>:  0.5 · 2"


def test_of_many_terms_the_largest_are_shown_and_the_rest_added_up():
    draw_numbers = np.random.default_rng(1)
    x, w = draw_numbers.normal(size=(2, 784))
    found = terms(x, w)
    assert len(found) == 11
    assert found[-1][0] == "774 others"
    assert sum(value for _, value in found) == pytest.approx(x @ w)
    shown = sorted(abs(value) for _, value in found[:-1])
    np.testing.assert_allclose(shown, np.sort(np.abs(x * w))[-10:])


def test_the_gradient_is_drawn_on_a_logarithmic_scale_against_the_hidden_layers():
    figure = plot_depth(DepthProfile(np.array([1e-6, 1e-4, 1e-2, 0.5])))
    named = traces(figure)
    assert list(named["measured"].x) == [1, 2, 3]
    assert list(named["measured"].y) == [1e-6, 1e-4, 1e-2]
    assert set(named["if it held"].y) == {1e-2}
    assert figure.layout.yaxis.type == "log"
    low, high = figure.layout.yaxis.range
    assert low < -6
    assert high > -2


def test_an_even_gradient_looks_even():
    low, high = plot_depth(DepthProfile(np.array([0.9, 1.1, 1.0, 0.5]))).layout.yaxis.range
    assert high - low > 3


def test_no_gradient_at_all_is_drawn_as_no_points():
    figure = plot_depth(DepthProfile(np.array([0.0, 0.0, 1.0])))
    assert np.isnan(traces(figure)["measured"].y).all()
