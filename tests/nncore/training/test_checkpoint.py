"""A training that stops and goes on: what a backup brings back, and what a plain Keras script makes of the same."""

import itertools
import os

import keras
import numpy as np
import pytest

from nncore.networks.build import build_model, compile_model, one_hot, prepare_inputs
from nncore.specs.presets import preset
from nncore.training import train
from nncore.training.checkpoint import Backup
from nncore.training.events import EpochEnd, TrainBegin

pytestmark = pytest.mark.slow

PARTS = ["latest.weights.h5", "seed_generators.npz", "training_metadata.json"]


def shortened(name, **settings):
    experiment = preset(name)
    spec = experiment.training.model_copy(update={"train_size": 2_000, **settings})
    return experiment.model_copy(update={"training": spec})


def train_in_parts(experiment, dataset, stops, **more):
    """Stop after each of these epochs, and go on from the backup; the last result."""
    backups = [None]
    for until in (*stops, experiment.training.epochs):
        result = train.train(
            experiment, dataset, until=until, backup=backups[-1], keep=backups.append, **(more if backups[-1] else {})
        )
    return result, backups[1:]


def script_in_parts(experiment, dataset, stops, rate=None):
    """The same as a script would: `fit` again with `initial_epoch`, after another seed."""
    spec, fits = experiment.training, [0, *stops, experiment.training.epochs]
    keras.utils.set_random_seed(spec.seed)
    model = build_model(experiment.network, seed=spec.seed)
    compile_model(model, spec)
    x = prepare_inputs(dataset.x_train, experiment.network, scale=spec.scale)
    history = {}
    for begin, end in itertools.pairwise(fits):
        if begin:
            keras.utils.set_random_seed(spec.seed + begin)
            if rate:
                model.optimizer.learning_rate = rate
        fit = model.fit(
            x,
            one_hot(dataset.y_train),
            initial_epoch=begin,
            epochs=end,
            batch_size=spec.batch_size,
            validation_split=spec.validation_split,
            verbose=0,
        )
        for name, values in fit.history.items():
            history.setdefault(name, []).extend(values)
    return history


@pytest.mark.parametrize(
    ("name", "settings"),
    [("model1", {}), ("model2", {"validation_split": 0.2}), ("model3", {"optimizer": "adam", "learning_rate": 0.001})],
)
def test_a_training_in_parts_is_that_of_a_script_with_the_same_parts(few, name, settings):
    experiment = shortened(name, epochs=4, **settings)
    result, _ = train_in_parts(experiment, few, (1, 3))
    assert result.history == script_in_parts(experiment, few, (1, 3))
    assert len(result.history["loss"]) == 4
    assert result.test_accuracy is not None


def test_another_learning_rate_holds_from_where_the_training_goes_on(few):
    experiment = shortened("model2", epochs=4)
    result, _ = train_in_parts(experiment, few, (2,), learning_rate=0.01)
    assert result.history == script_in_parts(experiment, few, (2,), rate=0.01)
    assert result.history["loss"][:2] == train.train(experiment, few, until=2).history["loss"]


def test_dropout_goes_on_with_the_random_numbers_that_it_had_reached(few):
    from nncore.specs.experiment import Experiment, NetworkSpec, TrainingSpec
    from nncore.specs.layers import Dense, Dropout

    layers = (Dense(units=20, activation="relu"), Dropout(rate=0.5), Dense(units=10, activation="softmax"))
    spec = TrainingSpec(optimizer="adam", learning_rate=0.001, epochs=3, train_size=2_000)
    experiment = Experiment(network=NetworkSpec(layers=layers), training=spec)
    result, _ = train_in_parts(experiment, few, (1,))
    assert result.history == script_in_parts(experiment, few, (1,))


def test_a_backup_is_the_folder_of_keras_backup_and_restore(few, tmp_path):
    import io
    import zipfile

    experiment = shortened("model1", epochs=2)
    result, backups = train_in_parts(experiment, few, (1,))
    assert [backup.epoch for backup in backups] == [1, 2]
    with zipfile.ZipFile(io.BytesIO(backups[-1].files)) as files:
        assert sorted(files.namelist()) == PARTS
        files.extractall(tmp_path)
    model = build_model(experiment.network)
    compile_model(model, experiment.training)
    x, y = prepare_inputs(few.x_train, experiment.network, scale=False), one_hot(few.y_train)
    plain = model.fit(x, y, epochs=2, verbose=0, callbacks=[keras.callbacks.BackupAndRestore(tmp_path)])
    assert plain.epoch == []  # both epochs are done already
    for restored, trained in zip(model.get_weights(), result.model.get_weights(), strict=True):
        np.testing.assert_array_equal(restored, trained)


def test_a_training_stopped_within_an_epoch_ends_with_its_last_whole_one(few):
    experiment = shortened("model3", epochs=50)
    looks, backups = [], []

    def should_stop():
        looks.append(1)
        return len(looks) > 9

    result = train.train(experiment, few, should_stop=should_stop, keep=backups.append)
    assert result.stopped
    assert result.test_accuracy is None
    epochs = len(result.history["loss"])
    assert 0 < epochs < 10
    assert (backups[-1].epoch, backups[-1].history) == (epochs, result.history)
    whole = train.train(experiment, few, until=epochs)
    for stopped, expected in zip(result.model.get_weights(), whole.model.get_weights(), strict=True):
        np.testing.assert_array_equal(stopped, expected)


def test_an_epoch_is_announced_only_once_its_backup_is_kept(few):
    kept, announced_unkept = [0], []

    def look(event):
        if isinstance(event, EpochEnd) and event.epoch > kept[-1]:
            announced_unkept.append(event.epoch)

    experiment = shortened("model1", epochs=30)
    train.train(experiment, few, on_event=look, keep=lambda backup: kept.append(backup.epoch))
    assert announced_unkept == []
    assert kept[-1] == 30
    assert len(kept) < 30  # short epochs share a backup


def test_the_beginning_says_where_it_goes_on(few):
    experiment = shortened("model1", epochs=3)
    _, backups = train_in_parts(experiment, few, (2,))
    after_two, events = next(backup for backup in backups if backup.epoch == 2), []
    train.train(experiment, few, backup=after_two, on_event=events.append)
    assert isinstance(events[0], TrainBegin)
    assert (events[0].epoch, events[0].history) == (2, after_two.history)
    assert [event.epoch for event in events if isinstance(event, EpochEnd)] == [3]


def test_a_training_with_nothing_left_is_only_tested(few):
    experiment = shortened("model1", epochs=2)
    whole, backups = train_in_parts(experiment, few, ())
    again = train.train(experiment, few, backup=backups[-1])
    assert (again.history, again.test_loss, again.wrong) == (whole.history, whole.test_loss, whole.wrong)


def test_an_epoch_that_diverged_is_not_kept_so_that_it_can_go_on_from_the_sound_one_before(few):
    from nncore.specs.experiment import Experiment, NetworkSpec, TrainingSpec
    from nncore.specs.layers import Dense

    network = NetworkSpec(layers=(Dense(units=10, activation="linear"),))
    steep = {"loss": "mean_squared_error", "learning_rate": 1e-6, "train_size": 2_000, "batch_size": 500, "epochs": 60}
    experiment, kept = Experiment(network=network, training=TrainingSpec(**steep)), []
    diverged = train.train(experiment, few, backup=None, keep=kept.append, until=3)
    assert kept[-1].epoch == 3
    diverged = train.train(experiment, few, backup=kept[-1], keep=kept.append, learning_rate=1.0)
    assert diverged.diverged
    assert not np.isfinite(diverged.history["loss"][-1])
    assert np.isfinite(kept[-1].history["loss"]).all()
    assert kept[-1].epoch < len(diverged.history["loss"])
    mended = train.train(experiment, few, backup=kept[0], learning_rate=1e-7)
    assert np.isfinite(mended.history["loss"]).all()


def test_no_scratch_is_left_behind(few, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    train_in_parts(shortened("model1", epochs=2), few, (1,))
    assert os.listdir(tmp_path) == []


def test_a_backup_that_is_damaged_is_an_error_and_not_a_wrong_network(few):
    with pytest.raises(ValueError, match="expected a backup as a zip file"):
        train.train(shortened("model1", epochs=2), few, backup=Backup(1, {"loss": [1.0]}, b"no zip file"))
