"""A plain Keras script with the lecture's own `fit` call is the oracle for what `train` does."""

import math
from dataclasses import replace

import numpy as np
import pytest

from nncore.networks.build import build_model
from nncore.specs.experiment import Experiment, NetworkSpec, TrainingSpec
from nncore.specs.layers import Dense
from nncore.specs.presets import preset
from nncore.training.events import BatchEnd, EpochEnd, TrainBegin, TrainEnd
from nncore.training.train import steps_per_event, train


def shortened(name, **training):
    experiment = preset(name)
    return experiment.model_copy(update={"training": experiment.training.model_copy(update=training)})


@pytest.fixture(scope="module")
def few(mnist):
    """The first 3,000 training and 500 test pictures: enough to compare, quickly evaluated."""
    return replace(
        mnist,
        x_train=mnist.x_train[:3_000], y_train=mnist.y_train[:3_000],
        x_test=mnist.x_test[:500], y_test=mnist.y_test[:500],
    )  # fmt: skip


@pytest.fixture(scope="module")
def followed(few):
    """Model 3 for two epochs with validation: its result and its events."""
    events = []
    experiment = shortened("model3", epochs=2, train_size=3_000, validation_split=0.1)
    return train(experiment, few, on_event=events.append), events


def lecture_model1(keras):
    model = keras.Sequential()
    model.add(keras.Input((784,)))
    model.add(keras.layers.Dense(30, activation="sigmoid"))
    model.add(keras.layers.Dense(10, activation="sigmoid"))
    return model, "mean_squared_error"


def lecture_model3(keras):
    model = keras.Sequential()
    model.add(keras.Input((28, 28, 1)))
    model.add(keras.layers.Conv2D(20, kernel_size=(5, 5), activation="relu"))
    model.add(keras.layers.MaxPooling2D(pool_size=(2, 2), strides=(2, 2)))
    model.add(keras.layers.Flatten())
    model.add(keras.layers.Dense(100, activation="tanh"))
    model.add(keras.layers.Dense(10, activation="softmax"))
    return model, "categorical_crossentropy"


@pytest.mark.parametrize(
    ("name", "build", "split"),
    [("model1", lecture_model1, 0.0), ("model3", lecture_model3, 0.0), ("model1", lecture_model1, 0.29)],
)
def test_history_and_test_equal_those_of_the_lecture_s_own_fit(name, build, split, few):
    import keras

    keras.utils.set_random_seed(5)
    model, loss = build(keras)
    model.compile(loss=loss, optimizer="sgd", metrics=["accuracy"])
    shape = (-1, *model.input_shape[1:])
    y_train, y_test = (keras.utils.to_categorical(labels, 10) for labels in (few.y_train, few.y_test))
    options = {"batch_size": 128, "verbose": 0} | ({"validation_split": split} if split else {})
    fit = model.fit(few.x_train.reshape(shape), y_train, epochs=2, **options)
    score = model.evaluate(few.x_test.reshape(shape), y_test, verbose=0)

    result = train(shortened(name, epochs=2, train_size=3_000, seed=5, validation_split=split), few)
    assert result.history.keys() == fit.history.keys()
    for key, values in fit.history.items():
        assert result.history[key] == pytest.approx(values, rel=1e-6), key
    assert [result.test_loss, result.test_accuracy] == pytest.approx(score, rel=1e-6)
    read = np.argmax(model.predict(few.x_test.reshape(shape), verbose=0), axis=1)
    assert (result.wrong, result.tested) == ((read != few.y_test).sum(), 500)


def test_the_same_seed_gives_the_same_history_and_another_seed_another(few):
    first, again, other = (
        train(shortened("model2", epochs=2, train_size=1_000, seed=seed), few).history for seed in (3, 3, 4)
    )
    assert first == again
    assert first != other


def test_events_come_in_order(followed):
    _, events = followed
    assert events[0] == TrainBegin(epochs=2, batches=math.ceil(2_700 / 128), device=events[0].device)
    assert isinstance(events[-1], TrainEnd)
    batches, ends = [e for e in events if isinstance(e, BatchEnd)], [e for e in events if isinstance(e, EpochEnd)]
    assert [end.epoch for end in ends] == [1, 2]
    progress = [(batch.epoch, batch.batch) for batch in batches]
    assert progress == sorted(set(progress))
    for epoch, end in enumerate(ends, 1):
        last = [batch for batch in batches if batch.epoch == epoch][-1]
        assert (last.batch, last.batches, last.loss) == (22, 22, end.loss)
        assert events.index(last) + 1 == events.index(end)


def test_an_epoch_says_its_figures(followed):
    result, events = followed
    ends = [event for event in events if isinstance(event, EpochEnd)]
    for name in ("loss", "accuracy", "val_loss", "val_accuracy"):
        assert [getattr(end, name) for end in ends] == result.history[name]
    assert all(0 < end.seconds < result.seconds for end in ends)
    assert ends[1].weights.shape == (5, 5, 1, 20)
    np.testing.assert_array_equal(ends[1].weights, result.model.layers[0].get_weights()[0].astype(np.float16))


def test_updates_are_the_relative_change_of_each_layer_s_weights(few):
    ends = []
    experiment = shortened("model1", epochs=1, train_size=1_000)
    result = train(experiment, few, on_event=lambda e: ends.append(e) if isinstance(e, EpochEnd) else None)
    start = build_model(experiment.network, seed=experiment.training.seed)
    assert ends[0].updates.keys() == {"dense_1", "dense_2"}
    for before, after in zip(start.layers, result.model.layers, strict=True):
        old, new = before.get_weights()[0], after.get_weights()[0]
        expected = np.sqrt(((new - old) ** 2).sum() / (old**2).sum())
        assert ends[0].updates[after.name] == pytest.approx(expected, rel=1e-5)
        assert expected > 0


def test_a_slow_network_is_looked_at_after_fewer_steps_than_a_quick_one():
    steps = [steps_per_event(preset(name).network, 128) for name in ("model1", "model3", "model4")]
    assert steps == sorted(steps, reverse=True)
    assert steps_per_event(preset("model4").network, 8192) == 1


def test_a_machine_that_was_slow_is_looked_at_after_fewer_steps_and_comes_to_the_same(few):
    experiment = shortened("model3", epochs=2, train_size=1_000)
    asked = {1.0: [], 5.0: []}
    histories = [
        train(experiment, few, should_stop=lambda pace=pace: bool(asked[pace].append(1)), pace=pace).history
        for pace in asked
    ]
    assert len(asked[5.0]) > len(asked[1.0])
    assert histories[0] == histories[1]


@pytest.mark.parametrize("validation_split", [0.0, 0.5])
def test_a_stop_is_heard_at_the_next_look_and_leaves_the_whole_epochs(few, validation_split):
    experiment = shortened("model3", epochs=500, train_size=3_000, validation_split=validation_split)
    heard, looks = [], []

    def should_stop():
        looks.append(any(isinstance(event, BatchEnd) and event.epoch == 2 for event in heard))
        return looks[-1]

    result = train(experiment, few, on_event=heard.append, should_stop=should_stop)
    assert looks.count(True) == 1
    assert result.stopped
    assert (result.test_accuracy, result.test_loss, result.wrong) == (None, None, None)
    assert len(result.history["loss"]) == sum(isinstance(event, EpochEnd) for event in heard) == 1
    assert len({len(values) for values in result.history.values()}) == 1
    assert result.weights


def test_a_stop_during_the_test_leaves_an_untested_result(few):
    over = []
    result = train(
        shortened("model1", epochs=1, train_size=500),
        few,
        on_event=lambda event: over.append(event) if isinstance(event, TrainEnd) else None,
        should_stop=lambda: bool(over),
    )
    assert result.stopped
    assert result.test_accuracy is None
    assert len(result.history["loss"]) == 1


def test_a_learning_rate_that_explodes_stops_and_says_so(few):
    training = TrainingSpec(loss="mean_squared_error", learning_rate=2e-5, epochs=50, train_size=1_000)
    experiment = Experiment(network=NetworkSpec(layers=(Dense(units=10),)), training=training)
    events = []
    result = train(experiment, few, on_event=events.append)
    losses = result.history["loss"]
    assert result.diverged
    assert events[-1].diverged
    assert not result.stopped
    assert 2 <= len(losses) < 10
    assert math.isfinite(losses[0])
    assert not math.isfinite(losses[-1])
