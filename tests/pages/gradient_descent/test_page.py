"""The page of gradient descent, driven without a browser."""

import contextlib
import io
import warnings
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from nncore.theory.loss_surfaces import LANDSCAPES
from nncore.theory.optimizers import OPTIMIZERS
from tests.support.opening import opened_at
from tests.support.packed import given_all
from tests.support.solving import is_solved

ROOT = Path(__file__).parents[3]
PAGE = "pages/learning/gradient_descent/page.py"
DEFAULTS = {"eta": 0.1, "w0": 4.0, "steps": 20}
SADDLE = {"cost": "saddle", "v0": "0", "noise": "true"}


def opened(**query):
    return opened_at(AppTest.from_file(ROOT / "app.py", default_timeout=30).switch_page(PAGE), **query)


def settings(page):
    return {key: page.session_state[key] for key in DEFAULTS}


def verdict(page):
    (box,) = [*page.success, *page.warning, *page.error, *page.info]
    return box.type, box.value


def formulas(page):
    return [formula.value.strip("$\n") for formula in page.latex]


def printed(page):
    said = io.StringIO()
    with contextlib.redirect_stdout(said), warnings.catch_warnings(action="error"):
        exec(page.code[0].value, {})
    return said.getvalue().splitlines()


def test_w_after_the_last_step_is_that_of_the_closed_form():
    page = opened()
    assert settings(page) == DEFAULTS
    assert float(page.metric[0].value) == pytest.approx(4 * 0.8**20, rel=1e-5)


@pytest.mark.parametrize(
    ("eta", "kind", "words"),
    [
        ("0", "warning", "Stands still"),
        ("0.2", "success", "Converges"),
        ("0.5", "success", "Arrives in one step"),
        ("0.9", "success", "Oscillates and converges"),
        ("1", "warning", "Oscillates for ever"),
        ("1.1", "error", "Diverges"),
    ],
)
def test_the_verdict_says_what_the_step_size_does(eta, kind, words):
    found = verdict(opened(eta=eta))
    assert found[0] == kind
    assert found[1].startswith(f"**{words}:**")


@pytest.mark.parametrize(
    ("query", "kind", "words"),
    [
        ({"eta": "1.3", "w0": "0"}, "info", "Already at the minimum"),
        ({"eta": "1.3", "momentum": "0.5"}, "success", "Oscillates and converges"),
        ({"noise": "true", "steps": "50"}, "info", "Hovers about the minimum"),
        ({"cost": "double_well", "eta": "0.3"}, "success", "Arrives at the right, higher minimum"),
        ({"cost": "double_well", "eta": "0.3", "w0": "0"}, "success", "Arrives at the left, deeper minimum"),
        ({"cost": "bowl"}, "info", "Still on its way to the minimum"),
        ({"cost": "bowl", "eta": "1.1"}, "error", "Diverges"),
        ({"cost": "saddle", "v0": "0"}, "warning", "Stuck on the saddle"),
        ({"cost": "rosenbrock"}, "info", "Still on its way"),
    ],
)
def test_other_settings_are_judged_too(query, kind, words):
    found = verdict(opened(**query))
    assert (found[0], found[1].startswith(f"**{words}:**")) == (kind, True), found


def test_moving_the_step_size_moves_verdict_result_and_equation():
    page = opened()
    page.session_state["eta"] = 1.1
    page.run()
    assert float(page.metric[0].value) == pytest.approx(4 * 1.2**20, rel=1e-5)
    assert verdict(page)[0] == "error"
    assert formulas(page)[1:3] == [r"w_1 = 4 - 1.1\cdot 2\cdot 4 = -4.8", r"1 - 2\eta = -1.2"]


@pytest.mark.parametrize(
    ("query", "number", "written"),
    [
        ({"cost": "double_well", "w0": "-3.5"}, 1, r"w_1 = -3.5 - 0.1\cdot \left[\tfrac19\cdot (-3.5)\cdot"
         r" ((-3.5)^2 - 9) + 0.5\right] = -3.424"),
        ({"cost": "bowl"}, 2, r"w_1 = 4 - 0.1\cdot \tfrac15\cdot 4 = 3.92"),
        ({"cost": "bowl"}, 3, r"v_1 = 3 - 0.1\cdot 2\cdot 3 = 2.4"),
        ({"momentum": "0.5"}, 1, r"w_2 = 3.2 + 0.5\cdot (-0.8) - 0.1\cdot 2\cdot 3.2 = 2.16"),
        ({"cost": "rosenbrock"}, 3, r"v_1 = 1 - 0.001\cdot 200\,(1 - (-1.2)^2) = 1.088"),
    ],
)  # fmt: skip
def test_the_equation_holds_the_numbers_on_the_screen(query, number, written):
    assert formulas(opened(**query))[number] == written


def test_noise_stands_in_the_equation():
    noise = 2 * np.random.default_rng(1).standard_normal(1)[0]
    assert rf"(2\cdot 4 + {noise:.4g}) = {4 - 0.1 * (8 + noise):.4g}" in formulas(opened(noise="true"))[1]


@pytest.mark.parametrize("cost", LANDSCAPES)
def test_every_bracket_of_an_equation_is_closed(cost):
    for written in formulas(opened(cost=cost, noise="true", momentum="0.5", w0="-1.7")):
        assert written.count("(") == written.count(")")
        assert written.count(r"\left[") == written.count(r"\right]")


def test_the_table_substitutes_every_step():
    rows = table(opened(eta="1.1", steps="2"), "next")
    assert list(rows["next"]) == ["4 − 1.1·8 = −4.8", "−4.8 − 1.1·(−9.6) = 5.76"]
    assert list(rows["gradient"]) == pytest.approx([8, -9.6])
    assert list(table(opened(cost="bowl", steps="1"), "next")["next_v"]) == ["3 − 0.1·6 = 2.4"]


def table(page, column):
    return next(frame.value for frame in page.dataframe if column in frame.value)


@pytest.mark.parametrize(("key", "bad"), [("eta", "abc"), ("eta", "7"), ("w0", "1e9"), ("steps", "0"), ("steps", "x")])
def test_a_number_that_is_none_falls_back_to_the_default(key, bad):
    assert settings(opened(**{key: bad})) == DEFAULTS


def test_a_step_size_off_the_step_is_taken_as_given():
    page = opened(eta="0.123", steps="1")
    assert float(page.metric[0].value) == pytest.approx(4 * (1 - 2 * 0.123))


def test_another_cost_begins_with_its_own_settings():
    page = opened(eta="1.1", steps="7")
    page.selectbox(key="cost").set_value("rosenbrock").run()
    assert settings(page) == {"eta": 0.001, "w0": -1.2, "steps": 200}
    assert page.query_params["cost"] == "rosenbrock"
    assert "eta" not in page.query_params


def test_one_more_step_is_one_more_step_and_the_last_one_is_the_last():
    page = opened(steps="49")
    assert page.button(key="one_step").click().run().session_state["steps"] == 50
    assert page.button(key="one_step").click().run().session_state["steps"] == 50
    assert float(page.metric[0].value) == pytest.approx(4 * 0.8**50, rel=1e-5)


def test_the_same_seed_gives_the_same_path_and_another_one_another():
    finals = [opened(noise="true", seed=seed).metric[0].value for seed in ("3", "3", "4")]
    assert finals[0] == finals[1] != finals[2]


@pytest.mark.parametrize("cost", LANDSCAPES)
def test_the_path_repaints_for_every_step_size_start_and_number_of_steps_of_their_ranges(cost):
    page = opened(cost=cost)
    sent = given_all(page)
    assert sent["play"] == "steps"
    controls = {control["key"]: control["positions"] for control in sent["controls"]}
    assert list(controls) == ["eta", "w0", *(["v0"] if len(LANDSCAPES[cost].parameters) == 2 else []), "steps"]
    assert list(sent["pictures"]) == list(controls)
    for key, picture in sent["pictures"].items():
        assert [panel["key"] for panel in picture["panels"]] == ["path", "trace", "trace_cost"]
        assert len(picture["panels"][0]["heading"]) == len(controls[key])
    assert len(controls["eta"]) > 30
    assert sent["size"] < 150_000 * len(controls)


def test_who_races_is_in_the_link_and_in_the_table():
    page = opened(race="nesterov,adam")
    rows = table(page, "optimiser")
    assert list(rows["optimiser"]) == [OPTIMIZERS[name].words for name in ("nesterov", "adam")]
    page.multiselect(key="race").unselect("adam").run()
    assert page.query_params["race"] == "nesterov"
    page.multiselect(key="race").unselect("nesterov").run()
    assert page.query_params["race"] == ""
    assert any("Choose at least one" in info.value for info in page.info)


@pytest.mark.parametrize("query", [
    {"cost": "bowl", "eta": "0.031", "w0": "-2.6", "v0": "-4.3", "noise": "true", "seed": "1", "steps": "5"},
    {"cost": "rosenbrock", "eta": "0.001", "w0": "1.5", "v0": "1.2", "momentum": "0.9", "steps": "153"},
])  # fmt: skip
def test_the_race_says_of_the_path_above_what_the_verdict_says_however_many_steps_are_shown(query):
    page = opened(**query, race="momentum" if "momentum" in query else "gd")
    for steps in (int(query["steps"]), LANDSCAPES[query["cost"]].steps.high):
        page.session_state["steps"] = steps
        page.run()
        boxes = [*page.info, *page.warning, *page.success, *page.error]
        words = next(box.value.split("**")[1] for box in boxes if "**" in box.value)
        assert words == table(page, "optimiser")["what becomes of it"][0] + ":"


def test_a_link_that_names_no_known_optimiser_races_the_first_three():
    rows = table(opened(race="sgd"), "optimiser")
    assert list(rows["optimiser"]) == ["plain descent", "momentum", "Adam"]


@pytest.mark.parametrize("query", [
    {}, {"eta": "1.5", "steps": "50", "w0": "-5"}, {"eta": "0.5"}, {"momentum": "0.7", "noise": "true", "seed": "9"},
    {"cost": "double_well", "eta": "1.2", "steps": "50"}, {"cost": "double_well", "eta": "1.5", "w0": "5"},
    {"cost": "bowl", "noise": "true"}, {"cost": "saddle", "momentum": "0.5"}, {"cost": "rosenbrock", "noise": "true"},
])  # fmt: skip
def test_the_script_ends_where_the_page_does(query):
    page = opened(**query, race=",".join(OPTIMIZERS))
    lines = printed(page)
    steps = [line for line in lines if line.startswith("step")]
    assert len(steps) == int(page.metric[0].delta.split()[1])
    finals = [metric.value for metric in page.metric]
    assert [part.split()[0] for part in steps[-1].split("= ")[1 : 1 + len(finals)]] == finals
    rows = table(page, "optimiser")
    assert [f"{cost:.6g}" for cost in rows["C"]] == [line.split("C = ")[1] for line in lines[len(steps) :]]


@pytest.mark.parametrize(
    ("name", "meets", "close"),
    [
        ("arrive", {"eta": "0.5"}, {"eta": "0.5", "momentum": "0.1"}),
        ("swing", {"eta": "1"}, {"eta": "1", "cost": "bowl"}),
        ("mirror", {"eta": "0.99"}, {"eta": "0.99", "noise": "true"}),
        ("over", {"cost": "double_well", "eta": "0.2", "momentum": "0.9"}, {"cost": "double_well", "eta": "0.2"}),
        ("over", {"cost": "double_well", "eta": "0.2", "momentum": "0.9"},
         {"cost": "double_well", "eta": "0.2", "w0": "-4"}),
        ("saddle", SADDLE, {**SADDLE, "noise": "false"}),
        ("saddle", SADDLE, {**SADDLE, "v0": "0.1"}),
    ],
)  # fmt: skip
def test_a_challenge_is_solved_by_the_controls_that_meet_it(name, meets, close):
    assert is_solved(opened(**meets), name)
    assert not is_solved(opened(**close), name)
