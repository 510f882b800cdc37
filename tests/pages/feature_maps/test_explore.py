"""The rooms of "Look further" on the page that looks inside a network, with real workers."""

import numpy as np
import pytest

from nncore.cluster import worker
from nncore.networks.ablation import switch_off
from nncore.networks.inspection import predict
from nncore.registry import networks

PAGE = "pages/convolution/feature_maps/page.py"


def metrics(app):
    return {metric.label: metric.value for metric in app.metric}


def warnings(app):
    return " ".join(warning.value for warning in app.warning)


def finished(app, ticks=120):
    """The page after its room has computed all it wanted; AppTest knows no time, so each run is a tick."""
    while app.session_state["room busy"]:
        ticks -= 1
        assert ticks, "the room never came to an end"
        app.run()
        assert not app.exception
    return app


def test_no_room_is_open_and_computes_at_first(open_page, engine, monkeypatch):
    asked = []
    ask = type(engine).ask
    monkeypatch.setattr(type(engine), "ask", lambda self, *a, **o: (asked.append(a), ask(self, *a, **o))[1])
    app = open_page(PAGE)
    assert app.radio(key="room").value == "none"
    names = {(a[1] if a[0] is networks.examine else a[0]).__name__ for a in asked}
    assert {"activations", "explain_map"} <= names
    assert not names & {"switch_off", "each_off", "outputs_of", "strongest", "locate"}


def test_a_link_with_maps_off_opens_the_room_and_says_what_is_read_then(open_page, engine):
    app = open_page(PAGE, index="80", off="4,14")
    assert not app.exception
    assert app.radio(key="room").value == "off"
    picture, _ = engine.ask(worker.pick_digit, 80)
    expected = engine.ask(networks.examine, switch_off, "model3", picture, 0, [4, 14])
    assert metrics(app)["2 off"] == f"{expected.argmax()} · {100 * expected.max():.1f} %"
    assert metrics(app)["All on"].startswith("7 · ")


def test_the_maps_that_are_off_are_in_the_link(open_page):
    app = open_page(PAGE, room="off")
    app.multiselect(key="off").set_value(["5", "2"]).run()
    assert app.query_params["off"] == "2,5"
    assert "2 off" in metrics(app)


def test_maps_that_the_next_layer_does_not_have_are_no_longer_off(open_page):
    app = open_page(PAGE, model="model4", layer="2", off="3,39")
    app.selectbox(key="layer").set_value("0").run()
    assert not app.exception
    assert app.multiselect(key="off").value == ["3"]


def test_a_link_with_a_map_that_is_not_there_is_answered_in_a_sentence(open_page):
    app = open_page(PAGE, off="3,77")
    assert "Off: expected maps from 0 to 19 of this layer, received “77”." in warnings(app)
    assert app.multiselect(key="off").value == ["3"]


def test_a_hidden_part_makes_the_digit_less_probable(open_page):
    app = open_page(PAGE, occlusion_size="9", index="80")
    assert app.radio(key="room").value == "occlusion"
    assert float(metrics(app)["At worst, 7 with"].removesuffix(" %")) < 50


def test_the_strongest_digits_are_found_and_one_is_looked_at(open_page):
    app = finished(open_page(PAGE, room="exemplars", map="5"))
    captions = [app.button(key=f"exemplar_{place}").label for place in range(10)]
    number = int(captions[3].split("no. ")[1])
    app.button(key="exemplar_3").click().run()
    assert not app.exception
    assert app.number_input(key="index").value == number


def test_a_thousand_digits_are_laid_out_at_once_by_principal_components(open_page):
    app = open_page(PAGE, room="space", layer="3")
    assert not app.exception
    assert 0 < float(metrics(app)["Of the variance"].removesuffix(" %")) < 100


def test_tsne_goes_on_by_itself_until_it_is_done(open_page):
    app = open_page(PAGE, method="tsne", layer="3")
    assert app.radio(key="room").value == "space"
    assert app.session_state["room busy"]
    finished(app)


@pytest.mark.parametrize("other", ["model1", "model4"])
def test_another_network_reads_the_same_picture_beside(open_page, engine, other):
    app = open_page(PAGE, beside=other, index="7")
    picture, _ = engine.ask(worker.pick_digit, 7)
    outputs = engine.ask(networks.examine, predict, other, picture)
    assert metrics(app)["Beside"] == f"{int(outputs.argmax())} · {100 * float(np.max(outputs)):.1f} %"


def test_without_a_network_beside_the_room_asks_for_one(open_page):
    app = open_page(PAGE, room="beside")
    assert any("Choose a network" in caption.value for caption in app.caption)


def test_a_network_beside_that_is_not_there_is_answered_in_a_sentence(open_page):
    app = open_page(PAGE, room="beside", beside="nobody")
    assert "received “nobody”" in warnings(app)
    assert app.selectbox(key="beside").value == "none"


def test_all_rooms_are_open_to_a_dense_network(open_page):
    for room in ("off", "occlusion", "exemplars", "space", "beside"):
        app = finished(open_page(PAGE, room=room, model="model1", map="2"))
        assert not app.exception
