"""Keras' own models are the oracle for shapes and parameter counts, the lecture's slides for its four networks."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from nncore.networks.build import build_model
from nncore.specs.experiment import Experiment, NetworkSpec, TrainingSpec, explain
from nncore.specs.layers import AveragePooling2D, Conv2D, Dense, Dropout, Flatten, MaxPooling2D
from nncore.specs.presets import PRESETS

PICTURE = (28, 28, 1)
LAST = Dense(units=10, activation="softmax")


@st.composite
def networks(draw):
    """Networks that fit, dense or convolutional, with small layers."""
    hidden = draw(st.lists(st.builds(Dense, units=st.integers(1, 40)), max_size=3))
    if draw(st.booleans()):
        return NetworkSpec(layers=(*hidden, Dropout(rate=0.2), LAST))
    layers, side = [], 28
    for _ in range(draw(st.integers(1, 3))):
        size = draw(st.integers(1, min(side, 6)))
        layer = draw(
            st.one_of(
                st.builds(
                    Conv2D,
                    filters=st.integers(1, 6),
                    kernel_size=st.just(size),
                    strides=st.integers(1, 3),
                    padding=st.sampled_from(["valid", "same"]),
                ),
                st.builds(MaxPooling2D, pool_size=st.just(size), strides=st.none() | st.integers(1, 3)),
                st.builds(AveragePooling2D, pool_size=st.just(size), strides=st.none() | st.integers(1, 3)),
            )
        )
        layers.append(layer)
        side = layer.output_shape((side, side, 1))[0]
    return NetworkSpec(input_shape=PICTURE, layers=(*layers, Flatten(), *hidden, LAST))


@given(networks())
@settings(max_examples=40, deadline=None)
def test_shapes_and_parameter_counts_equal_keras(network):
    model = build_model(network)
    assert [layer.output.shape[1:] for layer in model.layers] == network.shapes()
    assert [layer.count_params() for layer in model.layers] == [part.count for part in network.parameters()]
    assert model.count_params() == network.parameter_count


@given(networks())
@settings(max_examples=40, deadline=None)
def test_the_arithmetic_shown_gives_the_count_shown(network):
    for part in network.parameters():
        assert eval(part.arithmetic, {"__builtins__": {}}) == part.count


@given(networks(), st.integers(0, 2**31 - 1), st.floats(1e-6, 100))
def test_an_experiment_survives_json(network, seed, rate):
    experiment = Experiment(
        name="Größe 1", network=network, training=TrainingSpec(seed=seed, learning_rate=rate, optimizer="nadam")
    )
    assert Experiment.model_validate_json(experiment.model_dump_json()) == experiment


@pytest.mark.parametrize(
    ("name", "counts", "total"),
    [
        ("model1", [23_550, 310], 23_860),
        ("model2", [23_550, 310], 23_860),
        ("model3", [520, 0, 0, 288_100, 1_010], 289_630),
        ("model4", [520, 0, 7_240, 0, 0, 100_100, 1_010], 108_870),
    ],
)
def test_the_presets_have_the_parameters_that_the_lecture_prints(name, counts, total):
    network = PRESETS[name].network
    assert [part.count for part in network.parameters()] == counts
    assert network.parameter_count == total


def test_the_first_layer_of_model1_is_counted_as_the_lecture_does():
    assert PRESETS["model1"].network.parameters()[0].arithmetic == "784*30 + 30"


PROBLEMS = {
    "negative units": (
        lambda: Dense(units=-5),
        "units: expected greater than or equal to 1, received -5",
    ),
    "negative units inside a network": (
        lambda: NetworkSpec.model_validate({"layers": [{"kind": "Dense", "units": -5}, LAST]}),
        "layers Dense units: expected greater than or equal to 1, received -5",
    ),
    "units in words": (lambda: Dense(units="many"), "received 'many'"),
    "no units": (lambda: Dense(), "units: expected a value, received none"),
    "unknown activation": (lambda: Dense(units=3, activation="relux"), "'linear' or 'softmax', received 'relux'"),
    "unknown field": (lambda: TrainingSpec(batchsize=3), "batchsize: expected only known fields, received 3"),
    "unknown layer": (
        lambda: NetworkSpec.model_validate({"layers": [{"kind": "LSTM"}, LAST]}),
        "layers: expected one of 'Dense', 'Conv2D', 'MaxPooling2D', 'AveragePooling2D', 'Flatten', 'Dropout', "
        "received 'LSTM'",
    ),
    "kernel larger than its input": (
        lambda: NetworkSpec(
            input_shape=PICTURE,
            layers=(MaxPooling2D(pool_size=14), Conv2D(filters=2, kernel_size=5), Flatten(), LAST),
        ),
        "layer 2 (Conv2D): expected a kernel no larger than its 2x2 input, received 5x5",
    ),
    "missing Flatten": (
        lambda: NetworkSpec(input_shape=PICTURE, layers=(Conv2D(filters=2), LAST)),
        "layer 2 (Dense): expected a flat input such as (784,), received (24, 24, 2): put a Flatten layer before it",
    ),
    "picture layer on a row": (
        lambda: NetworkSpec(layers=(Conv2D(filters=2), LAST)),
        "layer 1 (Conv2D): expected a picture such as (28, 28, 1), received an input of shape (784,)",
    ),
    "nine outputs": (
        lambda: NetworkSpec(layers=(Dense(units=9),)),
        "expected a last layer of 10 dense units, one a digit, received Dense with shape (9,)",
    ),
    "no layers": (lambda: NetworkSpec(layers=()), "layers: expected a length of at least 1, received 0"),
    "too many layers": (lambda: NetworkSpec(layers=(LAST,) * 21), "expected a length of at most 20, received 21"),
    "too many parameters": (
        lambda: NetworkSpec(layers=(Dense(units=2048),) * 3 + (LAST,)),
        "expected at most 5,000,000 parameters, received 10,020,874",
    ),
    "another picture size": (
        lambda: NetworkSpec(input_shape=(32, 32, 1), layers=(LAST,)),
        "input_shape: expected (784,) or (28, 28, 1), received (32, 32, 1)",
    ),
    "learning rate of zero": (
        lambda: TrainingSpec(learning_rate=0),
        "learning_rate: expected greater than 0, received 0",
    ),
    "learning rate that is no number": (lambda: TrainingSpec(learning_rate=float("nan")), "received nan"),
    "no name": (lambda: Experiment(name="", network=NetworkSpec(layers=(LAST,))), "name: expected a length of at"),
}


@pytest.mark.parametrize("problem", PROBLEMS)
def test_a_limit_says_what_was_expected_and_what_was_received(problem):
    build, sentence = PROBLEMS[problem]
    with pytest.raises(ValidationError) as raised:
        build()
    (found,) = explain(raised.value)
    assert sentence in found
    assert "expected" in found
    assert "received" in found


def test_every_problem_gets_its_own_sentence():
    with pytest.raises(ValidationError) as raised:
        TrainingSpec(epochs=0, batch_size=0)
    assert [sentence.split(":")[0] for sentence in explain(raised.value)] == ["batch_size", "epochs"]


def test_a_spec_cannot_be_changed():
    with pytest.raises(ValidationError, match="frozen"):
        LAST.units = 11


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist", "own-aB3_-x"])
def test_the_pictures_have_a_name_that_survives_json(name):
    training = TrainingSpec(data=name)
    assert TrainingSpec.model_validate_json(training.model_dump_json()) == training


@pytest.mark.parametrize("name", ["cifar10", "own-", "own-../../etc", "own-a b", ""])
def test_any_other_name_of_pictures_is_refused_in_a_sentence(name):
    with pytest.raises(ValidationError) as refused:
        TrainingSpec(data=name)
    (sentence,) = explain(refused.value)
    assert sentence == f"data: expected mnist, fashion_mnist or own-… of an upload, received {name!r}"


def test_an_experiment_that_was_stored_before_there_were_other_pictures_is_one_on_mnist():
    stored = Experiment(network=NetworkSpec(layers=(Dense(units=10),))).model_dump(mode="json")
    del stored["training"]["data"]
    assert Experiment.model_validate(stored).training.data == "mnist"
