"""The path of a descent and its trace, by their traces."""

import numpy as np
import pytest

from nncore.descent import descend
from nncore.figures import theme
from nncore.figures.descent import plot_path, plot_trace

CASES = [(0.1, 4.0, 20), (0.5, -3.0, 5), (0.9, 4.0, 50), (1.0, 2.0, 7), (1.5, 5.0, 50), (0.0, 4.0, 3), (0.3, 0.0, 1)]


def traces(figure):
    return {trace.name: trace for trace in figure.data}


@pytest.mark.parametrize("case", CASES)
def test_the_whole_path_is_drawn_inside_the_axes_in_the_cost_colour(case):
    path = descend(*case)
    figure = plot_path(path)
    steps = traces(figure)["steps"]
    np.testing.assert_array_equal(steps.x, path.w)
    np.testing.assert_array_equal(steps.y, path.cost)
    assert steps.line.color == steps.marker.color == theme.COST
    for axis, values in ((figure.layout.xaxis, path.w), (figure.layout.yaxis, path.cost)):
        assert axis.range[0] < values.min() <= values.max() < axis.range[1]


def test_the_axes_follow_a_path_that_diverges():
    assert plot_path(descend(1.5, 4.0, 50)).layout.xaxis.range[1] > 4 * 2.0**50


def test_long_steps_have_arrow_heads_and_short_ones_dots():
    symbols = traces(plot_path(descend(0.9, 4.0, 50)))["steps"].marker.symbol
    assert len(symbols) == 51
    assert (symbols[0], symbols[1], symbols[-1]) == ("circle", "arrow", "circle")


@pytest.mark.parametrize(
    ("case", "words"),
    [((0.1, 4.0, 20), ["start", "step 20"]), ((0.0, 4.0, 3), ["start", ""]), ((0.3, 0.0, 1), ["start", ""])],
)
def test_start_and_end_are_named_once_each(case, words):
    assert list(traces(plot_path(descend(*case)))["start and end"].text) == words


@pytest.mark.parametrize("case", CASES)
def test_w_and_cost_are_drawn_against_the_number_of_the_step(case):
    path = descend(*case)
    figure = plot_trace(path)
    named = traces(figure)
    for name, values, colour in (("w", path.w, theme.WEIGHT), ("C", path.cost, theme.COST)):
        np.testing.assert_array_equal(named[name].x, np.arange(case[2] + 1))
        np.testing.assert_array_equal(named[name].y, values)
        assert named[name].line.color == colour
    assert (figure.layout.yaxis.title.text, figure.layout.yaxis2.title.text) == ("w", "C")
    assert figure.layout.xaxis2.title.text == "step"
    assert figure.layout.font.size >= 16
