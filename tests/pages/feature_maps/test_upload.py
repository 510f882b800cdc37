"""A network of the visitor's own on the page that looks inside networks, with real workers behind it."""

import pytest
from keras import layers as kl

from nncore.cluster.engine import EngineError
from nncore.keras_import.receive import receive
from tests.support import keras_files
from tests.support.shown import metrics, moved, said

PAGE = "pages/convolution/feature_maps/page.py"


@pytest.fixture(scope="module")
def strange():
    """Return a stored network of layers that the lecture does not have, with logits at its end."""
    model = keras_files.chain(
        kl.Rescaling(1 / 255), kl.Conv2D(6, 3), kl.BatchNormalization(), kl.ReLU(), kl.Dropout(0.2),
        kl.GlobalAveragePooling2D(), kl.Dense(10),
    )  # fmt: skip
    return receive(keras_files.saved(model), "*strange* <b>.keras")


@pytest.fixture(scope="module")
def good():
    """Return the file of the lecture's model 3, for grey values from 0 to 1."""
    return keras_files.saved(keras_files.read_scaled_digits())


def upload(app, content, name="mine.keras"):
    return app.file_uploader(key="own_network").upload(name, content, "application/octet-stream").run()


def test_an_uploaded_network_is_chosen_shown_and_in_the_link_and_so_are_its_other_grey_values(open_page, good):
    app = upload(open_page(PAGE, index="3"), good)
    assert not app.exception
    assert not app.warning
    name = app.selectbox(key="model").value
    assert name.startswith("keras-")
    assert app.query_params["model"] == name
    assert "mine.keras (your own)" in app.selectbox(key="model").options
    assert metrics(app)["Read as"].startswith("0 · ")
    assert "289,630 parameters, gets grey values divided by 255: of 1,000 test digits it reads 9" in said(app)
    assert app.number_input(key="index").value == 3
    app.selectbox(key="model").set_value("model4").run()
    assert app.selectbox(key="model").value == "model4", "while the file is still there"
    app.selectbox(key="model").set_value(name).run()
    assert app.selectbox(key="model").value == name
    app.button(key="other_grey").click().run()
    assert not app.exception
    assert app.query_params["model"] == app.selectbox(key="model").value == f"{name}.raw"
    assert "mine.keras (your own), grey values 0 to 255" in app.selectbox(key="model").options
    assert "gets grey values as they are, 0 to 255" in said(app)
    again = open_page(PAGE, model=f"{name}.raw", index="3")
    assert "gets grey values as they are, 0 to 255" in said(again)
    again.button(key="other_grey").click().run()
    assert again.selectbox(key="model").value == name


def test_a_file_that_does_not_serve_is_a_sentence_and_all_else_stays(open_page):
    app = open_page(PAGE, model="model4", index="7", layer="2")
    wrong_shape = keras_files.chain(kl.Flatten(), kl.Dense(10), shape=(32, 32, 3))
    code = keras_files.chain(kl.Lambda(lambda x: x), kl.Flatten(), kl.Dense(10))
    for content, sentence in (
        (b"A sentence is no network.", "Expected a network as Keras saves it, received a file of another kind"),
        (keras_files.saved(wrong_shape), "28x28 pixels"),
        (keras_files.saved(code), "safe mode"),
    ):
        upload(app, content)
        assert not app.exception
        assert sentence in said(app)
        assert len(app.warning) == 1
        assert app.selectbox(key="model").value == "model4"
        assert app.selectbox(key="layer").value == "2"
        assert metrics(app)["Read as"].startswith("9 · ")


def test_a_worker_that_dies_over_a_file_is_a_sentence(open_page, engine, monkeypatch):
    app, ask = open_page(PAGE), type(engine).ask

    def die(self, function, *arguments, **options):
        if function.__name__ == "receive":
            raise EngineError("The worker stopped while it computed and is being restarted: try again.")
        return ask(self, function, *arguments, **options)

    monkeypatch.setattr(type(engine), "ask", die)
    upload(app, b"large")
    assert "is being restarted: try again" in said(app)
    assert metrics(app)["Read as"].startswith("7 · ")


def test_a_link_opens_a_network_says_what_it_is_and_takes_its_layers_apart_or_says_why_not(open_page, strange):
    app = open_page(PAGE, model=strange.id, layer="1", map="2")
    assert app.selectbox(key="model").value == strange.id
    assert r"\*strange\* \<b\>\.keras" in said(app)
    assert "this page put a softmax after its last layer" in said(app)
    assert "it may have learned other pictures" in said(app)
    agrees, by_rule = "The two agree.", "through one fixed rule"
    for layer, words in ((1, agrees), (2, by_rule), (4, "computes nothing here"), (6, agrees), (7, by_rule)):
        app.selectbox(key="layer").set_value(str(layer)).run()
        assert not app.exception
        assert not app.warning
        assert words in said(app), layer


def test_a_link_to_a_network_that_is_gone_is_a_sentence(open_page):
    app = open_page(PAGE, model="keras-nobody")
    assert "not kept here any more: only the newest are. Open its file again." in said(app)
    assert app.selectbox(key="model").value == "model3"
    assert metrics(app)["Read as"].startswith("7 · ")


def test_every_analysis_works_with_it_and_it_can_stand_beside_another(open_page, strange):
    app = open_page(PAGE, model=strange.id, beside="model1")
    for analysis in ("off", "occlusion", "exemplars", "space", "beside"):
        app.radio(key="room").set_value(analysis).run()
        assert not app.exception
        assert not app.warning, analysis
    app.selectbox(key="model").set_value("model4").run()
    moved(app, **{"own networks": [strange.id]})
    app.selectbox(key="beside").set_value(strange.id).run()
    assert not app.exception
    assert "Beside" in metrics(app)
