"""One setting changed, everything else as it was."""

import pytest
from pydantic import ValidationError

from nncore.specs.experiment import DEFAULT_LEARNING_RATE
from nncore.specs.presets import PRESETS
from nncore.specs.settings import HYPERPARAMETERS, available, vary

OTHERS = {
    "units": 17, "activation": "selu", "filters": 7, "kernel_size": 3, "dropout": 0.3, "optimizer": "nadam",
    "learning_rate": 0.5, "batch_size": 64, "loss": "mean_squared_error", "initializer": "he_normal", "scale": True,
    "epochs": 3, "train_size": 500, "seed": 9,
}  # fmt: skip


@pytest.mark.parametrize("name", HYPERPARAMETERS)
def test_a_setting_reads_back_what_was_put_and_changes_no_other(name):
    base = PRESETS["model3"]
    changed = vary(base, {name: OTHERS[name]})
    assert HYPERPARAMETERS[name].get(changed) == OTHERS[name]
    for other in set(HYPERPARAMETERS) - {name}:
        assert HYPERPARAMETERS[other].get(changed) == HYPERPARAMETERS[other].get(base)


def test_dropout_comes_after_every_hidden_layer_and_goes_again():
    base = vary(PRESETS["model4"], {"units": 50})
    with_dropout = vary(base, {"dropout": 0.4})
    assert [layer.kind for layer in with_dropout.network.layers][-3:] == ["Dense", "Dropout", "Dense"]
    assert vary(with_dropout, {"dropout": 0.0}) == base


def test_a_dense_network_has_no_feature_maps_to_change():
    assert "filters" not in available(PRESETS["model1"])
    with pytest.raises(ValueError, match="filters: this network has no such setting"):
        vary(PRESETS["model1"], {"filters": 3})


def test_an_unknown_setting_and_a_value_out_of_range_are_refused():
    with pytest.raises(ValueError, match="received 'size'"):
        vary(PRESETS["model1"], {"size": 3})
    with pytest.raises(ValidationError):
        vary(PRESETS["model1"], {"units": 0})


def test_the_learning_rate_stays_when_only_the_optimizer_changes():
    assert vary(PRESETS["model1"], {"optimizer": "adam"}).training.learning_rate == DEFAULT_LEARNING_RATE["sgd"]
