"""The page from neurons to a network, with a real worker behind it."""

import keras
import numpy as np
import pytest

from nncore.networks.gradient_flow import measure_depth
from nncore.specs.presets import PRESETS
from tests.support.shown import formulas, metrics, moved, printed, said, warnings
from tests.support.solving import shows_the_lecture, solved

PAGE = "pages/neurons/network/page.py"


def test_the_page_opens_with_a_network_of_17_parameters_and_a_neurons_sum_written_out(open_page):
    app = open_page(PAGE)
    parameters, neuron, *_ = formulas(app)
    assert parameters == r"(2\cdot 3 + 3) + (3\cdot 2 + 2) = 9 + 8 = 17"
    assert metrics(app)["Parameters"] == "17"
    assert neuron.count(r"\cdot") == 2
    assert r"a = \text{sigmoid}(z)" in neuron
    assert solved(app) == {}


def test_a_neuron_in_the_link_is_taken_apart_and_agrees_with_a_plain_keras_model(open_page):
    app = open_page(PAGE, preset="3-4-4-2", layer="1", unit="2", seed="8")
    keras.utils.set_random_seed(8)
    layers = [keras.layers.Dense(4, "tanh"), keras.layers.Dense(4, "tanh"), keras.layers.Dense(2, "sigmoid")]
    model = keras.Sequential([keras.Input((3,)), *layers])
    x = np.random.default_rng(8).random((1, 3)).round(2).astype("float32")
    expected = float(layers[1](layers[0](x))[0, 2])
    assert len(model.layers) == 3
    for label in ("By this arithmetic", "In Keras' output"):
        assert float(metrics(app)[label]) == pytest.approx(expected, rel=1e-3)
    assert "The two agree" in said(app)


def test_another_preset_moves_all_sizes_and_one_of_its_neurons_agrees(open_page):
    app = open_page(PAGE, preset="3-4-4-2", layer="2", unit="1")
    app.selectbox(key="preset").set_value("model1").run()
    numbers = {element.key: element.value for element in app.number_input}
    assert numbers == {"inputs": 784, "units": 30, "outputs": 10, "seed": 1, "unit": 0}
    assert app.selectbox(key="layer").value == "0"
    for preset, layer in (("model2", "0"), ("model3", "3"), ("model4", "5")):
        app.selectbox(key="preset").set_value(preset).run()
        assert app.selectbox(key="layer").value == layer
        assert "The two agree" in said(moved(app, unit=3))
        assert ("hidden_layers" in [slider.key for slider in app.slider]) == (preset == "model2")
        assert metrics(app)["Parameters"] == f"{PRESETS[preset].network.parameter_count:,}"
    assert "The two agree" in said(open_page(PAGE, preset="model4", unit="3"))


def test_a_smaller_layer_brings_the_chosen_unit_back_into_it(open_page):
    app = open_page(PAGE, preset="model1", unit="29")
    app.number_input(key="units").set_value(8).run()
    assert not app.exception
    assert app.number_input(key="unit").value == 7


@pytest.mark.parametrize(
    ("query", "sentences"),
    [
        (
            {"unit": "3", "layer": "9"},
            [
                "Unit: expected a whole number from 0 to 2, received “3”",
                "Layer: expected one of 0 to 1, received “9”",
            ],
        ),
        ({"preset": "model3", "layer": "0"}, ["Layer: expected one of 3 to 4, received “0”"]),
    ],
)
def test_a_link_that_does_not_fit_is_answered_in_a_sentence(open_page, query, sentences):
    app = open_page(PAGE, **query)
    for sentence in sentences:
        assert sentence in warnings(app)
    assert "By this arithmetic" in metrics(app)


def test_the_verdict_says_what_depth_does_with_the_measured_ratio_and_two_challenges_ask_for_it(open_page):
    app = open_page(PAGE)
    exploding = {"depth_activation": "relu", "depth_initializer": "he_normal"}
    for settings, arguments, words, met in (
        ({}, (10, "sigmoid", "glorot_uniform", 1.0, 1), "The gradient vanishes", set()),
        ({"depth": 9, "depth_activation": "tanh"}, (9, "tanh", "glorot_uniform", 1.0, 1), "holds", set()),
        ({"depth": 10}, (10, "tanh", "glorot_uniform", 1.0, 1), "The gradient holds", {"hold"}),
        ({"depth": 12, "seed": 4}, (12, "tanh", "glorot_uniform", 1.0, 4), "The gradient holds", {"hold"}),
        ({**exploding, "depth": 10, "depth_scale": 2.0, "seed": 1}, (10, *exploding.values(), 2.0, 1), "explodes",
         {"hold"}),
        ({"depth_scale": 3.0}, (10, *exploding.values(), 3.0, 1), "The gradient explodes", {"hold", "explode"}),
    ):  # fmt: skip
        profile = measure_depth(*arguments)
        moved(app, **settings)
        assert float(metrics(app)["First : last layer"]) == pytest.approx(profile.ratio, rel=0.01), arguments
        assert metrics(app)["From layer to layer"] == f"× {profile.per_layer:.3g}"
        assert any(words in box.value for box in (*app.error, *app.success)), arguments
        assert solved(app).keys() == met, arguments


def test_a_network_of_a_hundred_parameters_and_the_largest_weight_are_challenges(open_page):
    app = open_page(PAGE, hidden_layers="2", outputs="1", units="5", units2="12")
    assert metrics(app)["Parameters"] == "100"
    assert "exact" in solved(app)
    app = open_page(PAGE, unit="0")
    assert "widest" not in solved(app)
    assert solved(moved(app, unit=1)).keys() == {"widest"}


def test_workers_that_are_gone_are_a_sentence_and_the_lecture_stays(without_workers, open_page):
    app = open_page(PAGE)
    assert len([warning for warning in app.warning if "being restarted" in warning.value]) == 2
    assert metrics(app)["Parameters"] == "17"
    assert shows_the_lecture(app)


@pytest.mark.parametrize(
    "query",
    [
        {"unit": "1", "depth": "3"},
        {"preset": "784-30-10", "layer": "1", "unit": "7", "seed": "5", "initializer": "he_normal", "depth": "2"},
        {"preset": "model4", "unit": "9", "depth": "2", "depth_initializer": "he_uniform", "depth_scale": "0.5"},
    ],
)
@pytest.mark.usefixtures("keras_has_the_digits")
def test_the_script_prints_the_numbers_of_the_page(open_page, query):
    app = open_page(PAGE, **query)
    found = dict(line.rsplit(" = ", 1) for line in printed(app.code[0].value))
    shown = metrics(app)
    assert found["parameters"] == shown["Parameters"].replace(",", "")
    assert float(found["output"]) == pytest.approx(float(shown["In Keras' output"]), rel=1e-3)
    assert float(found["first : last"]) == pytest.approx(float(shown["First : last layer"]), rel=0.01)
    assert len([line for line in found if line.startswith("layer")]) == int(query["depth"])


def test_each_page_keeps_its_own_number_of_units(open_page):
    def go(page):
        app.query_params.clear()  # as a browser does that follows the menu
        app.switch_page(page).run()
        assert not app.exception
        return app.number_input(key="units")

    app = open_page("pages/digits/mlp/page.py", units="77")
    assert go(PAGE).value == 3
    app.number_input(key="units").set_value(5).run()
    assert go("pages/digits/mlp/page.py").value == 77
    assert go(PAGE).value == 5
