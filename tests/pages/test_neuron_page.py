"""The page of the neuron, driven without a browser."""

import contextlib
import io
import math
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from nncore.activations import ACTIVATIONS, activation

ROOT = Path(__file__).parents[2]
DEFAULTS = {"x1": 1.0, "x2": 0.5, "x3": -1.0, "w1": 0.8, "w2": -0.4, "w3": 0.3, "b": 0.2}


def opened(**query):
    page = AppTest.from_file(ROOT / "app.py", default_timeout=30).switch_page("pages/neurons/neuron.py")
    for key, value in query.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception
    return page


def results(page):
    return dict(zip(("z", "slope", "output"), (float(metric.value) for metric in page.metric), strict=True))


def sliders(page):
    return {slider.key: slider.value for slider in page.slider}


def test_z_output_and_slope_are_those_computed_by_hand():
    page = opened()
    assert sliders(page) == DEFAULTS
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


def test_moving_a_slider_moves_the_numbers_and_the_equation():
    page = opened()
    page.slider(key="b").set_value(-9.5).run()
    assert results(page)["z"] == pytest.approx(-9.2)
    assert "(-9.5) = -9.2" in page.latex[0].value


def test_saturation_is_pointed_out_where_the_slope_is_small():
    assert not opened().warning
    assert "Saturated" in opened(b="9").warning[0].value
    assert "Saturated" in opened(b="-3", activation="relu").warning[0].value


@pytest.mark.parametrize(("key", "bad"), [("x1", "abc"), ("w2", "99"), ("b", "-11"), ("b", "nan")])
def test_a_number_that_is_none_falls_back_to_the_default(key, bad):
    assert sliders(opened(**{key: bad})) == DEFAULTS


def test_an_unknown_activation_falls_back_to_the_sigmoid():
    assert opened(activation="swish").selectbox(key="activation").value == "sigmoid"


def test_a_number_off_the_step_is_taken_as_given():
    assert sliders(opened(w1="0.123"))["w1"] == 0.123


def test_sums_show_no_crumbs_of_binary_arithmetic():
    page = opened(x1="3", w1="0.1", x2="0", x3="1", w3="-0.3", b="0")
    assert results(page)["z"] == 0


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_script_prints_the_numbers_of_the_page(name):
    page = opened(activation=name, x1="-2.3", w1="1.7", b="1.1")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(page.code[0].value, {})
    lines = dict(line.replace(" ", "").split("=") for line in printed.getvalue().splitlines())
    shown = dict(zip(("z", "slope", "output"), (metric.value for metric in page.metric), strict=True))
    assert lines == shown | {"Keras": shown["output"]}
