"""The page of the neuron, driven without a browser."""

import math

import numpy as np
import pytest

from nncore.theory.activations import ACTIVATIONS, activation
from pages.neurons.neuron.equations import softmax_share
from tests.support.packed import dragged_on, given_showing_the_same, given_to, picture_of
from tests.support.shown import formulas, moved, printed
from tests.support.solving import solved

PAGE = "pages/neurons/neuron/page.py"
DEFAULTS = {"x1": 1.0, "x2": 0.5, "x3": -1.0, "w1": 0.8, "w2": -0.4, "w3": 0.3, "b": 0.2}


def shown(page):
    return dict(zip(("z", "output", "slope"), (metric.value for metric in page.metric), strict=False))


def results(page):
    return {name: float(value) for name, value in shown(page).items()}


def numbers(page):
    return {key: page.session_state[key] for key in DEFAULTS}


def panels_of(page):
    """What is shown of the neuron."""
    return picture_of(given_to(dragged_on(page)[0]))["panels"]


def test_z_output_and_slope_are_those_computed_by_hand(open_lesson):
    page = open_lesson(PAGE)
    assert numbers(page) == DEFAULTS
    z = 0.8 * 1 - 0.4 * 0.5 - 0.3 + 0.2
    output = 1 / (1 + math.exp(-z))
    assert results(page) == pytest.approx({"z": z, "output": output, "slope": output * (1 - output)}, rel=1e-3)
    assert len(page.metric) == 3, "without data points none are counted"
    assert solved(page) == {}


def test_every_activation_is_computed_for_the_chosen_numbers_and_the_script_prints_them(open_lesson):
    page = open_lesson(PAGE, x1="-2.3", w1="1.7", b="1.1", logit2="-0.7", temperature="2.5")
    z = float(np.dot([-2.3, 0.5, -1.0], [1.7, -0.4, 0.3]) + 1.1)
    for name in ACTIVATIONS:
        page.selectbox(key="activation").set_value(name).run()
        f = activation(name)
        expected = {"z": z, "output": float(f(z)), "slope": float(f.slope(z))}
        assert results(page) == pytest.approx(expected, rel=1e-3), name
        lines = dict(line.split("=") for line in printed(page.code[0].value))
        shares = " ".join(page.dataframe[0].value["share p"])
        found = {key.strip(): value.strip() for key, value in lines.items()}
        assert found == shown(page) | {"Keras": shown(page)["output"], "shares": shares}, name


def test_moving_a_control_moves_numbers_equation_and_link_and_a_small_slope_is_pointed_out(open_lesson):
    page = open_lesson(PAGE)
    assert not page.warning
    moved(page, b=-9.5)
    assert page.query_params["b"] == "-9.5"
    assert results(page)["z"] == pytest.approx(-9.2)
    assert "(-9.5) = -9.2" in formulas(page)[0]
    assert "Saturated" in moved(page, b=9.0).warning[0].value
    assert "saturate" in solved(page)
    assert "Saturated" in moved(page, b=-3.0, activation="relu").warning[0].value


@pytest.mark.parametrize(
    "query",
    [
        {"x1": "abc", "w2": "99", "b": "-11", "activation": "swish", "temperature": "0", "logit2": "99"},
        {"b": "nan", "temperature": "-1", "surface": "x9"},
    ],
)
def test_a_number_or_name_that_is_none_falls_back_to_the_default(open_lesson, query):
    page = open_lesson(PAGE, **query)
    assert numbers(page) == DEFAULTS
    assert page.selectbox(key="activation").value == "sigmoid"
    assert (page.session_state["temperature"], page.session_state["logit2"]) == (1.0, 1.0)
    assert [panels_of(page)[1][axis]["title"] for axis in "xy"] == ["x₁", "x₂"]


def test_sums_show_no_crumbs_of_binary_arithmetic(open_lesson):
    assert results(open_lesson(PAGE, x1="3", w1="0.1", x2="0", x3="1", w3="-0.3", b="0"))["z"] == 0


@pytest.mark.parametrize(
    "query",
    [
        {"w1": "-1.3", "b": "0.77", "compare": "tanh", "dataset": "or"},
        {"x1": "0.123", "activation": "relu", "surface": "x2x3"},
    ],
)
def test_every_number_of_the_neuron_is_dragged_over_the_same_panels(open_lesson, query):
    data = given_showing_the_same(open_lesson(PAGE, **query))
    controls = {control["key"]: control for control in data["controls"]}
    assert list(controls) == list(DEFAULTS)
    for key in {"x1", "w1", "b"} & query.keys():  # also where it lies between two steps
        assert controls[key]["value"] == float(query[key])
        assert float(query[key]) in controls[key]["positions"]
    assert list(data["pictures"]) == list(DEFAULTS)
    for picture in data["pictures"].values():
        assert [panel["key"] for panel in picture["panels"]] == ["neuron_drawing", "surface_map", "curve"]


def test_a_second_activation_is_laid_over_the_first_with_what_speaks_for_and_against_it(open_lesson):
    page = open_lesson(PAGE, compare="tanh")
    assert picture_of(given_to(dragged_on(page)[0]))["readouts"][-1]["label"] == "tanh(z)"
    prose = " ".join(markdown.value for markdown in page.markdown)
    for name in ("sigmoid", "tanh"):
        assert ACTIVATIONS[name].pros in prose
        assert ACTIVATIONS[name].cons in prose


def test_an_activation_is_not_compared_with_itself(open_lesson):
    page = open_lesson(PAGE, activation="tanh", compare="tanh")
    assert page.selectbox(key="compare").value == "none"
    assert "tanh" not in page.selectbox(key="compare").options


def test_the_surface_lies_over_the_chosen_inputs(open_lesson):
    page = open_lesson(PAGE, surface="x1x3")
    for pair, titles in (("x1x3", ["x₁", "x₃"]), ("x2x3", ["x₂", "x₃"])):
        surface = panels_of(moved(page, surface=pair))[1]
        assert [surface[axis]["title"] for axis in "xy"] == titles


def test_the_points_of_a_gate_are_counted_and_named(open_lesson):
    page = open_lesson(PAGE, dataset="and", w1="1", w2="1", x3="0", b="-1.5")
    for dataset, b, right in (("and", -1.5, 4), ("or", -0.5, 4), ("xor", -0.5, 3)):
        moved(page, dataset=dataset, b=b)
        assert page.metric[3].value == f"{right} of 4"
        assert panels_of(page)[1]["heading"]["template"].startswith(dataset.upper())


def test_softmax_of_the_logits_in_the_link_is_written_out(open_lesson):
    page = open_lesson(PAGE, logit1="3", logit4="-2.5", temperature="0.5")
    assert softmax_share([3.0, 1.0, 0.1, -2.5, 0.5], 0.5) in formulas(page)


def test_every_logit_and_the_temperature_are_dragged_over_the_same_panels(open_lesson):
    data = given_showing_the_same(open_lesson(PAGE, logit2="-3", temperature="0.5"), 1)
    assert [control["key"] for control in data["controls"]] == [*(f"logit{k}" for k in range(1, 6)), "temperature"]
    for picture in data["pictures"].values():
        assert [panel["key"] for panel in picture["panels"]] == ["logits", "exponentials", "shares"]
