"""The moving picture of a descent, by what it holds."""

import numpy as np
import pytest

from nncore.figures import theme
from nncore.figures.interactive.encode import encode
from nncore.figures.interactive.scene import HeatMap, Label, Line, Points
from nncore.figures.learning.gradient_descent import HUGE, plot_descent
from nncore.theory.gradient_descent import Descent, Trajectories
from nncore.theory.loss_surfaces import LOSS_SURFACES, loss_surface

costs = pytest.mark.parametrize("name", LOSS_SURFACES)


def walks(name, etas=None, steps=20, start=None):
    cost = loss_surface(name)
    etas = np.linspace(0, cost.eta.high, 16) if etas is None else np.array(etas)
    start = [each.default for each in cost.starts] if start is None else start
    points = Descent(cost).walk(start, etas, steps)
    return Trajectories(cost, np.arange(steps + 1), points, [f"eta {eta:g}" for eta in etas])


def parts(panel, kind):
    return [part for part in panel.parts if isinstance(part, kind)]


def path_of(panel):
    return next(line for line in parts(panel, Line) if line.arrows)


@costs
def test_the_path_lies_on_the_cost_from_ring_to_dot(name):
    each = walks(name)
    path = plot_descent(each).panels[0]
    line, (ring, dot) = path_of(path), [p for p in parts(path, Points) if p.colour == theme.COST]
    up = each.cost if len(each.landscape.parameters) == 1 else each.points[..., 1]
    np.testing.assert_array_equal(line.x, np.clip(each.points[..., 0], -HUGE, HUGE))
    np.testing.assert_array_equal(line.y, np.clip(up, -HUGE, HUGE))
    np.testing.assert_array_equal(ring.x[:, 0], each.points[:, 0, 0])
    np.testing.assert_array_equal(dot.x[:, 0], np.clip(each.ends[:, 0], -HUGE, HUGE))
    assert ring.shape == "ring"


@costs
def test_parameters_and_cost_are_drawn_against_the_number_of_the_step(name):
    each = walks(name, etas=[0.0, 0.0005])
    _, trace, trace_cost = plot_descent(each).panels
    for line, values, dash in zip(parts(trace, Line), np.moveaxis(each.points, -1, 0), ("solid", "dash"), strict=False):
        np.testing.assert_array_equal(line.x, each.steps)
        np.testing.assert_array_equal(line.y, values)
        assert (line.colour, line.dash) == (theme.WEIGHT, dash)
    np.testing.assert_array_equal(parts(trace_cost, Line)[0].y, each.cost)
    assert parts(trace_cost, Line)[0].colour == theme.COST
    assert (trace_cost.x.title, trace_cost.y.title) == ("step", "C")


@costs
def test_the_axes_hold_a_path_that_does_not_fly_apart(name):
    each = walks(name, etas=[0.0, 0.0005, 0.001])
    _, trace, trace_cost = plot_descent(each).panels
    for panel, values in ((trace, each.points), (trace_cost, each.cost[..., None])):
        assert (panel.y.low < values.min(axis=(1, 2))).all()
        assert (panel.y.high > values.max(axis=(1, 2))).all()


def test_on_the_square_the_axes_follow_a_path_that_diverges():
    path = plot_descent(walks("w2", etas=[0.1, 1.5], steps=50)).panels[0]
    assert path.x.high[0] == pytest.approx(1.2 * 4)
    assert path.x.high[1] > 4 * 2.0**50
    still = plot_descent(walks("w2", etas=[0.1, 0.9])).panels[0]
    assert np.ndim(still.x.high) == 0


def test_elsewhere_a_path_that_diverges_leaves_the_picture_and_it_is_said_when():
    each = walks("double_well", etas=[0.1, 1.5], start=[5.0])
    path, trace, _ = plot_descent(each).panels
    label = parts(path, Label)[-1]
    assert label.text[0] == ""
    assert label.text[1].startswith("out of the picture at step ")
    assert trace.y.high[1] < 20
    assert np.isfinite(parts(trace, Line)[0].y[1][:5]).all()


def test_start_and_end_are_named_and_a_path_that_stands_still_is_named_once():
    path = plot_descent(walks("w2", etas=[0.0, 0.1])).panels[0]
    assert [label.text for label in parts(path, Label)] == ["start", ["", "step 20"]]


@costs
def test_the_heading_says_what_becomes_of_each_path_and_where_it_is(name):
    each = walks(name, etas=[0.0, 0.0005])
    headings = plot_descent(each).panels[0].heading
    assert headings[1].startswith("eta 0.0005: w = ")
    assert f"C = {each.cost[1, -1]:.4g}" in headings[1]


@pytest.mark.parametrize("name", ["bowl", "saddle", "rosenbrock"])
def test_a_map_is_lightest_at_the_minimum_and_has_a_square_there(name):
    each = walks(name, etas=[0.001])
    path = plot_descent(each).panels[0]
    (heat,) = parts(path, HeatMap)
    quantity = heat.rows[:, None] + heat.columns + (0 if heat.values is None else heat.values)
    share = (quantity - heat.low) / (heat.high - heat.low)
    shades = heat.colours[np.round(share * (len(heat.colours) - 1)).astype(int).clip(0), 0]
    cost = each.landscape.surface(count=len(quantity))[2]
    order = np.argsort(cost.ravel())
    assert (np.diff(shades.ravel()[order].astype(int)) <= 0).mean() > 0.99
    assert shades.ravel()[order[0]] == heat.colours.max()
    marks = parts(path, Points)[0]
    assert {*zip(marks.x, marks.y, strict=True)} == {place.point for place in each.landscape.minima}


@costs
def test_the_picture_can_be_sent_and_is_small_enough(name):
    sent = encode(plot_descent(walks(name, etas=np.linspace(0, loss_surface(name).eta.high, 151))))
    assert len(sent) < 250_000
