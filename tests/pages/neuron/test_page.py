"""The page of the neuron, driven without a browser."""

import contextlib
import io
import math
from pathlib import Path

import numpy as np
import pytest
import scipy.special
from streamlit.testing.v1 import AppTest

from nncore.theory.activations import ACTIVATIONS, activation
from tests.support.opening import opened_at
from tests.support.packed import dragged_on, given_all, given_to, picture_of

ROOT = Path(__file__).parents[3]
PAGE = "pages/neurons/neuron/page.py"
DEFAULTS = {"x1": 1.0, "x2": 0.5, "x3": -1.0, "w1": 0.8, "w2": -0.4, "w3": 0.3, "b": 0.2}


def opened(**query):
    return opened_at(AppTest.from_file(ROOT / "app.py", default_timeout=30).switch_page(PAGE), **query)


def shown(page):
    return dict(zip(("z", "output", "slope"), (metric.value for metric in page.metric), strict=False))


def results(page):
    return {name: float(value) for name, value in shown(page).items()}


def numbers(page):
    return {key: page.session_state[key] for key in DEFAULTS}


def panels_of(page):
    """What is shown of the neuron."""
    return picture_of(given_to(dragged_on(page)[0]))["panels"]


def test_z_output_and_slope_are_those_computed_by_hand():
    page = opened()
    assert numbers(page) == DEFAULTS
    z = 0.8 * 1 - 0.4 * 0.5 - 0.3 + 0.2
    output = 1 / (1 + math.exp(-z))
    assert results(page) == pytest.approx({"z": z, "output": output, "slope": output * (1 - output)}, rel=1e-3)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_activation_is_computed_for_the_chosen_numbers(name):
    page = opened(activation=name, x1="2", w1="-1.5", b="-0.7")
    z = float(np.dot([2.0, 0.5, -1.0], [-1.5, -0.4, 0.3]) - 0.7)
    f = activation(name)
    expected = {"z": z, "output": float(f(z)), "slope": float(f.slope(z))}
    assert results(page) == pytest.approx(expected, rel=1e-3)


def test_moving_a_control_moves_the_numbers_the_equation_and_the_link():
    page = opened()
    page.session_state["b"] = -9.5
    page.run()
    assert page.query_params["b"] == "-9.5"
    assert results(page)["z"] == pytest.approx(-9.2)
    assert "(-9.5) = -9.2" in page.latex[0].value


def test_saturation_is_pointed_out_where_the_slope_is_small():
    assert not opened().warning
    assert "Saturated" in opened(b="9").warning[0].value
    assert "Saturated" in opened(b="-3", activation="relu").warning[0].value


@pytest.mark.parametrize(("key", "bad"), [("x1", "abc"), ("w2", "99"), ("b", "-11"), ("b", "nan")])
def test_a_number_that_is_none_falls_back_to_the_default(key, bad):
    assert numbers(opened(**{key: bad})) == DEFAULTS


def test_an_unknown_activation_falls_back_to_the_sigmoid():
    assert opened(activation="swish").selectbox(key="activation").value == "sigmoid"


def test_a_number_off_the_step_is_taken_as_given():
    assert numbers(opened(w1="0.123"))["w1"] == 0.123


def test_sums_show_no_crumbs_of_binary_arithmetic():
    page = opened(x1="3", w1="0.1", x2="0", x3="1", w3="-0.3", b="0")
    assert results(page)["z"] == 0


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_script_prints_the_numbers_of_the_page(name):
    page = opened(activation=name, x1="-2.3", w1="1.7", b="1.1", logit2="-0.7", temperature="2.5")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(page.code[0].value, {})
    lines = dict(line.split("=") for line in printed.getvalue().splitlines())
    printed = {name.strip(): value.strip() for name, value in lines.items()}
    shares = " ".join(page.dataframe[0].value["share p"])
    assert printed == shown(page) | {"Keras": shown(page)["output"], "shares": shares}


def test_every_number_of_the_neuron_is_dragged_over_the_same_panels():
    data = given_all(opened(w1="0.123"))
    assert [control["key"] for control in data["controls"]] == list(DEFAULTS)
    assert 0.123 in data["controls"][3]["positions"]
    assert list(data["pictures"]) == list(DEFAULTS)
    for picture in data["pictures"].values():
        assert [panel["key"] for panel in picture["panels"]] == ["neuron_drawing", "surface_map", "curve"]


def test_a_second_activation_is_laid_over_the_first_with_what_speaks_for_and_against_it():
    page = opened(compare="tanh")
    assert picture_of(given_to(dragged_on(page)[0]))["readouts"][-1]["label"] == "tanh(z)"
    prose = " ".join(markdown.value for markdown in page.markdown)
    for name in ("sigmoid", "tanh"):
        assert ACTIVATIONS[name].good in prose
        assert ACTIVATIONS[name].bad in prose


def test_an_activation_is_not_compared_with_itself():
    page = opened(activation="tanh", compare="tanh")
    assert page.selectbox(key="compare").value == "none"
    assert "tanh" not in page.selectbox(key="compare").options


@pytest.mark.parametrize(("pair", "titles"), [("x1x3", ("x₁", "x₃")), ("x2x3", ("x₂", "x₃")), ("x9", ("x₁", "x₂"))])
def test_the_surface_lies_over_the_chosen_inputs(pair, titles):
    surface = panels_of(opened(surface=pair))[1]
    assert (surface["x"]["title"], surface["y"]["title"]) == titles


@pytest.mark.parametrize(
    ("dataset", "b", "right"),
    [("and", "-1.5", 4), ("and", "-0.5", 2), ("or", "-0.5", 4), ("xor", "-0.5", 3), ("xor", "9", 2)],
)
def test_the_points_on_the_right_side_are_counted(dataset, b, right):
    page = opened(dataset=dataset, w1="1", w2="1", x3="0", b=b)
    assert page.metric[3].value == f"{right} of 4"
    assert panels_of(page)[1]["heading"]["template"].startswith(dataset.upper())


def test_without_data_points_none_are_counted():
    assert len(opened().metric) == 3


def test_softmax_divides_each_exponential_by_the_sum():
    page = opened(logit1="3", logit4="-2.5", temperature="0.5")
    logits = np.array([3.0, 1.0, 0.1, -2.5, 0.5])
    shares = scipy.special.softmax(logits / 0.5)
    table = page.dataframe[0].value
    assert [float(share) for share in table["share p"]] == pytest.approx(shares, rel=1e-3)
    for fraction, share in zip(table["divided by the sum"], shares, strict=True):
        exponential, total = fraction.split(" / ")
        assert float(exponential) / float(total) == pytest.approx(share, rel=2e-3)
    equation = next(latex.value for latex in page.latex if "p_1" in latex.value)
    assert f"= {shares[0]:.4g}" in equation


def test_every_logit_and_the_temperature_are_dragged_over_the_same_panels():
    data = given_all(opened(), 1)
    assert [control["key"] for control in data["controls"]] == [*(f"logit{k}" for k in range(1, 6)), "temperature"]
    assert {tuple(panel["key"] for panel in picture["panels"]) for picture in data["pictures"].values()} == {
        ("logits", "exponentials", "shares")
    }


@pytest.mark.parametrize(("key", "bad"), [("temperature", "0"), ("temperature", "-1"), ("logit2", "99")])
def test_a_temperature_or_logit_out_of_range_falls_back_to_the_default(key, bad):
    page = opened(**{key: bad})
    assert page.session_state[key] == 1.0
