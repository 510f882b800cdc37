"""The page with its real engine: the workers start once and answer every test."""

from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from nncore.cluster import worker
from nncore.cluster.engine import EngineError
from nncore.networks.build import build_model, pack_weights, preset
from nncore.networks.inspection import activations
from nncore.registry import networks
from nncore.storage.run_store import default_store
from tests.support.solving import shows_the_lecture

PAGE = Path(__file__).parents[3] / "pages/convolution/feature_maps/page.py"


# The engine starts before any page: a worker runs the main script of the process that starts it.
pytestmark = pytest.mark.usefixtures("engine")


def opened(**query):
    page = AppTest.from_file(str(PAGE), default_timeout=60)
    page.query_params.update({key: str(value) for key, value in query.items()})
    page.run()
    assert not page.exception, page.exception
    return page


def metrics(page):
    return {metric.label: metric.value for metric in page.metric}


def warnings(page):
    return " ".join(warning.value for warning in page.warning)


def test_the_page_reads_the_first_test_digit_as_seven():
    page = opened(model="model3")
    assert metrics(page)["Read as"].startswith("7 · ")
    assert not page.warning


def test_a_link_sets_network_digit_layer_map_and_pixel(engine):
    page = opened(model="model4", index=5, layer=2, map=7, row=4, col=6)
    assert page.selectbox(key="model").value == "model4"
    assert page.selectbox(key="layer").value == "2"
    picture, _ = engine.ask(worker.pick_digit, 5)
    expected = engine.ask(networks.examine, activations, "model4", picture)[2].values[4, 6, 7]
    assert float(metrics(page)["In Keras' output"]) == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("layer", [0, 1, 2, 3, 5, 6])
def test_the_arithmetic_agrees_with_keras_in_every_layer_of_model_4(layer):
    page = opened(model="model4", layer=layer, map=2)
    shown = metrics(page)
    assert float(shown["By this arithmetic"]) == pytest.approx(float(shown["In Keras' output"]), rel=1e-3, abs=1e-5)
    assert any("The two agree" in markdown.value for markdown in page.markdown)


def test_a_layer_that_only_reshapes_says_so():
    assert any("computes nothing" in markdown.value for markdown in opened(model="model3", layer=2).markdown)


def test_dense_networks_are_shown_with_the_weights_of_a_unit():
    page = opened(model="model1", map=29)
    assert any("no pixels to take apart" in markdown.value for markdown in page.markdown)
    assert page.number_input(key="map").value == 29


def test_the_pixel_stays_in_its_place_when_a_smaller_map_comes():
    page = opened(model="model4", row=23, col=0, map=19)
    page.selectbox(key="layer").set_value("3").run()
    assert not page.exception
    assert (page.number_input(key="row").value, page.number_input(key="col").value) == (4, 0)
    assert page.number_input(key="map").value == 19


def test_a_map_beyond_the_next_network_becomes_its_last():
    page = opened(model="model4", layer=3, map=39)
    page.selectbox(key="model").set_value("model3").run()
    assert not page.exception
    assert page.selectbox(key="layer").value == "3"
    page.selectbox(key="layer").set_value("1").run()
    assert page.number_input(key="map").value == 19


def test_the_button_goes_to_the_largest_value(engine):
    page = opened(model="model3", map=4)
    page.button(key="strongest").click().run()
    picture, _ = engine.ask(worker.pick_digit, 0)
    largest = engine.ask(networks.examine, activations, "model3", picture)[0].values[..., 4].max()
    assert float(metrics(page)["In Keras' output"]) == pytest.approx(largest, rel=1e-4)


def test_an_empty_canvas_asks_for_a_drawing():
    page = opened(source="draw")
    assert "Draw a digit" in warnings(page)
    assert "Read as" not in metrics(page)


def test_a_kept_drawing_is_read():
    page = AppTest.from_file(str(PAGE), default_timeout=60)
    page.query_params["source"] = "draw"
    drawing = np.zeros((280, 280, 4), np.uint8)
    drawing[40:240, 130:155] = 255
    page.session_state["canvas:kept"] = {"number": 0, "start": None, "drawing": None, "picture": drawing}
    page.run()
    assert not page.exception
    assert metrics(page)["Read as"].startswith("1 · ")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"index": "abc"}, "expected a whole number from 0 to 9999, received “abc”"),
        ({"index": "10000"}, "received “10000”"),
        ({"layer": "99"}, "expected one of 0 to 4, received “99”"),
        ({"map": "20"}, "Map: expected a whole number from 0 to 19"),
        ({"row": "-1"}, "Row: expected a whole number from 0 to 23"),
        ({"model": "nothing"}, "received “nothing”"),
        ({"run": "nothing"}, "received “nothing”"),
    ],
)
def test_a_link_that_does_not_fit_is_answered_in_a_sentence_and_the_page_works(query, sentence):
    page = opened(**query)
    assert sentence in warnings(page)
    assert metrics(page)["Read as"].startswith("7 · ")


@pytest.mark.parametrize("key", ["model", "run"])
def test_a_finished_run_in_the_link_is_shown(key):
    experiment = preset("model1")
    name = f"finished-{key}"
    default_store().create(name, experiment)
    weights = pack_weights(build_model(experiment.network))
    default_store().update(name, weights=weights, status="finished", test_accuracy=0.1)
    page = opened(**{key: name})
    assert page.selectbox(key="model").value == name
    assert not page.warning
    assert "Read as" in metrics(page)


def test_workers_that_are_gone_are_a_sentence_and_the_lecture_stays(engine, monkeypatch):
    def fail(*arguments, **options):
        raise EngineError("The worker stopped while it computed and is being restarted: try again.")

    monkeypatch.setattr(type(engine), "ask", fail)
    page = opened()
    assert "being restarted" in warnings(page)
    assert shows_the_lecture(page)
