"""The analyses of "Look further" on the page that looks inside a network, with real workers."""

import numpy as np

from nncore.cluster import worker
from nncore.networks.ablation import switch_off
from nncore.networks.inspection import predict
from nncore.registry import networks
from nncore.specs.presets import preset
from nncore.storage.run_record import new_id
from tests.pages.training.kept import keep
from tests.support.shown import metrics, moved, said, warnings
from tests.support.solving import is_solved

PAGE = "pages/convolution/feature_maps/page.py"


def finished(app, ticks=120):
    """Return the page when its analysis has computed everything; AppTest knows no time, so each run is a tick."""
    while app.session_state["analysis busy"]:
        ticks -= 1
        assert ticks, "the analysis never came to an end"
        app.run()
        assert not app.exception
    return app


def test_no_analysis_is_chosen_and_computes_at_first(open_page, engine, monkeypatch):
    asked = []
    ask = type(engine).ask
    monkeypatch.setattr(type(engine), "ask", lambda self, *a, **o: (asked.append(a), ask(self, *a, **o))[1])
    app = open_page(PAGE)
    assert app.radio(key="room").value == "none"
    names = {(a[1] if a[0] is networks.apply_to_network else a[0]).__name__ for a in asked}
    assert {"activations", "explain_map"} <= names
    assert not names & {"switch_off", "each_off", "predict_batch", "strongest", "locate"}


def test_maps_that_are_off_in_a_link_open_their_analysis_and_the_page_says_what_is_read_then(open_page, engine):
    app = open_page(PAGE, index="78", off="0")
    assert app.radio(key="room").value == "off"
    assert not is_solved(app, "flip")
    assert not is_solved(moved(app, index=80, off=["14"]), "flip")
    app.multiselect(key="off").set_value(["14", "4"]).run()
    assert not app.exception
    assert app.query_params["off"] == "4,14"
    picture, _ = engine.ask(worker.pick_digit, 80)
    expected = engine.ask(networks.apply_to_network, switch_off, "model3", picture, 0, [4, 14])
    assert metrics(app)["2 off"] == f"{expected.argmax()} · {100 * expected.max():.1f} %"
    assert metrics(app)["All on"].startswith("7 · ")
    assert is_solved(app, "flip")
    assert "switch_off([4, 14])" in app.code[0].value


def test_maps_that_are_not_there_are_not_off(open_page):
    app = open_page(PAGE, model="model4", layer="2", off="3,39")
    app.selectbox(key="layer").set_value("0").run()
    assert not app.exception
    assert app.multiselect(key="off").value == ["3"]
    app = open_page(PAGE, off="3,77")
    assert "expected some of 0 to 19, received “77”." in warnings(app)
    assert app.multiselect(key="off").value == ["3"]


def test_a_hidden_part_makes_the_digit_less_probable_and_a_small_one_that_changes_it_solves_a_challenge(open_page):
    app = open_page(PAGE, occlusion_size="15", index="80")
    assert app.radio(key="room").value == "occlusion"
    assert not is_solved(app, "hide")
    assert float(metrics(moved(app, occlusion_size=9))["At worst, 7 with"].removesuffix(" %")) < 50
    assert not is_solved(moved(app, index=0, occlusion_size=5), "hide")
    assert is_solved(moved(app, index=80), "hide")


def test_the_strongest_digits_are_found_and_one_is_looked_at(open_page):
    app = finished(open_page(PAGE, room="exemplars", map="5"))
    captions = [app.button(key=f"exemplar_{rank}").label for rank in range(10)]
    number = int(captions[3].split("no. ")[1])
    app.button(key="exemplar_3").click().run()
    assert not app.exception
    assert app.number_input(key="index").value == number


def test_a_thousand_digits_are_laid_out_by_principal_components_and_by_tsne_until_it_is_done(open_page):
    app = open_page(PAGE, room="space", layer="3")
    assert 0 < float(metrics(app)["Of the variance"].removesuffix(" %")) < 100
    name = new_id()
    keep(name, preset("model1"))  # no worker knows its points yet
    app = open_page(PAGE, model=name, method="tsne", layer="0")
    assert app.radio(key="room").value == "space"
    assert app.session_state["analysis busy"]
    finished(app)


def test_another_network_reads_the_same_picture_beside(open_page, engine):
    app = open_page(PAGE, beside="model1", index="7")
    picture, _ = engine.ask(worker.pick_digit, 7)
    for other in ("model1", "model4"):
        app.selectbox(key="beside").set_value(other).run()
        outputs = engine.ask(networks.apply_to_network, predict, other, picture)
        assert metrics(app)["Beside"] == f"{int(outputs.argmax())} · {100 * float(np.max(outputs)):.1f} %"
        assert "beside: read as" in app.code[0].value


def test_without_a_network_beside_the_analysis_asks_for_one_and_an_unknown_one_is_a_sentence(open_page):
    app = open_page(PAGE, room="beside", beside="nobody")
    assert "received “nobody”" in warnings(app)
    assert app.selectbox(key="beside").value == "none"
    assert "Choose a network" in said(app)


def test_all_analyses_work_with_a_dense_network(open_page):
    app = open_page(PAGE, model="model1", map="2")
    for analysis in ("off", "occlusion", "exemplars", "space", "beside"):
        app.radio(key="room").set_value(analysis).run()
        assert not finished(app).exception
