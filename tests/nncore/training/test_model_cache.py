"""A network that was trained before trains again without being traced, and to the same last digit as a new one."""

import inspect

import keras
import numpy as np
import pytest

from nncore.specs.experiment import Experiment, NetworkSpec, TrainingSpec
from nncore.specs.layers import Dense, Dropout
from nncore.specs.presets import preset
from nncore.training import model_cache
from nncore.training.model_cache import Compiled
from nncore.training.train import train

pytestmark = pytest.mark.slow

DROPPING = Experiment(
    network=NetworkSpec(
        layers=(Dense(units=20, activation="relu"), Dropout(rate=0.5), Dense(units=10, activation="softmax"))
    ),
    training=TrainingSpec(optimizer="adam", learning_rate=0.001, epochs=2, train_size=2_000),
)


@pytest.fixture
def traced(monkeypatch):
    """One entry for every time that TensorFlow traces a training step."""
    calls, step = [], keras.Model.train_step
    monkeypatch.setattr(keras.Model, "train_step", lambda model, data: calls.append(1) or step(model, data))
    return calls


def short(experiment, **settings):
    settings = {"train_size": 2_000, "epochs": 2} | settings
    return experiment.model_copy(update={"training": experiment.training.model_copy(update=settings)})


def assert_same(one, other):
    assert (one.history, one.test_loss, one.wrong) == (other.history, other.test_loss, other.wrong)
    for left, right in zip(one.model.get_weights(), other.model.get_weights(), strict=True):
        np.testing.assert_array_equal(left, right)


@pytest.mark.parametrize(
    "experiment", [*(preset(f"model{number}") for number in (1, 2, 3)), DROPPING], ids=lambda it: it.name or "dropout"
)
def test_the_second_training_of_a_network_is_that_of_a_new_one_and_traces_nothing(few, traced, experiment):
    kept = Compiled()
    first = train(short(experiment), few, compiled=kept)
    second = short(experiment, seed=9, learning_rate=0.03, validation_split=0.25, batch_size=100)
    expected = train(second, few)
    traced.clear()
    result = train(second, few, compiled=kept)
    assert not traced
    assert result.model is first.model
    assert_same(result, expected)


def test_what_was_stopped_or_has_diverged_begins_anew_like_any_other(few, traced):
    kept, experiment = Compiled(), short(preset("model2"), validation_split=0.5, batch_size=10)
    expected = train(experiment, few)
    asked = []
    stopped = train(experiment, few, compiled=kept, should_stop=lambda: len(asked) > 2 or bool(asked.append(1)))
    assert stopped.stopped
    assert_same(train(experiment, few, compiled=kept), expected)
    assert train(short(experiment, learning_rate=1e30), few, compiled=kept).diverged
    traced.clear()
    assert_same(train(experiment, few, compiled=kept), expected)
    assert not traced


def test_a_stop_while_the_held_out_pictures_are_read_leaves_nothing_behind(few):
    kept, experiment, reading = Compiled(), short(preset("model2"), validation_split=0.5), []
    expected = train(experiment, few)

    def should_stop():
        reading.append(any(frame.function == "look_while_testing" for frame in inspect.stack()))
        return reading[-1]

    assert train(experiment, few, compiled=kept, should_stop=should_stop).stopped
    assert reading[-1]
    assert_same(train(experiment, few, compiled=kept), expected)


def test_a_training_in_parts_may_take_the_kept_model_too(few):
    kept, experiment, backups = Compiled(), short(DROPPING, epochs=3), []
    expected = train(experiment, few, until=1, keep=backups.append)
    expected = train(experiment, few, backup=backups[0])
    train(short(DROPPING, seed=4), few, compiled=kept)
    assert_same(train(experiment, few, backup=backups[0], compiled=kept), expected)


def test_a_training_after_one_that_went_on_from_a_backup_begins_at_its_own_first_epoch(few):
    kept, experiment, backups = Compiled(), short(DROPPING, epochs=3), []
    expected = train(experiment, few)
    train(experiment, few, until=1, keep=backups.append, compiled=kept)
    train(experiment, few, backup=backups[-1], keep=backups.append, compiled=kept)
    result = train(experiment, few, keep=backups.append, compiled=kept)
    assert len(result.history["loss"]) == 3
    assert_same(result, expected)


def test_a_model_whose_training_failed_is_not_used_again(few):
    kept, experiment = Compiled(), short(preset("model1"))

    def fail(event):
        raise MemoryError

    first = train(experiment, few, compiled=kept).model
    with pytest.raises(MemoryError):
        train(experiment, few, compiled=kept, on_event=fail)
    assert train(experiment, few, compiled=kept).model is not first


def test_a_loss_or_an_optimizer_of_another_kind_is_another_model(few):
    kept = Compiled()
    models = {
        id(train(short(preset("model1"), epochs=1, **settings), few, compiled=kept).model)
        for settings in ({}, {"loss": "binary_crossentropy"}, {"optimizer": "adam", "learning_rate": 0.001})
    }
    assert len(models) == 3


def test_looks_at_the_stop_flag_come_about_as_often_as_asked(few):
    """A model that was compiled for far more, or fewer, steps at a time is not taken."""
    kept, experiment, looks = Compiled(), short(preset("model1"), batch_size=10, epochs=1), []
    for steps in (200, 10, 12, 200):
        model = kept.prepare(experiment, steps)
        kept.keep(experiment, model)
        looks.append((model.steps_per_execution, model))
    assert [steps for steps, _ in looks] == [200, 10, 10, 200]
    assert looks[1][1] is looks[2][1]


def test_few_networks_are_kept_and_no_large_ones(few, monkeypatch):
    kept = Compiled()

    def build(units):
        experiment = Experiment(network=NetworkSpec(layers=(Dense(units=units), Dense(units=10))))
        model = kept.prepare(experiment, 10)
        kept.keep(experiment, model)
        return model

    first = [build(units) for units in range(1, model_cache.CACHE_SIZE + 1)]
    assert build(1) is first[0]  # used last
    build(model_cache.CACHE_SIZE + 1)
    assert build(1) is first[0]
    assert build(2) is not first[1]
    monkeypatch.setattr(model_cache, "LARGEST", 10_000)
    assert build(100) is not build(100)
