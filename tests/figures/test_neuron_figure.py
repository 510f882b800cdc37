"""The drawing of a neuron and its curves, by their traces."""

import numpy as np
import pytest

from nncore.activations import ACTIVATIONS, activation
from nncore.figures import theme
from nncore.figures.neuron import plot_activation, plot_neuron, plot_slope


def traces(figure):
    return {trace.name: trace for trace in figure.data if trace.name}


def drawn(w=(0.8, -0.4, 5.0), b=-0.2, output=0.62246):
    return plot_neuron([1.0, 0.5, -1.0], list(w), b, 0.5, output, "sigmoid")


def test_the_numbers_of_the_neuron_are_in_its_drawing():
    figure = drawn()
    named = traces(figure)
    assert list(named["inputs"].text) == ["1", "0.5", "−1"]
    assert list(named["output"].text) == ["0.622"]
    words = {annotation.text for annotation in figure.layout.annotations}
    assert {"w<sub>1</sub> = 0.8", "w<sub>2</sub> = −0.4", "b = −0.2", "<b>z = 0.5</b>", "sigmoid"} <= words


def test_an_edge_is_wider_the_larger_its_weight_and_dashed_if_negative():
    named = traces(drawn())
    widths = [named[name].line.width for name in ("w2", "w1", "w3")]
    assert widths == sorted(widths)
    assert len(set(widths)) == 3
    assert [named[name].line.dash for name in ("w1", "w3")] == ["solid", "solid"]
    assert named["w2"].line.dash == named["b"].line.dash != "solid"


def test_colours_keep_their_meaning():
    named = traces(drawn())
    assert named["inputs"].marker.line.color == theme.INPUT
    assert {named[name].line.color for name in ("w1", "w2", "w3", "b")} == {theme.WEIGHT}
    assert named["output"].marker.line.color == theme.OUTPUT


def test_a_tiny_output_fits_its_ring():
    assert list(traces(drawn(output=9.36e-14))["output"].text) == ["0"]


@pytest.mark.parametrize("f", ACTIVATIONS.values(), ids=ACTIVATIONS)
@pytest.mark.parametrize("z", [-85.0, -0.3, 0.0, 2.5, 85.0])
def test_both_curves_pass_through_the_place_that_they_mark(f, z):
    for figure, label, function in ((plot_activation(f, z), "f(z)", f), (plot_slope(f, z), "f′(z)", f.slope)):
        named = traces(figure)
        assert named["here"].x[0] == z
        assert named["here"].y[0] == pytest.approx(float(function(z)))
        curve = named[label]
        np.testing.assert_allclose(curve.y, function(np.array(curve.x)))
        assert curve.x[0] < z < curve.x[-1]
        low, high = figure.layout.yaxis.range
        assert low < min(curve.y) <= max(curve.y) < high
        assert figure.layout.xaxis.title.text == "z"
        assert figure.layout.font.size >= 16


def test_the_value_at_the_mark_is_written_above_the_curve():
    figure = plot_slope(activation("sigmoid"), 0.0)
    assert figure.layout.annotations[-1].text == "f′(z) of sigmoid = <b>0.25</b>"
