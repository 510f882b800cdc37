"""The coach on the pages: its findings stand below a run at rest, and a press sets the controls."""

import pytest

from nncore.networks.build import build_model
from nncore.specs.presets import preset
from tests.pages.training.kept import keep
from tests.support.shown import said

MLP, CNN = "pages/digits/mlp/page.py", "pages/convolution/cnn/page.py"


def trained(name, **training):
    """A preset with other values of these settings of its training."""
    experiment = preset(name)
    return experiment.model_copy(update={"training": experiment.training.model_copy(update=training)})


def advice(app):
    return [button.key.removeprefix("coach_") for button in app.button if str(button.key).startswith("coach_")]


def test_saturated_units_are_measured_on_the_test_digits_and_a_press_scales_the_inputs(open_page):
    keep("raw", trained("model2", epochs=2), history={"loss": [2.0, 1.99], "accuracy": [0.5, 0.5]})
    app = open_page(MLP, preset="model2", run="raw")
    assert advice(app) == ["saturated_units"]
    assert "% of the tanh outputs of hidden layer 1" in said(app)
    app.button(key="coach_saturated_units").click().run()
    assert not app.exception
    assert app.toggle(key="scale").value is True
    assert app.button(key="coach_saturated_units").disabled
    assert any("/ 255" in code.value for code in app.code)


def test_a_run_that_diverged_is_given_a_smaller_learning_rate(open_page):
    history = {"loss": [float("inf")], "accuracy": [0.1]}
    keep("ran-away", trained("model2", learning_rate=0.5), history=history)
    app = open_page(MLP, preset="model2", learning_rate="0.5", run="ran-away")
    assert advice(app) == ["diverged"]
    app.button(key="coach_diverged").click().run()
    assert app.number_input(key="learning_rate").value == 0.05


def test_dead_maps_are_measured_on_the_test_digits_and_a_press_scales_the_inputs(open_page):
    experiment = preset("model3")
    model = build_model(experiment.network, seed=1)
    kernel, bias = model.layers[0].get_weights()
    bias[:7] = -1e6
    model.layers[0].set_weights([kernel, bias])
    keep("dead-maps", experiment, model, history={"loss": [2.0, 1.99], "accuracy": [0.5, 0.5]})
    app = open_page(CNN, preset="model3", run="dead-maps")
    assert "dead_maps" in advice(app)
    assert "7 of the 20 relu maps of convolution 1 are 0 everywhere, in all test digits." in said(app)
    app.button(key="coach_dead_maps").click().run()
    assert app.toggle(key="scale").value is True
    assert app.button(key="coach_dead_maps").disabled


@pytest.mark.parametrize(("page", "name"), [(MLP, "model2"), (CNN, "model3")])
def test_what_is_still_improving_is_given_more_epochs_on_both_pages(open_page, page, name):
    history = {"loss": [2.0, 1.0, 0.5], "accuracy": [0.4, 0.6, 0.5]}
    keep(f"going-on-{name}", trained(name, epochs=3, scale=True), history=history)
    app = open_page(page, preset=name, epochs="3", run=f"going-on-{name}")
    assert "still_improving" in advice(app)
    app.button(key="coach_still_improving").click().run()
    assert app.number_input(key="epochs").value == 6


def test_without_a_run_the_coach_is_silent(open_page):
    app = open_page(MLP)
    assert advice(app) == []
    assert not any("coach" in subheader.value for subheader in app.subheader)
