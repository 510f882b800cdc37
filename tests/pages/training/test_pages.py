"""The settings of the dense and the convolutional page, through `app.py`, and a training from its button."""

import time

import pytest

from nncore.specs.presets import PRESETS
from tests.support.shown import metrics, warnings
from tests.support.solving import is_solved, solved

MLP, CNN = "pages/digits/mlp/page.py", "pages/convolution/cnn/page.py"


@pytest.mark.parametrize(
    ("page", "presets"),
    [(MLP, {"model1": "23,860", "model2": "23,860"}), (CNN, {"model3": "289,630", "model4": "108,870"})],
)
def test_a_preset_sets_every_control_to_the_lectures_value(open_page, page, presets):
    app = open_page(page, preset=next(iter(presets)))
    for preset, parameters in presets.items():  # the first by the link, the second by the box
        if app.selectbox(key="preset").value != preset:
            app.selectbox(key="preset").set_value(preset).run()
        assert metrics(app)["Parameters"] == parameters
        spec = PRESETS[preset].training
        assert app.number_input(key="epochs").value == spec.epochs
        assert app.number_input(key="learning_rate").value == spec.learning_rate
        assert app.selectbox(key="optimizer").value == spec.optimizer
        assert app.selectbox(key="loss").value == spec.loss
        assert solved(app) == {}
    if page == MLP:
        assert app.selectbox(key="activation").value == "tanh"
        assert app.selectbox(key="output_activation").value == "softmax"


def test_another_optimizer_brings_its_usual_learning_rate(open_page):
    app = open_page(MLP)
    app.selectbox(key="optimizer").set_value("adam").run()
    assert app.number_input(key="learning_rate").value == 0.001


@pytest.mark.parametrize("query", [{"units": "-5", "epochs": "0", "optimizer": "magic"}, {"units": "abc"}])
def test_bad_input_in_the_link_falls_back_to_the_default(open_page, query):
    app = open_page(MLP, **query)
    assert metrics(app)["Parameters"] == "23,860"
    assert app.number_input(key="epochs").value == 200
    assert app.selectbox(key="optimizer").value == "sgd"


def test_every_setting_changes_the_script(open_page):
    app = open_page(MLP, units="17", epochs="7", batch_size="64", seed="9", dropout="0.25", scale="true")
    script = app.code[0].value
    for part in ("17", "epochs=7", "batch_size=64", "set_random_seed(9)", "0.25", "255"):
        assert part in script.replace(" = ", "=")


def trained(app):
    app.button(key="train").click().run()
    deadline = time.monotonic() + 300  # other tests beside this one go first: training is nice
    while metrics(app).get("Test accuracy", "–") == "–":
        assert time.monotonic() < deadline, [bar.text for bar in app.get("progress")]
        time.sleep(0.2)
        app.run()
    return app


def test_a_run_is_trained_from_the_button_its_results_stand_on_the_page_and_it_solves_a_challenge(open_page, mnist):
    few = {"train_size": "400", "validation_split": "0.5", "scale": "true"}
    app = trained(open_page(MLP, preset="model2", epochs="10", batch_size="16", learning_rate="0.01", **few))
    right = float(metrics(app)["Test accuracy"].removesuffix(" %"))
    assert right > 30
    wrong = next(int(value.replace(",", "")) for label, value in metrics(app).items() if label.startswith("Wrong"))
    assert 100 * (1 - wrong / len(mnist.x_test)) == pytest.approx(right, abs=0.01)
    assert app.button(key="cancel").disabled
    assert solved(app).keys() == {"overfit"}


def test_a_convolutional_network_of_one_map_is_trained_and_solves_its_challenge(open_page):
    app = open_page(CNN, filters="1", epochs="1", train_size="1000")
    assert not is_solved(app, "one_map")
    assert solved(trained(app)).keys() == {"one_map"}


def test_no_room_for_the_pool_is_said_in_words_train_is_off_and_a_challenge_is_solved(open_page):
    app = open_page(CNN, kernel_size="20", second_block="true")
    assert not is_solved(app, "too_large")
    app.number_input(key="kernel_size").set_value(28).run()
    assert not app.exception
    assert "expected a pool no larger than its 1x1 input, received 2x2" in warnings(app)
    assert app.button(key="train").disabled
    assert is_solved(app, "too_large")


def test_an_unknown_run_is_said_in_words(open_page):
    app = open_page(CNN, run="nobody")
    assert "No run is known here under the id “nobody”" in warnings(app)
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
        assert "no memory" in warnings(app)
    assert not app.button(key="train").disabled
