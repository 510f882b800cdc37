"""The dense and the convolutional page, through `app.py`, with real workers behind them."""

import time

import pytest

from nncore.networks.build import PRESETS

MLP, CNN = "pages/digits/mlp/page.py", "pages/convolution/cnn/page.py"


def value(app, label):
    return next(metric.value for metric in app.metric if metric.label.startswith(label))


@pytest.mark.parametrize(
    ("page", "preset", "parameters"),
    [(MLP, "model1", "23,860"), (MLP, "model2", "23,860"), (CNN, "model3", "289,630"), (CNN, "model4", "108,870")],
)
def test_a_preset_in_the_link_sets_every_control_to_the_lectures_value(open_page, page, preset, parameters):
    app = open_page(page, preset=preset)
    assert not app.exception
    assert value(app, "Parameters") == parameters
    spec = PRESETS[preset].training
    assert app.number_input(key="epochs").value == spec.epochs
    assert app.number_input(key="learning_rate").value == spec.learning_rate
    assert app.selectbox(key="optimizer").value == spec.optimizer
    assert app.selectbox(key="loss").value == spec.loss


def test_choosing_another_preset_moves_the_controls(open_page):
    app = open_page(MLP)
    app.selectbox(key="preset").set_value("model2").run()
    assert app.selectbox(key="activation").value == "tanh"
    assert app.selectbox(key="output_activation").value == "softmax"
    assert app.number_input(key="epochs").value == 100


def test_another_optimizer_brings_its_usual_learning_rate(open_page):
    app = open_page(MLP)
    app.selectbox(key="optimizer").set_value("adam").run()
    assert app.number_input(key="learning_rate").value == 0.001


@pytest.mark.parametrize("query", [{"units": "-5"}, {"units": "abc"}, {"epochs": "0"}, {"optimizer": "magic"}])
def test_bad_input_in_the_link_falls_back_to_the_default(open_page, query):
    app = open_page(MLP, **query)
    assert not app.exception
    assert value(app, "Parameters") == "23,860"
    assert app.number_input(key="epochs").value == 200
    assert app.selectbox(key="optimizer").value == "sgd"


def test_every_setting_changes_the_script(open_page):
    app = open_page(MLP, units="17", epochs="7", batch_size="64", seed="9", dropout="0.25", scale="true")
    script = app.code[0].value
    for part in ("17", "epochs=7", "batch_size=64", "set_random_seed(9)", "0.25", "255"):
        assert part in script.replace(" = ", "=")


def test_a_run_is_trained_from_the_button_and_its_results_stand_on_the_page(open_page, mnist):
    app = open_page(MLP, preset="model2", epochs="2", train_size="2000")
    app.button(key="train").click().run()
    deadline = time.monotonic() + 60
    while value(app, "Test accuracy") == "–":
        assert time.monotonic() < deadline
        time.sleep(0.2)
        app.run()
    assert float(value(app, "Test accuracy").removesuffix(" %")) > 30
    wrong = int(value(app, "Wrong").replace(",", ""))
    assert 100 * (1 - wrong / len(mnist.x_test)) == pytest.approx(float(value(app, "Test accuracy")[:-2]), abs=0.01)
    assert app.button(key="cancel").disabled


def test_no_room_for_the_pool_is_said_in_words_and_train_is_off(open_page):
    app = open_page(CNN, kernel_size="28", second_block="true")
    assert not app.exception
    assert any("expected a pool no larger than its 1x1 input, received 2x2" in w.value for w in app.warning)
    assert app.button(key="train").disabled


def test_an_unknown_run_is_said_in_words(open_page):
    app = open_page(CNN, run="nobody")
    assert not app.exception
    assert any("No run is known here under the id “nobody”" in w.value for w in app.warning)
    assert not app.button(key="train").disabled


def test_workers_gone_is_a_sentence_and_the_page_works_on(open_page, monkeypatch):
    from nncore.cluster.engine import Engine, EngineError

    def gone(*arguments, **options):
        raise EngineError("The workers could not be started: no memory.")

    app = open_page(MLP)
    with monkeypatch.context() as patch:
        patch.setattr(Engine, "client", gone)
        app.button(key="train").click().run()
        assert not app.exception
        assert any("no memory" in warning.value for warning in app.warning)
    assert not app.button(key="train").disabled
