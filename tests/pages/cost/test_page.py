"""The page of cost functions, driven without a browser."""

import pytest

from nncore.theory.least_squares import best_line, measure
from pages.learning.cost.equations import neuron_costs, sum_of_squares
from tests.support.packed import given_showing_the_same
from tests.support.shown import formulas, metrics, moved, printed
from tests.support.solving import is_solved

PAGE = "pages/learning/cost/page.py"


def test_costs_and_gradients_are_those_of_the_closed_forms(open_lesson):
    app = open_lesson(PAGE, w="2", b="2", y="0")
    assert [metric.value for metric in app.metric[:4]] == ["0.4822", "4.018", "0.01735", "0.982"]


def test_the_equations_hold_the_numbers_on_the_screen(open_lesson):
    app = open_lesson(PAGE, w="-3", b="1", y="1", slope="0.4", offset="1")
    line = measure(0.4, 1.0)
    assert formulas(app) == [*neuron_costs(-3.0, 1.0, 1), *sum_of_squares(line)]
    assert list(app.dataframe[0].value["sum so far"])[-1] == pytest.approx(1.29)
    assert metrics(app)["C of this line"] == "1.29"


def test_moving_a_control_or_the_target_moves_the_results(open_lesson):
    app = open_lesson(PAGE)
    moved(app, w=-1.0)
    assert app.metric[3].value == "0.5"
    app.radio(key="y").set_value("1").run()
    assert app.metric[3].value == "-0.5"


def test_a_number_that_is_none_falls_back_to_the_default(open_lesson):
    app = open_lesson(PAGE, w="abc", b="99", eta="-1", steps="7.5", slope="nan", offset="")
    found = {key: app.session_state[key] for key in ("w", "b", "eta", "steps", "slope", "offset")}
    assert found == {"w": 1.5, "b": 1.0, "eta": 0.15, "steps": 100, "slope": -0.4, "offset": 2.0}


@pytest.mark.parametrize(
    ("query", "number", "play", "panels"),
    [
        ({"w": "2", "b": "-0.33", "y": "1"}, 0, "", ["costs", "gradients"]),
        ({"eta": "0.4", "steps": "37"}, 1, "steps", ["outputs", "training_quadratic", "training_cross_entropy"]),
        ({"slope": "0.5", "offset": "1.15"}, 2, "", ["squares", "line_cost"]),
    ],
)
def test_everything_repaints_without_the_server(open_lesson, query, number, play, panels):
    sent = given_showing_the_same(open_lesson(PAGE, **query), number)
    keys = [control["key"] for control in sent["controls"]]
    assert keys == list(query)[:2]
    assert list(sent["pictures"]) == keys
    assert sent["play"] == play
    for picture in sent["pictures"].values():
        assert [panel["key"] for panel in picture["panels"]] == panels
    assert sent["size"] < 200_000


def test_each_step_downhill_lowers_the_sum_until_it_is_the_least(open_lesson):
    app = open_lesson(PAGE)
    for _ in range(12):
        app.button(key="downhill").click().run()
    line = [app.session_state[key] for key in ("slope", "offset")]
    assert line == pytest.approx(best_line(), abs=0.02)
    assert is_solved(app, "smallest")
    assert measure(*line).cost < 1.01 * measure(*best_line()).cost


@pytest.mark.parametrize(
    "query", [{}, {"w": "5", "b": "5", "y": "1"}, {"w": "5", "b": "5", "steps": "300", "eta": "0.01", "slope": "1.5"}]
)
def test_the_script_prints_the_results_of_the_page_and_keras_agrees(open_lesson, query):
    app = open_lesson(PAGE, against="z", **query)
    found = dict(line.rsplit("=", 1) for line in printed(app.code[0].value))
    found = {name.strip(): float(value) for name, value in found.items()}
    quadratic, entropy, *rest = (float(metric.value) for metric in app.metric)
    assert [found["Keras quadratic"], found["Keras cross_entropy"]] == pytest.approx([quadratic, entropy], rel=1e-3)
    names = ["quadratic_gradient", "cross_entropy_gradient", "a, trained on quadratic", "a, trained on cross_entropy"]
    assert [found[name] for name in (*names, "line_cost")] == pytest.approx(rest, rel=1e-3)
    assert app.metric[-1].delta == f"the least is {found['least cost']:.4g}"
