"""The page of cost functions, driven without a browser."""

import contextlib
import io
from pathlib import Path

import pytest

PAGE = "pages/learning/cost.py"
PROSE = (Path(__file__).parents[2] / PAGE).with_suffix(".md").read_text()


def is_solved(app, name):
    explanation = PROSE.split(f"## challenge {name}\n")[1].split("### solved\n")[1].split("\n## ")[0].strip()
    return any(explanation in said.value for said in app.success)


def test_costs_and_gradients_are_those_of_the_closed_forms(open_page):
    app = open_page(PAGE, w="2", b="2", y="0")
    assert not app.exception
    assert [metric.value for metric in app.metric[:4]] == ["0.4822", "4.018", "0.01735", "0.982"]


def test_the_equations_hold_the_numbers_on_the_screen(open_page):
    written = " ".join(formula.value for formula in open_page(PAGE, w="-3", b="1", y="1").latex)
    assert r"\sigma(-3 + 1) = \sigma(-2) = 0.1192" in written
    assert r"\tfrac12(-0.8808)^2 = 0.3879" in written
    assert r"-\ln(a) = -\ln(0.1192) = 2.127" in written


def test_moving_a_slider_or_the_target_moves_the_results(open_page):
    app = open_page(PAGE)
    app.slider(key="w").set_value(-1.0).run()
    assert app.metric[3].value == "0.5"
    app.radio(key="y").set_value("1").run()
    assert app.metric[3].value == "-0.5"


@pytest.mark.parametrize(
    ("name", "meets", "close"),
    [
        ("stuck", {"w": "2", "b": "2"}, {}),
        ("stuck", {"w": "-2", "b": "-2", "y": "1"}, {"w": "2", "b": "2", "y": "1"}),
        ("least", {"w": "-1", "b": "1"}, {"w": "0", "b": "0"}),
        ("race", {"w": "2", "b": "2"}, {"w": "2", "b": "2", "steps": "300"}),
    ],
)
def test_a_challenge_is_solved_by_the_controls_that_meet_it(open_page, name, meets, close):
    assert is_solved(open_page(PAGE, **meets), name)
    assert not is_solved(open_page(PAGE, **close), name)


@pytest.mark.parametrize("query", [{}, {"w": "5", "b": "5", "y": "1"}, {"w": "5", "b": "5", "steps": "300"}])
def test_the_script_prints_the_results_of_the_page_and_keras_agrees(open_page, query):
    app = open_page(PAGE, against="z", **query)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(app.code[0].value, {})
    found = dict(line.rsplit("=", 1) for line in printed.getvalue().splitlines())
    found = {name.strip(): float(value) for name, value in found.items()}
    quadratic, entropy, *rest = (float(metric.value) for metric in app.metric)
    assert [found["Keras quadratic"], found["Keras cross_entropy"]] == pytest.approx([quadratic, entropy], rel=1e-3)
    names = ["quadratic_gradient", "cross_entropy_gradient", "a, trained on quadratic", "a, trained on cross_entropy"]
    assert [found[name] for name in names] == pytest.approx(rest, rel=1e-3)
