"""The squares of a line's errors, by what the picture holds."""

import numpy as np

from nncore.figures import theme
from nncore.figures.interactive.encode import encode
from nncore.figures.interactive.scene import Area, Label, Line, Points
from nncore.figures.learning.least_squares import plot_squares
from nncore.theory.least_squares import X, Y, corners, measure

SLOPES = np.linspace(-2, 2, 41)
LINES = (SLOPES, np.full(41, 1.3))


def drawn():
    return plot_squares("slope", SLOPES, (X, Y), measure(*LINES), corners(*LINES), (SLOPES, measure(*LINES).cost))


def parts(panel, kind):
    return [part for part in panel.parts if isinstance(part, kind)]


def test_data_line_and_squares_are_drawn_with_equal_axes():
    squares = drawn().panels[0]
    assert squares.equal
    (area,), (line,), (points,) = (parts(squares, kind) for kind in (Area, Line, Points))
    np.testing.assert_array_equal(area.x, corners(*LINES)[0])
    np.testing.assert_array_equal((points.x, points.y), (X, Y))
    np.testing.assert_allclose(line.y, SLOPES[:, None] * line.x + 1.3, atol=1e-9)
    assert (area.colour, line.colour, points.colour) == (theme.COST, theme.OUTPUT, theme.INPUT)


def test_a_square_large_enough_to_read_in_carries_its_area():
    labels = parts(drawn().panels[0], Label)
    areas = measure(*LINES).squares
    for index, label in enumerate(labels):
        assert label.text[0] == f"{areas[0, index]:.2g}"
    assert any(text == "" for label in labels for text in label.text)


def test_the_cost_is_drawn_against_the_control_that_moves():
    bowl = drawn().panels[1]
    (curve,), (mark,) = parts(bowl, Line), parts(bowl, Points)
    np.testing.assert_array_equal(curve.x, SLOPES)
    np.testing.assert_allclose(curve.y, measure(*LINES).cost)
    np.testing.assert_array_equal(mark.x[:, 0], SLOPES)
    assert bowl.x.title == "slope"


def test_the_picture_can_be_sent():
    assert len(encode(drawn())) > 1000
