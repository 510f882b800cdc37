"""The page of gradient descent, driven without a browser."""

import contextlib
import io
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[2]
DEFAULTS = {"eta": 0.1, "w0": 4.0, "steps": 20}


def opened(**query):
    page = AppTest.from_file(ROOT / "app.py", default_timeout=30).switch_page("pages/learning/gradient_descent.py")
    for key, value in query.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception
    return page


def sliders(page):
    return {slider.key: slider.value for slider in page.slider}


def verdict(page):
    boxes = [*page.success, *page.warning, *page.error, *page.info]
    (box,) = [box for box in boxes if not box.value.startswith("**Solved.**")]  # those are the challenges'
    return box.type, box.value


def test_w_after_the_last_step_is_that_of_the_closed_form():
    page = opened()
    assert sliders(page) == DEFAULTS
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


def test_starting_at_the_minimum_is_no_success_of_the_step_size():
    assert verdict(opened(eta="1.3", w0="0"))[1].startswith("**Already at the minimum:**")


def test_moving_the_step_size_moves_verdict_result_and_equation():
    page = opened()
    page.slider(key="eta").set_value(1.1).run()
    assert float(page.metric[0].value) == pytest.approx(4 * 1.2**20, rel=1e-5)
    assert verdict(page)[0] == "error"
    assert [formula.value.strip("$\n") for formula in page.latex[1:3]] == [
        r"w_1 = 4 - 1.1\cdot 2\cdot 4 = -4.8",
        r"1 - 2\eta = -1.2",
    ]


def test_the_table_substitutes_every_step():
    rows = opened(eta="1.1", steps="2").dataframe[0].value
    assert list(rows["next"]) == ["4 − 1.1·8 = −4.8", "−4.8 − 1.1·(−9.6) = 5.76"]
    assert list(rows["gradient"]) == pytest.approx([8, -9.6])


@pytest.mark.parametrize(("key", "bad"), [("eta", "abc"), ("eta", "7"), ("w0", "1e9"), ("steps", "0"), ("steps", "x")])
def test_a_number_that_is_none_falls_back_to_the_default(key, bad):
    assert sliders(opened(**{key: bad})) == DEFAULTS


def test_a_step_size_off_the_step_is_taken_as_given():
    page = opened(eta="0.123", steps="1")
    assert float(page.metric[0].value) == pytest.approx(4 * (1 - 2 * 0.123))


@pytest.mark.parametrize("query", [{}, {"eta": "1.5", "steps": "50", "w0": "-5"}, {"eta": "0.5"}])
def test_the_script_ends_where_the_page_does(query):
    page = opened(**query)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(page.code[0].value, {})
    lines = printed.getvalue().splitlines()
    assert len(lines) == sliders(page)["steps"]
    assert lines[-1].split("w =")[1].split()[0] == page.metric[0].value
