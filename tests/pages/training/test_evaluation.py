"""Below a network: its confusions, mistakes, units switched off, and the lecture's figures; for stored runs and own."""

import numpy as np
import pytest

from nncore.analysis import classification, map_ablation
from nncore.networks.build import build_model
from nncore.specs.presets import preset
from nncore.storage.run_store import default_store
from pages.training import ablation_accuracy
from tests.pages.training.kept import keep
from tests.support.shown import metrics, moved, said

MLP, CNN = "pages/digits/mlp/page.py", "pages/convolution/cnn/page.py"


def now(app):
    return metrics(app)["Test accuracy now"]


def percent(share):
    return f"{100 * share:.2f} %"


def test_the_stored_run_is_tested_and_its_units_in_the_link_are_switched_off_and_measured_again(open_page):
    app = open_page(MLP, preset="model2", unit_off="2,5")
    summary = classification.summarize("model2")
    accuracy = percent(summary.accuracy)
    assert f"The stored reference run of model2 has read 10,000 test digits, {accuracy}" in said(app)
    assert now(app) == percent(classification.accuracy_with("model2", 0, [2, 5], 0.0))
    app.slider(key="unit_scale").set_value(0.5).run()
    assert now(app) == percent(classification.accuracy_with("model2", 0, [2, 5], 0.5))
    app.multiselect(key="unit_off").set_value([]).run()
    assert now(app) == accuracy
    matrix = summary.matrix.copy()
    np.fill_diagonal(matrix, 0)
    row, column = divmod(int(matrix.argmax()), 10)
    assert app.selectbox(key="cell").value == f"{row}-{column}", "the most frequent confusion is open"


def test_a_link_opens_another_cell_and_one_that_is_none_is_answered_in_a_sentence(open_page):
    app = open_page(MLP, preset="model2", cell="3-3")
    assert app.selectbox(key="cell").value == "3-3"
    assert "The first 84 of" in said(app)
    assert r"received “3\-x”" in said(open_page(MLP, preset="model2", cell="3-x"))


def test_units_and_maps_of_a_convolutional_network_can_be_switched_off(open_page):
    app = open_page(CNN, preset="model4", unit_layer="conv1", unit_off="3,7")
    total = classification.summarize("model4").tested
    for layer, off in (("conv1", [3, 7]), ("conv2", [0])):
        if app.selectbox(key="unit_layer").value != layer:
            moved(app, unit_layer=layer, unit_off=[str(number) for number in off])
        right = upto = 0
        while upto < total:
            count = map_ablation.count_correct("model4", int(layer[-1]) - 1, off, 0.0, upto)
            right, upto = right + count.correct, count.upto
        assert now(app) == percent(right / total), layer
        assert "of the first 2,000 test digits with one map changed" in said(app)
        assert "more take this network longer than a second" not in said(app)
    moved(app, unit_layer="1", unit_off=["7"])
    assert now(app) == percent(classification.accuracy_with("model4", 0, [7], 0.0))


def test_a_network_too_large_for_a_second_says_on_how_many_digits_it_was_measured(open_page, monkeypatch):
    pages_ask = ablation_accuracy.default_engine().ask
    few = {"cache_pooled_maps": map_ablation.AblationProgress(300, 300), "count_correct": map_ablation.Count(270, 300)}
    monkeypatch.setattr(
        type(ablation_accuracy.default_engine()),
        "ask",
        lambda self, f, *a, **o: few.get(f.__name__) or pages_ask(f, *a, **o),
    )
    app = open_page(CNN, preset="model3", unit_layer="conv1", unit_off="3")
    assert now(app) == "90.00 %"
    assert "Of the first 300 test digits: more take this network longer than a second." in said(app)


def test_the_lectures_figures_stand_beside_those_of_the_stored_run(open_page):
    app = open_page(MLP, preset="model1")
    table = next(table.value for table in app.table if "Test accuracy" in table.value.columns)
    assert next(iter(table["Test accuracy"])) == "88.52 %"
    assert list(table["Parameters"]) == ["23,860", "23,860"]


def test_a_run_of_another_network_with_fewer_units_lets_go_of_units_it_has_not(open_page):
    app = open_page(MLP, preset="model2", unit_off="29")
    small = preset("model1").model_dump()
    small["network"]["layers"][0]["units"] = 4
    experiment = preset("model1").model_validate(small)
    keep("small", experiment)
    app.query_params["run"] = "small"
    app.run()
    assert not app.exception
    assert app.multiselect(key="unit_off").value == []
    assert "The network that was trained above has read" in said(app)


def test_a_network_whose_training_diverged_is_said_to_have_no_outputs(open_page):
    experiment = preset("model2")
    model = build_model(experiment.network)
    model.set_weights([np.full_like(weight, np.nan) for weight in model.get_weights()])
    keep("diverged", experiment, model)
    app = open_page(MLP, run="diverged")
    assert "Its outputs are not numbers" in said(app)


def test_a_run_without_weights_is_a_sentence(open_page, monkeypatch):
    monkeypatch.setattr("pages.training.evaluation.RESULT_SECONDS", 0.1)
    default_store().create("weightless", preset("model1"))
    default_store().update("weightless", status="paused", history={"loss": [1.0], "accuracy": [0.5]})
    app = open_page(MLP, run="weightless")
    assert "has no trained network yet" in said(app)


def test_workers_that_are_gone_are_a_sentence_and_the_page_works_on(without_workers, open_page):
    app = open_page(MLP)
    assert "being restarted" in said(app)
    assert not app.button(key="train").disabled


@pytest.mark.parametrize("layers", [0, 2])
def test_any_number_of_hidden_layers_can_be_looked_at(open_page, layers):
    experiment = preset("model1").model_dump()
    first = experiment["network"]["layers"][0]
    experiment["network"]["layers"] = (*[first] * layers, experiment["network"]["layers"][-1])
    experiment = preset("model1").model_validate(experiment)
    keep(f"layers-{layers}", experiment)
    app = open_page(MLP, run=f"layers-{layers}", **({"unit_layer": "2", "unit_off": "1"} if layers else {}))
    if layers:
        expected = classification.accuracy_with(f"layers-{layers}", 1, [1], 0.0)
        assert now(app) == percent(expected)
    else:
        assert "there is nothing to switch off" in said(app)
