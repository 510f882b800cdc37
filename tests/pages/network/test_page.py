"""The page from neurons to a network, with a real worker behind it."""

import contextlib
import io

import keras
import numpy as np
import pytest

from nncore.cluster.engine import EngineError
from nncore.networks.gradient_flow import measure_depth
from tests.support.solving import is_solved, shows_the_lecture

PAGE = "pages/neurons/network/page.py"
HUNDRED = {"hidden_layers": "2", "units": "5", "units2": "12", "outputs": "1"}


def metrics(app):
    return {metric.label: metric.value for metric in app.metric}


@pytest.mark.parametrize(
    ("query", "arithmetic", "count"),
    [
        ({}, r"(2\cdot 3 + 3) + (3\cdot 2 + 2) = 9 + 8 = 17", "17"),
        ({"preset": "model1"}, r"(784\cdot 30 + 30) + (30\cdot 10 + 10) = 23{,}550 + 310 = 23{,}860", "23,860"),
        ({"preset": "784-30-10"}, r"= 23{,}550 + 310 = 23{,}860", "23,860"),
        ({"preset": "model3"}, r"(5\cdot 5\cdot 1 + 1)\cdot 20 + (2880\cdot 100 + 100) + (100\cdot 10", "289,630"),
        ({"preset": "model4"}, r"= 520 + 7{,}240 + 100{,}100 + 1{,}010 = 108{,}870", "108,870"),
        ({"hidden_layers": "0", "inputs": "7", "outputs": "1"}, r"7\cdot 1 + 1 = 8", "8"),
        ({**HUNDRED, "hidden_layers": "3", "units3": "2"}, r"(12\cdot 2 + 2) + (2\cdot 1 + 1)", "116"),
    ],
)
def test_the_parameters_are_counted_layer_by_layer(open_page, query, arithmetic, count):
    app = open_page(PAGE, **query)
    assert not app.exception
    assert arithmetic in app.latex[0].value
    assert metrics(app)["Parameters"] == count


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
    assert "The two agree" in " ".join(text.value for text in app.markdown)


def test_the_sum_of_few_terms_is_written_out(open_page):
    written = open_page(PAGE).latex[1].value
    assert written.count(r"\cdot") == 2
    assert r"a = \text{sigmoid}(z)" in written


@pytest.mark.parametrize("preset", ["model2", "model3", "model4"])
def test_every_network_of_the_lecture_is_drawn_and_one_of_its_neurons_agrees(open_page, preset):
    app = open_page(PAGE, preset=preset, unit="3")
    assert not app.exception
    assert "The two agree" in " ".join(text.value for text in app.markdown)
    assert [element.key for element in app.slider if element.key == "hidden_layers"] == (
        ["hidden_layers"] if preset == "model2" else []
    )


def test_another_preset_moves_all_sizes_and_goes_to_its_first_neuron(open_page):
    app = open_page(PAGE, preset="3-4-4-2", layer="2", unit="1")
    app.selectbox(key="preset").set_value("model1").run()
    assert not app.exception
    numbers = {element.key: element.value for element in app.number_input}
    assert numbers == {"inputs": 784, "units": 30, "outputs": 10, "seed": 1, "unit": 0}
    assert app.selectbox(key="layer").value == "0"
    app.selectbox(key="preset").set_value("model4").run()
    assert not app.exception
    assert app.selectbox(key="layer").value == "5"


def test_a_smaller_layer_brings_the_chosen_unit_back_into_it(open_page):
    app = open_page(PAGE, preset="model1", unit="29")
    app.number_input(key="units").set_value(8).run()
    assert not app.exception
    assert app.number_input(key="unit").value == 7


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"unit": "3"}, "Unit: expected a whole number from 0 to 2, received “3”"),
        ({"layer": "9"}, "Layer: expected one of 0 to 1, received “9”"),
        ({"preset": "model3", "layer": "0"}, "Layer: expected one of 3 to 4, received “0”"),
    ],
)
def test_a_link_that_does_not_fit_is_answered_in_a_sentence(open_page, query, sentence):
    app = open_page(PAGE, **query)
    assert not app.exception
    assert any(sentence in warning.value for warning in app.warning)
    assert "By this arithmetic" in metrics(app)


@pytest.mark.parametrize(
    ("query", "arguments", "words"),
    [
        ({}, (10, "sigmoid", "glorot_uniform", 1.0, 1), "The gradient vanishes"),
        (
            {"depth": "12", "depth_activation": "tanh", "seed": "4"},
            (12, "tanh", "glorot_uniform", 1.0, 4),
            "The gradient holds",
        ),
        (
            {"depth_activation": "relu", "depth_initializer": "he_normal", "depth_scale": "3"},
            (10, "relu", "he_normal", 3.0, 1),
            "The gradient explodes",
        ),
    ],
)
def test_the_verdict_says_what_depth_does_with_the_measured_ratio(open_page, query, arguments, words):
    app = open_page(PAGE, **query)
    profile = measure_depth(*arguments)
    assert float(metrics(app)["First : last layer"]) == pytest.approx(profile.ratio, rel=0.01)
    assert metrics(app)["From layer to layer"] == f"× {profile.per_layer:.3g}"
    assert any(words in box.value for box in (*app.error, *app.success))


def test_workers_that_are_gone_are_a_sentence_and_the_lecture_stays(open_page, engine, monkeypatch):
    def fail(*arguments, **options):
        raise EngineError("The worker stopped while it computed and is being restarted: try again.")

    monkeypatch.setattr(type(engine), "ask", fail)
    app = open_page(PAGE)
    assert not app.exception
    assert len([warning for warning in app.warning if "being restarted" in warning.value]) == 2
    assert metrics(app)["Parameters"] == "17"
    assert shows_the_lecture(app)


@pytest.mark.parametrize(
    ("name", "meets", "close"),
    [
        ("exact", HUNDRED, {**HUNDRED, "units": "12", "units2": "5"}),
        ("widest", {"unit": "1"}, {"unit": "0"}),
        ("widest", {"unit": "1"}, {"hidden_layers": "0", "unit": "1"}),
        ("hold", {"depth": "10", "depth_activation": "tanh"}, {"depth": "9", "depth_activation": "tanh"}),
        (
            "explode",
            {"depth_activation": "relu", "depth_initializer": "he_normal", "depth_scale": "3"},
            {"depth_activation": "relu", "depth_initializer": "he_normal", "depth_scale": "2"},
        ),
    ],
)
def test_a_challenge_is_solved_by_the_controls_that_meet_it(open_page, name, meets, close):
    assert is_solved(open_page(PAGE, **meets), name)
    assert not is_solved(open_page(PAGE, **close), name)


@pytest.mark.parametrize(
    "query",
    [
        {"unit": "1", "depth": "3"},
        {"preset": "784-30-10", "layer": "1", "unit": "7", "seed": "5", "initializer": "he_normal", "depth": "2"},
        {"preset": "model4", "unit": "9", "depth": "2", "depth_initializer": "he_uniform", "depth_scale": "0.5"},
    ],
)
def test_the_script_prints_the_numbers_of_the_page(open_page, query, mnist, monkeypatch):
    splits = (mnist.x_train, mnist.y_train), (mnist.x_test, mnist.y_test)
    monkeypatch.setattr(keras.datasets.mnist, "load_data", lambda: splits)
    app = open_page(PAGE, **query)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(app.code[0].value, {})
    found = dict(line.rsplit(" = ", 1) for line in printed.getvalue().splitlines())
    shown = metrics(app)
    assert found["parameters"] == shown["Parameters"].replace(",", "")
    assert float(found["output"]) == pytest.approx(float(shown["In Keras' output"]), rel=1e-3)
    assert float(found["first : last"]) == pytest.approx(float(shown["First : last layer"]), rel=0.01)
    assert len([line for line in found if line.startswith("layer")]) == int(query["depth"])


def test_each_page_keeps_its_own_number_of_units(open_page):
    app = open_page("pages/digits/mlp/page.py", units="77")
    app.switch_page(PAGE).run()
    assert not app.exception
    assert app.number_input(key="units").value == 3
    app.number_input(key="units").set_value(5).run()
    app.switch_page("pages/digits/mlp/page.py").run()
    assert app.number_input(key="units").value == 77
    app.switch_page(PAGE).run()
    assert app.number_input(key="units").value == 5
