"""The page that looks inside a network, with real workers that answer it."""

import numpy as np
import pytest

from nncore.cluster import worker
from nncore.data.drawing import prepare
from nncore.networks.inspection import activations, predict
from nncore.reference import load_reference
from nncore.registry import networks
from nncore.specs.presets import preset
from tests.pages.training.kept import keep
from tests.support.shown import metrics, moved, said, warnings
from tests.support.solving import shows_the_lecture, solved

PAGE = "pages/convolution/feature_maps/page.py"


def test_the_page_reads_the_first_test_digit_as_seven_and_a_pixel_below_zero_is_cut(open_page):
    page = open_page(PAGE, row="14", col="14")
    assert page.selectbox(key="model").value == "model3"
    assert metrics(page)["Read as"].startswith("7 · ")
    assert not page.warning
    assert page.number_input(key="map").value == 14
    assert solved(page) == {}
    assert solved(moved(page, map=0)).keys() == {"cut"}


def test_a_link_sets_network_digit_layer_map_and_pixel(open_page, engine):
    page = open_page(PAGE, model="model4", index="5", layer="2", map="7", row="4", col="6")
    assert page.selectbox(key="model").value == "model4"
    assert page.selectbox(key="layer").value == "2"
    picture, _ = engine.ask(worker.pick_digit, 5)
    expected = engine.ask(networks.apply_to_network, activations, "model4", picture)[2].values[4, 6, 7]
    assert float(metrics(page)["In Keras' output"]) == pytest.approx(expected, rel=1e-4)


def test_the_arithmetic_agrees_with_keras_in_every_layer_of_model_4(open_page):
    page = open_page(PAGE, model="model4", map="2")
    for layer in "012356":
        page.selectbox(key="layer").set_value(layer).run()
        shown = metrics(page)
        assert float(shown["By this arithmetic"]) == pytest.approx(
            float(shown["In Keras' output"]), rel=1e-3, abs=1e-5
        ), layer
        assert "The two agree" in said(page)
        assert ("wide" in solved(page)) == (layer not in "01"), "a pixel of layer 2 comes from ten or more"


def test_other_layers_say_why_they_are_not_taken_apart(open_page):
    assert "computes nothing" in said(open_page(PAGE, model="model3", layer="2"))
    page = open_page(PAGE, model="model1", map="29")
    assert "no pixels to take apart" in said(page)
    assert page.number_input(key="map").value == 29


def test_pixel_and_map_stay_in_their_place_when_smaller_ones_come(open_page):
    page = open_page(PAGE, model="model4", row="23", col="0", map="19")
    page.selectbox(key="layer").set_value("3").run()
    assert (page.number_input(key="row").value, page.number_input(key="col").value) == (4, 0)
    assert page.number_input(key="map").value == 19
    page.number_input(key="map").set_value(39).run()
    page.selectbox(key="model").set_value("model3").run()
    assert not page.exception
    assert page.selectbox(key="layer").value == "3"
    page.selectbox(key="layer").set_value("1").run()
    assert page.number_input(key="map").value == 19


def test_the_button_goes_to_the_largest_value(open_page, engine):
    page = open_page(PAGE, model="model3", map="4")
    page.button(key="strongest").click().run()
    picture, _ = engine.ask(worker.pick_digit, 0)
    largest = engine.ask(networks.apply_to_network, activations, "model3", picture)[0].values[..., 4].max()
    assert float(metrics(page)["In Keras' output"]) == pytest.approx(largest, rel=1e-4)


def test_an_empty_canvas_asks_for_a_drawing_and_a_kept_drawing_is_read(open_page):
    page = open_page(PAGE, source="draw")
    assert "Draw a digit" in warnings(page)
    assert "Read as" not in metrics(page)
    assert not page.code, "without a picture there is no script"
    drawing = np.zeros((280, 280, 4), np.uint8)
    drawing[40:240, 130:155] = 255
    moved(page, **{"canvas:kept": {"number": 0, "start": None, "drawing": None, "picture": drawing}})
    assert metrics(page)["Read as"].startswith("1 · ")


@pytest.mark.parametrize(
    ("query", "sentences"),
    [
        (
            {"index": "abc", "layer": "99", "map": "20", "row": "-1", "model": "nothing"},
            [
                "expected a whole number from 0 to 9999, received “abc”",
                "expected one of 0 to 4, received “99”",
                "Map: expected a whole number from 0 to 19",
                "Row: expected a whole number from 0 to 23",
                "received “nothing”",
            ],
        ),
        ({"index": "10000", "run": "nobody"}, ["received “10000”", "received “nobody”"]),
    ],
)
def test_a_link_that_does_not_fit_is_answered_in_sentences_and_the_page_works(open_page, query, sentences):
    page = open_page(PAGE, **query)
    for sentence in sentences:
        assert sentence in warnings(page)
    assert metrics(page)["Read as"].startswith("7 · ")


def test_a_finished_run_in_the_link_is_shown(open_page):
    keep("finished", preset("model1"))
    for key in ("model", "run"):
        page = open_page(PAGE, **{key: "finished"})
        assert page.selectbox(key="model").value == "finished"
        assert not page.warning
        assert "Read as" in metrics(page)


def test_a_doubtful_drawing_solves_a_challenge(open_page, monkeypatch, mnist):
    model = load_reference("model4")
    blends = (np.maximum(one, other) for one in mnist.x_test[:20] for other in mnist.x_test[20:40])
    doubtful = next(blend for blend in blends if predict(model, prepare(blend).picture).max() < 0.55)
    page = open_page(PAGE, source="draw", model="model4")
    for drawing, names in ((mnist.x_test[0], set()), (doubtful, {"doubt"})):
        monkeypatch.setattr("pages.ui.canvas.draw_digit", lambda drawing=drawing: drawing)
        assert solved(moved(page)).keys() == names


def test_workers_that_are_gone_are_a_sentence_and_the_lecture_stays(without_workers, open_page):
    page = open_page(PAGE)
    assert "being restarted" in warnings(page)
    assert shows_the_lecture(page)
