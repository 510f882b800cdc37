"""The race of optimisers, by the traces and frames of its figures."""

import numpy as np
import pytest

from nncore.figures.animation import FRAMES, moments
from nncore.figures.learning.optimizer_race import LEAST, STYLES, plot_race, plot_race_costs
from nncore.theory.gradient_descent import Descent, Trajectories, subsample
from nncore.theory.loss_surfaces import LOSS_SURFACES, loss_surface
from nncore.theory.optimizers import OPTIMIZERS

NAMES = {name: rule.label for name, rule in OPTIMIZERS.items()}
costs = pytest.mark.parametrize("name", LOSS_SURFACES)


def race(name, steps=40, eta=None):
    cost = loss_surface(name)
    start, numbers = [each.default for each in cost.starts], subsample(steps)
    paths = [
        Descent(cost, rule, 0.9).walk(start, 0.1 if rule.adaptive else eta or cost.eta.default, steps)[numbers]
        for rule in OPTIMIZERS.values()
    ]
    return Trajectories(cost, numbers, np.array(paths), [""] * len(paths))


@costs
def test_every_optimiser_has_its_line_and_a_mark_where_it_is(name):
    walks = race(name)
    figure = plot_race(walks, NAMES)
    lines = {trace.name: trace for trace in figure.data if trace.name in NAMES.values()}
    for words, points in zip(NAMES.values(), walks.points, strict=True):
        np.testing.assert_array_equal(lines[words].x, points[:, 0])
    marks = figure.data[-1]
    np.testing.assert_array_equal(marks.x, walks.points[:, -1, 0])
    assert list(marks.marker.color) == [colour for colour, _, _ in STYLES.values()]
    assert len(set(marks.marker.symbol)) == len(NAMES)


@costs
def test_the_frames_lead_the_marks_from_the_start_to_the_end(name):
    walks = race(name, steps=200)
    figure = plot_race(walks, NAMES)
    assert len(figure.frames) == FRAMES
    assert figure.frames[0].traces == (len(figure.data) - 1,)
    np.testing.assert_array_equal(figure.frames[0].data[0].x, walks.points[:, 0, 0])
    np.testing.assert_array_equal(figure.frames[-1].data[0].x, walks.points[:, -1, 0])
    (menu,) = figure.layout.updatemenus
    assert [button.method for button in menu.buttons] == ["animate", "animate"]
    assert list(menu.buttons[0].args[0]) == [frame.name for frame in figure.frames]


@costs
def test_all_frames_are_sent_once_and_are_small(name):
    assert len(plot_race(race(name, steps=50), NAMES).to_json()) < 200_000


@costs
def test_the_height_above_the_least_cost_is_drawn_in_powers_of_ten(name):
    walks = race(name)
    figure = plot_race_costs(walks, NAMES)
    least = min(float(walks.landscape.cost(place.point)) for place in walks.landscape.minima)
    for trace, cost in zip(figure.data, walks.cost, strict=False):
        np.testing.assert_allclose(trace.y, np.maximum(cost - least, LEAST))
    assert figure.layout.yaxis.type == "log"
    low, high = figure.layout.yaxis.range
    assert 10**low < np.maximum(walks.cost - least, LEAST).min()
    assert 10**high > walks.cost[:, 0].max() - least


def test_an_optimiser_that_is_cut_off_ends_where_it_was_last():
    walks = race("double_well", eta=1.5)
    figure = plot_race_costs(walks, NAMES)
    assert np.isnan(walks.points).any()
    assert list(figure.data[-1].x) == list(walks.steps[walks.last])


@pytest.mark.parametrize(("steps", "count"), [(1, 2), (50, 51), (1000, 51)])
def test_there_is_a_frame_for_every_step_up_to_their_number(steps, count):
    found = moments(steps)
    assert (found[0], found[-1], len(found)) == (0, steps, count)
