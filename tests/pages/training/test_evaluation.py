"""Below a network: its confusions, mistakes, units switched off, and the lecture's figures; for stored runs and own."""

import numpy as np
import pytest

from nncore.analysis import classification, map_ablation
from nncore.cluster.engine import EngineError
from nncore.networks.build import build_model, pack_weights, preset
from nncore.storage.run_store import default_store
from pages.training import ablation_accuracy

MLP, CNN = "pages/digits/mlp/page.py", "pages/convolution/cnn/page.py"


def value(app, label):
    return next(metric.value for metric in app.metric if metric.label == label)


def said(app):
    return "\n".join(part.value for part in [*app.caption, *app.warning, *app.markdown])


def test_the_stored_run_is_tested_until_a_network_is_trained(open_page):
    app = open_page(MLP, preset="model2")
    assert not app.exception
    accuracy = classification.summarize("model2").accuracy
    assert f"The stored reference run of model2 has read 10,000 test digits, {100 * accuracy:.2f} %" in said(app)
    assert value(app, "Test accuracy now") == f"{100 * accuracy:.2f} %"


def test_the_most_frequent_confusion_is_open_and_a_link_opens_another(open_page):
    matrix = classification.summarize("model2").matrix.copy()
    np.fill_diagonal(matrix, 0)
    row, column = divmod(int(matrix.argmax()), 10)
    assert open_page(MLP, preset="model2").selectbox(key="cell").value == f"{row}-{column}"
    app = open_page(MLP, preset="model2", cell="3-3")
    assert app.selectbox(key="cell").value == "3-3"
    assert "The first 84 of" in said(app)


def test_a_cell_in_the_link_that_is_none_is_answered_in_a_sentence(open_page):
    app = open_page(MLP, preset="model2", cell="3-x")
    assert not app.exception
    assert "received “3-x”" in said(app)


def test_units_in_the_link_are_switched_off_and_the_accuracy_is_measured_again(open_page):
    app = open_page(MLP, preset="model2", unit_off="2,5")
    assert value(app, "Test accuracy now") == f"{100 * classification.accuracy_with('model2', 0, [2, 5], 0.0):.2f} %"
    app.slider(key="unit_scale").set_value(0.5).run()
    assert value(app, "Test accuracy now") == f"{100 * classification.accuracy_with('model2', 0, [2, 5], 0.5):.2f} %"


def test_the_dense_units_of_a_convolutional_network_can_be_switched_off(open_page):
    app = open_page(CNN, preset="model4", unit_off="7")
    assert value(app, "Test accuracy now") == f"{100 * classification.accuracy_with('model4', 0, [7], 0.0):.2f} %"


@pytest.mark.parametrize(("layer", "maps"), [("conv1", "3,7"), ("conv2", "0")])
def test_the_maps_of_a_convolution_can_be_switched_off(open_page, layer, maps):
    app = open_page(CNN, preset="model4", unit_layer=layer, unit_off=maps)
    assert not app.exception
    off, total = [int(number) for number in maps.split(",")], classification.summarize("model4").tested
    right = upto = 0
    while upto < total:
        count = map_ablation.count_right("model4", int(layer[-1]) - 1, off, 0.0, upto)
        right, upto = right + count.right, count.upto
    assert value(app, "Test accuracy now") == f"{100 * right / total:.2f} %"
    assert "of the first 2,000 test digits with one map changed" in said(app)
    assert "more take this network longer than a second" not in said(app)


def test_a_network_too_large_for_a_second_says_on_how_many_digits_it_was_measured(open_page, monkeypatch):
    pages_ask = ablation_accuracy.default_engine().ask
    few = {"keep_further": map_ablation.Progress(300, 300), "count_right": map_ablation.Count(270, 300)}
    monkeypatch.setattr(
        type(ablation_accuracy.default_engine()),
        "ask",
        lambda self, f, *a, **o: few.get(f.__name__) or pages_ask(f, *a, **o),
    )
    app = open_page(CNN, preset="model3", unit_layer="conv1", unit_off="3")
    assert value(app, "Test accuracy now") == "90.00 %"
    assert "Of the first 300 test digits: more take this network longer than a second." in said(app)


def test_the_lectures_figures_stand_beside_those_of_the_stored_run(open_page):
    app = open_page(MLP, preset="model1")
    table = next(table.value for table in app.table if "Test accuracy" in table.value.columns)
    assert next(iter(table["Test accuracy"])) == "88.52 %"
    assert list(table["Parameters"]) == ["23,860", "23,860"]


def kept(run_id, experiment, weights):
    default_store().create(run_id, experiment)
    fields = {"history": {"loss": [1.0], "accuracy": [0.5]}, "status": "finished", "test_accuracy": 0.1}
    default_store().update(run_id, weights=weights, **fields)


def test_a_run_of_another_network_with_fewer_units_lets_go_of_units_it_has_not(open_page):
    app = open_page(MLP, preset="model2", unit_off="29")
    small = preset("model1").model_dump()
    small["network"]["layers"][0]["units"] = 4
    experiment = preset("model1").model_validate(small)
    kept("small", experiment, pack_weights(build_model(experiment.network, seed=1)))
    app.query_params["run"] = "small"
    app.run()
    assert not app.exception
    assert app.multiselect(key="unit_off").value == []
    assert "The network that was trained above has read" in said(app)


def test_a_network_whose_training_diverged_is_said_to_have_no_outputs(open_page):
    experiment = preset("model2")
    model = build_model(experiment.network)
    model.set_weights([np.full_like(weight, np.nan) for weight in model.get_weights()])
    kept("diverged", experiment, pack_weights(model))
    app = open_page(MLP, run="diverged")
    assert not app.exception
    assert "Its outputs are not numbers" in said(app)


def test_a_run_without_weights_is_a_sentence(open_page, monkeypatch):
    monkeypatch.setattr("pages.training.evaluation.RESULT_SECONDS", 0.1)
    default_store().create("weightless", preset("model1"))
    default_store().update("weightless", status="paused", history={"loss": [1.0], "accuracy": [0.5]})
    app = open_page(MLP, run="weightless")
    assert not app.exception
    assert "has no trained network yet" in said(app)


def test_workers_that_are_gone_are_a_sentence_and_the_page_works_on(engine, open_page, monkeypatch):
    def fail(*arguments, **options):
        raise EngineError("The worker stopped while it computed and is being restarted: try again.")

    monkeypatch.setattr(type(engine), "ask", fail)
    app = open_page(MLP)
    assert not app.exception
    assert "being restarted" in said(app)
    assert not app.button(key="train").disabled


@pytest.mark.parametrize("layers", [0, 2])
def test_any_number_of_hidden_layers_can_be_looked_at(open_page, layers):
    experiment = preset("model1").model_dump()
    first = experiment["network"]["layers"][0]
    experiment["network"]["layers"] = (*[first] * layers, experiment["network"]["layers"][-1])
    experiment = preset("model1").model_validate(experiment)
    kept(f"layers-{layers}", experiment, pack_weights(build_model(experiment.network, seed=1)))
    app = open_page(MLP, run=f"layers-{layers}", **({"unit_layer": "2", "unit_off": "1"} if layers else {}))
    assert not app.exception
    if layers:
        expected = classification.accuracy_with(f"layers-{layers}", 1, [1], 0.0)
        assert value(app, "Test accuracy now") == f"{100 * expected:.2f} %"
    else:
        assert "there is nothing to switch off" in said(app)
