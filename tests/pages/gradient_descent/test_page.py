"""The page of gradient descent, driven without a browser."""

import pytest

from nncore.theory.loss_surfaces import LOSS_SURFACES
from nncore.theory.optimizers import OPTIMIZERS
from tests.support.packed import given_showing_the_same
from tests.support.shown import formulas, moved, printed
from tests.support.solving import is_solved

PAGE = "pages/learning/gradient_descent/page.py"
DEFAULTS = {"eta": 0.1, "w0": 4.0, "steps": 20}


def settings(page):
    return {key: page.session_state[key] for key in DEFAULTS}


def verdict(page):
    (box,) = [*page.success, *page.warning, *page.error, *page.info]
    return box.type, box.value.split(":**")[0].removeprefix("**")


def table(page, column):
    return next(frame.value for frame in page.dataframe if column in frame.value)


def test_w_after_the_last_step_is_that_of_the_closed_form(open_lesson):
    page = open_lesson(PAGE)
    assert settings(page) == DEFAULTS
    assert float(page.metric[0].value) == pytest.approx(4 * 0.8**20, rel=1e-5)


def test_the_verdict_says_in_its_colour_what_becomes_of_the_path(open_lesson):
    page = open_lesson(PAGE)
    for eta, *expected in [
        (0.0, "warning", "Stands still"),
        (0.2, "success", "Converges"),
        (0.5, "success", "Arrives in one step"),
        (0.9, "success", "Oscillates and converges"),
        (1.0, "warning", "Oscillates for ever"),
        (1.1, "error", "Diverges"),
    ]:
        assert verdict(moved(page, eta=eta)) == tuple(expected), eta
    assert float(page.metric[0].value) == pytest.approx(4 * 1.2**20, rel=1e-5)
    assert formulas(page)[1:3] == [r"w_1 = 4 - 1.1\cdot 2\cdot 4 = -4.8", r"1 - 2\eta = -1.2"]


@pytest.mark.parametrize(
    ("query", "kind", "words"),
    [
        ({"eta": "1.3", "w0": "0"}, "info", "Already at the minimum"),
        ({"eta": "1.3", "momentum": "0.5"}, "success", "Oscillates and converges"),
        ({"noise": "true", "steps": "50"}, "info", "Hovers about the minimum"),
        ({"cost": "double_well", "eta": "0.3"}, "success", "Arrives at the right, higher minimum"),
        ({"cost": "bowl"}, "info", "Still on its way to the minimum"),
        ({"cost": "bowl", "eta": "1.1"}, "error", "Diverges"),
        ({"cost": "saddle", "v0": "0"}, "warning", "Stuck on the saddle"),
    ],
)
def test_other_settings_are_judged_too(open_lesson, query, kind, words):
    assert verdict(open_lesson(PAGE, **query)) == (kind, words)


@pytest.mark.parametrize("query", [{"eta": "abc", "w0": "1e9", "steps": "0"}, {"eta": "7", "steps": "x"}])
def test_a_number_that_is_none_falls_back_to_the_default(open_lesson, query):
    assert settings(open_lesson(PAGE, **query)) == DEFAULTS


def test_a_step_size_off_the_step_is_taken_as_given(open_lesson):
    page = open_lesson(PAGE, eta="0.123", steps="1")
    assert float(page.metric[0].value) == pytest.approx(4 * (1 - 2 * 0.123))


def test_another_cost_begins_with_its_own_settings(open_lesson):
    page = open_lesson(PAGE, eta="1.1", steps="7")
    page.selectbox(key="cost").set_value("rosenbrock").run()
    assert settings(page) == {"eta": 0.001, "w0": -1.2, "steps": 200}
    assert page.query_params["cost"] == "rosenbrock"
    assert "eta" not in page.query_params


def test_one_more_step_is_one_more_step_and_the_last_one_is_the_last(open_lesson):
    page = open_lesson(PAGE, steps="49")
    assert page.button(key="one_step").click().run().session_state["steps"] == 50
    assert page.button(key="one_step").click().run().session_state["steps"] == 50
    assert float(page.metric[0].value) == pytest.approx(4 * 0.8**50, rel=1e-5)


def test_the_same_seed_gives_the_same_path_and_another_one_another(open_lesson):
    page = open_lesson(PAGE, noise="true", seed="3")
    finals = [page.metric[0].value, *(moved(page, seed=seed).metric[0].value for seed in (4, 3))]
    assert finals[0] == finals[2] != finals[1]


def test_who_races_is_in_the_link_and_in_the_table(open_lesson):
    page = open_lesson(PAGE, race="nesterov,adam")
    rows = table(page, "optimiser")
    assert list(rows["optimiser"]) == [OPTIMIZERS[name].label for name in ("nesterov", "adam")]
    page.multiselect(key="race").unselect("adam").run()
    assert page.query_params["race"] == "nesterov"
    page.multiselect(key="race").unselect("nesterov").run()
    assert page.query_params["race"] == ""
    assert any("Choose at least one" in info.value for info in page.info)


def test_a_link_that_names_no_known_optimiser_races_the_first_three(open_lesson):
    rows = table(open_lesson(PAGE, race="sgd"), "optimiser")
    assert list(rows["optimiser"]) == ["plain descent", "momentum", "Adam"]


@pytest.mark.parametrize("query", [{"momentum": "0.7", "noise": "true", "seed": "9"}, {"cost": "bowl"}])
def test_the_script_prints_the_numbers_of_the_screen(open_lesson, query):
    page = open_lesson(PAGE, **query, race="rmsprop,momentum")
    *_, last, rmsprop, momentum = printed(page.code[0].value)
    finals = [metric.value for metric in page.metric]
    assert last.startswith(f"step {page.metric[0].delta.split()[1]} ")
    assert [part.split()[0] for part in last.split("= ")[1 : 1 + len(finals)]] == finals
    rows = table(page, "optimiser")
    assert [line.split("C = ")[1] for line in (rmsprop, momentum)] == [f"{cost:.6g}" for cost in rows["C"]]


def test_a_solved_challenge_stays_solved_in_the_session(open_lesson):
    page = open_lesson(PAGE, eta="0.5")
    assert is_solved(page, "arrive")
    assert is_solved(moved(page, eta=0.2), "arrive")
    assert not is_solved(page, "swing")


@pytest.mark.parametrize(
    "query",
    [
        {"eta": "0.3", "steps": "7", "momentum": "0.6"},
        {"cost": "double_well", "eta": "0.123", "w0": "3"},
        {"cost": "bowl"},
        {"cost": "saddle"},
        {"cost": "saddle", "noise": "true", "v0": "0"},
        {"cost": "rosenbrock", "steps": "60"},
    ],
)
def test_the_path_repaints_for_every_step_size_start_and_number_of_steps_of_their_ranges(open_lesson, query):
    sent = given_showing_the_same(open_lesson(PAGE, **query))
    assert sent["play"] == "steps"
    controls = {control["key"]: control["positions"] for control in sent["controls"]}
    two = len(LOSS_SURFACES[query.get("cost", "w2")].parameters) == 2
    assert list(controls) == ["eta", "w0", *(["v0"] if two else []), "steps"]
    assert list(sent["pictures"]) == list(controls)
    for key, picture in sent["pictures"].items():
        assert [panel["key"] for panel in picture["panels"]] == ["path", "trace", "trace_cost"]
        heading = picture["panels"][0]["heading"]
        assert len(heading) == len(controls[key]) or (isinstance(heading, str) and "noise" in query)
    assert len(controls["eta"]) > 30
    assert sent["size"] < 150_000 * len(controls)
