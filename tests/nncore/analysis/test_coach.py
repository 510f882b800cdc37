"""Every rule of the coach on a short, real training that has the fault, and on one that has not."""

import math

import pytest

from nncore.analysis import coach
from nncore.analysis.advice import Measurements
from nncore.networks import evaluation
from nncore.networks.build import prepare_inputs
from nncore.specs.experiment import Experiment, NetworkSpec, TrainingSpec
from nncore.specs.layers import Conv2D, Dense, Dropout, Flatten, MaxPooling2D
from nncore.specs.presets import PRESETS
from nncore.training.train import train


def experiment(activation="relu", output="softmax", units=12, dropout=0.0, maps=0, **training):
    between = (Dropout(rate=dropout),) if dropout else ()
    layers = (Dense(units=units, activation=activation), *between, Dense(units=10, activation=output))
    network = NetworkSpec(layers=layers)
    if maps:
        front = (Conv2D(filters=maps, kernel_size=5, activation="relu"), MaxPooling2D(), Flatten())
        network = NetworkSpec(input_shape=(28, 28, 1), layers=(*front, layers[-1]))
    return Experiment(network=network, training=TrainingSpec(**{"train_size": 1000} | training))


@pytest.fixture(scope="module")
def trained(mnist):
    """`trained(...)`: the experiment, its history and what is measured on some test digits, trained once each."""
    known = {}

    def run(**settings):
        it = experiment(**settings)
        if it not in known:
            small = mnist.__class__(mnist.x_train, mnist.y_train, mnist.x_test[:500], mnist.y_test[:500], "some")
            result = train(it, small)
            pictures = prepare_inputs(small.x_test, it.network, scale=it.training.scale)
            outputs, peaks = evaluation.outputs_and_peaks(result.model, pictures)
            activation = it.network.layers[0].activation
            health = [evaluation.examine_layer(1, activation, hidden) for hidden in outputs[:-1]]
            health += [evaluation.examine_maps(1, activation, largest) for largest in peaks]
            known[it] = (it, result.history, Measurements(health, result.test_accuracy))
        return known[it]

    return run


SOUND = {"scale": True, "optimizer": "adam", "learning_rate": 0.001, "epochs": 3}
RUNAWAY = {"activation": "linear", "output": "linear", "loss": "mean_squared_error", "learning_rate": 1.0, "epochs": 2}
DEAD = {"learning_rate": 1.0, "epochs": 2}
DEAD_MAPS = {"maps": 8, "learning_rate": 0.1, "epochs": 2}
DEAD_MAPS_SCALED = {"maps": 8, "learning_rate": 1.0, "epochs": 2, "scale": True}
SATURATED = {"activation": "tanh", "optimizer": "adam", "learning_rate": 0.001, "epochs": 2}
BY_HEART = {"units": 100, "scale": True, "optimizer": "adam", "learning_rate": 0.005, "epochs": 12}
BY_HEART |= {"train_size": 300, "validation_split": 0.5}
CRAWLING = {"scale": True, "learning_rate": 0.0001, "epochs": 3}

FAULTS = [
    (coach.diverged, RUNAWAY, {"learning_rate": 0.1}),
    (coach.dead_units, DEAD, {"activation": "leaky_relu"}),
    (coach.dead_maps, DEAD_MAPS, {"scale": True}),
    (coach.dead_maps, DEAD_MAPS_SCALED, {"learning_rate": 0.1}),
    (coach.saturated_units, SATURATED, {"scale": True}),
    (coach.overfitting, BY_HEART, {"train_size": 1200}),
    (coach.still_improving, SOUND, {"epochs": 6}),
    (coach.small_learning_rate, CRAWLING, {"learning_rate": 0.001}),
]
SOUND_ENOUGH = [
    (coach.diverged, SOUND),
    (coach.dead_units, SOUND),
    (coach.dead_maps, SOUND),
    (coach.dead_maps, DEAD_MAPS | {"scale": True}),
    (coach.dead_maps, DEAD_MAPS_SCALED | {"learning_rate": 0.1}),
    (coach.saturated_units, {**SATURATED, "scale": True}),
    (coach.overfitting, SOUND),
    (coach.still_improving, CRAWLING),
    (coach.small_learning_rate, SOUND),
]


@pytest.mark.parametrize(("rule", "settings", "values"), FAULTS, ids=lambda part: getattr(part, "__name__", ""))
def test_a_training_with_the_fault_is_told_so_with_the_change_that_helps(trained, rule, settings, values):
    advice = rule(*trained(**settings))
    assert advice is not None
    assert advice.rule == rule.__name__
    assert advice.values == values
    assert any(letter.isdigit() for letter in advice.evidence)
    assert advice in coach.advise(*trained(**settings))


@pytest.mark.parametrize(("rule", "settings"), SOUND_ENOUGH, ids=lambda part: getattr(part, "__name__", ""))
def test_a_training_without_the_fault_is_not(trained, rule, settings):
    assert rule(*trained(**settings)) is None


def test_what_has_run_away_is_told_nothing_else(trained):
    assert [advice.rule for advice in coach.advise(*trained(**RUNAWAY))] == ["diverged"]


def test_a_loss_that_is_no_number_is_said_so():
    advice = coach.diverged(experiment(learning_rate=0.0002), {"loss": [1.0, math.nan]}, Measurements())
    assert "In epoch 2 the loss became nan" in advice.evidence
    assert advice.values == {"learning_rate": 0.0001}


def test_saturated_units_on_scaled_digits_are_given_relu():
    it = experiment("tanh", scale=True)
    health = [evaluation.LayerHealth(1, "relu", 5, 0, 0.0), evaluation.LayerHealth(2, "tanh", 5, 0, 0.7)]
    assert coach.saturated_units(it, {}, Measurements(health)).values == {"activation2": "relu"}


@pytest.mark.parametrize(
    ("settings", "values"),
    [
        ({"train_size": 60_000}, {"dropout": 0.2}),
        ({"train_size": 60_000, "dropout": 0.5, "epochs": 4}, {"epochs": 2}),
        ({"train_size": 20_000}, {"train_size": 60_000}),
    ],
)
def test_against_overfitting_more_pictures_come_first_then_dropout_then_fewer_epochs(settings, values):
    history = {"accuracy": [0.9] * 4, "val_accuracy": [0.8] * 4, "val_loss": [0.5, 0.4, 0.6, 0.7]}
    assert coach.overfitting(experiment(**settings), history, Measurements()).values == values


def test_a_convolutional_network_that_overfits_is_given_fewer_epochs():
    advice = coach.overfitting(PRESETS["model3"], {"accuracy": [1.0]}, Measurements(test_accuracy=0.9))
    assert advice.values == {"epochs": 15}
    assert "90.0 % of the test digits" in advice.evidence


def test_weights_that_move_are_no_sign_of_a_small_learning_rate():
    history = {"loss": [2.3, 2.3], "accuracy": [0.1, 0.1]}
    assert coach.small_learning_rate(experiment(), history, Measurements(updates={"dense_1": 0.001})) is not None
    assert coach.small_learning_rate(experiment(), history, Measurements(updates={"dense_1": 0.5})) is None


def test_before_an_epoch_is_over_there_is_nothing_to_say():
    assert coach.advise(experiment(), {}, Measurements()) == []
