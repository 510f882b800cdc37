"""Which pictures a network is trained on: the select box, an upload, and what the pages say then."""

import time

import pytest

from nncore.registry import datasets
from nncore.registry.datasets import DatasetStatus
from nncore.specs.experiment import TrainingSpec
from tests.nncore.data.test_uploads import as_csv, as_npz, some_arrays, some_rows
from tests.nncore.storage.test_dataset_store import on
from tests.pages.training.kept import keep
from tests.support.shown import metrics, said

MLP, CNN = "pages/digits/mlp/page.py", "pages/convolution/cnn/page.py"


def scripts(app):
    return "\n".join(code.value for code in app.code)


def value(app, label):
    return next(value for name, value in metrics(app).items() if name.startswith(label))


def upload(app, content, name="mine.csv"):
    return app.file_uploader(key="own_data").upload(name, content, "application/octet-stream").run()


@pytest.mark.parametrize(
    ("page", "other", "content", "name", "test"),
    [(MLP, CNN, as_csv(some_rows()), "mine.csv", 30), (CNN, MLP, as_npz(some_arrays(150, 40)), "mine.npz", 40)],
    ids=["dense", "convolutional"],
)
def test_an_uploaded_file_takes_the_place_of_mnist_and_goes_again(open_page, page, other, content, name, test):
    app = open_page(page)
    assert app.selectbox(key="data").value == "mnist"
    assert app.number_input(key="train_size").value == 60_000
    assert "keras.datasets.mnist.load_data()" in scripts(app)
    assert not upload(app, content, name).exception
    key = app.selectbox(key="data").value
    assert key.startswith("own-")
    assert app.query_params["data"] == key
    assert f"150 pictures to train and {test} to test" in said(app)
    assert "mine" in said(app)
    size = app.number_input(key="train_size")
    assert (size.value, size.max) == (150, 150)
    assert 'np.load("data.npz")' in scripts(app)
    app.selectbox(key="preset").set_value({MLP: "model2", CNN: "model4"}[page]).run()
    assert not app.exception
    assert (app.selectbox(key="data").value, app.number_input(key="train_size").value) == (key, 150)
    visitor = open_page(other, data=key)
    assert visitor.selectbox(key="data").value == key
    assert f"150 pictures to train and {test} to test" in said(visitor)
    app.selectbox(key="data").set_value("mnist").run()
    assert app.number_input(key="train_size").value == 60_000
    assert "data" not in app.query_params


def test_a_broken_file_is_a_sentence_and_nothing_is_lost(open_page):
    app = open_page(MLP, units="17", epochs="3")
    sentences = ("Expected the names label, pixel0 to pixel783", "cut off or holds something else")
    for content, sentence in zip((b"hello", as_npz(some_arrays())[:3000]), sentences, strict=True):
        upload(app, content)
        assert not app.exception
        assert sentence in said(app)
        assert app.selectbox(key="data").value == "mnist"
        assert (app.number_input(key="units").value, app.number_input(key="epochs").value) == (17, 3)
        assert not app.button(key="train").disabled
    upload(app, as_csv(some_rows()))
    assert not any(sentence in said(app) for sentence in sentences)


def test_pictures_in_the_link_that_are_gone_are_a_sentence_and_mnist_is_taken(open_page):
    app = open_page(MLP, data="own-nobody")
    assert sum("No pictures are kept here under" in warning.value for warning in app.warning) == 1
    assert app.selectbox(key="data").value == "mnist"


def test_no_room_for_more_pictures_is_a_sentence(open_page, monkeypatch):
    monkeypatch.setenv("NNCORE_OWN_DATA_MB", "0.000001")
    app = upload(open_page(MLP), as_csv(some_rows(seed=99)))
    assert not app.exception
    assert "this server has for visitors" in said(app)


def test_a_run_on_own_pictures_is_trained_and_tested_on_them(open_page):
    app = upload(open_page(MLP, preset="model2", epochs="2"), as_csv(some_rows()))
    app.button(key="train").click().run()
    deadline = time.monotonic() + 60
    while value(app, "Test accuracy") == "–":
        assert time.monotonic() < deadline
        time.sleep(0.2)
        app.run()
    assert "has read 30 test pictures" in said(app)
    assert "Beside the lecture's printed figures" not in said(app)
    assert any(metric.delta == "of 30 test pictures" for metric in app.metric)


@pytest.fixture
def garments():
    """Fashion-MNIST in the worker, or a skip; in CI `tests/nncore/data/test_fashion.py` fails without it."""
    try:
        datasets.open_dataset("fashion_mnist")
    except datasets.MissingDataError as error:
        pytest.skip(str(error))


def test_garments_are_named_where_digits_would_be(open_page, garments):
    experiment = on("fashion_mnist", name="model1")
    keep("garments", experiment)
    app = open_page(MLP, run="garments", data="fashion_mnist")
    assert "has read 10,000 test garments" in said(app)
    assert " read as " in app.selectbox(key="cell").format_func(app.selectbox(key="cell").value)
    assert "keras.datasets.fashion_mnist.load_data()" in scripts(app)


def test_where_fashion_mnist_cannot_be_had_the_page_says_so_and_only_training_is_refused(open_page, monkeypatch):
    from pages.training import dataset_select

    words = "Fashion-MNIST could not be had on this machine. What was tried: Keras' download: no route to host."
    monkeypatch.setattr(dataset_select, "status_of", lambda name: DatasetStatus(words=words))
    app = open_page(MLP, data="fashion_mnist")
    assert f"{words} Nothing can be trained on it here." in said(app)
    assert app.button(key="train").disabled
    assert value(app, "Test accuracy now")
    app.selectbox(key="data").set_value("mnist").run()
    assert not app.button(key="train").disabled


def test_while_it_is_looked_for_the_page_says_what_is_done(open_page, monkeypatch):
    from pages.training import dataset_select

    fetching = DatasetStatus(words="Fetching the 70,000 garments: Keras' download.", looking=True)
    monkeypatch.setattr(dataset_select, "status_of", lambda name: fetching)
    app = open_page(CNN, data="fashion_mnist")
    assert "Fetching the 70,000 garments" in said(app)
    assert not app.button(key="train").disabled


def test_runs_on_other_pictures_differ_in_a_setting_and_say_so_in_few_words():
    from nncore.runs.comparison import describe, differing

    experiments = [on("mnist"), on("fashion_mnist"), on("own-abc")]
    assert differing(experiments)["data"] == ("mnist", "fashion_mnist", "own-abc")
    assert [describe(one).split(" · ")[-1] for one in experiments] == ["10 softmax", "Fashion-MNIST", "own pictures"]
    assert TrainingSpec().data == "mnist"
