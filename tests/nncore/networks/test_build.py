import io
import pickle
import random

import numpy as np
import pytest

from nncore.networks.build import build_model, compile_model, one_hot, pack_weights, prepare_inputs, unpack_model
from nncore.specs.experiment import NetworkSpec, TrainingSpec
from nncore.specs.layers import Dense
from nncore.specs.presets import PRESETS, preset

SLIDES = {
    "model1": [("dense_1", (30,), "sigmoid"), ("dense_2", (10,), "sigmoid")],
    "model2": [("dense_1", (30,), "tanh"), ("dense_2", (10,), "softmax")],
    "model3": [
        ("conv2d_1", (24, 24, 20), "relu"),
        ("max_pooling2d_1", (12, 12, 20), None),
        ("flatten_1", (2880,), None),
        ("dense_1", (100,), "tanh"),
        ("dense_2", (10,), "softmax"),
    ],
    "model4": [
        ("conv2d_1", (24, 24, 20), "relu"),
        ("max_pooling2d_1", (12, 12, 20), None),
        ("conv2d_2", (10, 10, 40), "relu"),
        ("max_pooling2d_2", (5, 5, 40), None),
        ("flatten_1", (1000,), None),
        ("dense_1", (100,), "tanh"),
        ("dense_2", (10,), "softmax"),
    ],
}
TRAINING = {
    "model1": ("mean_squared_error", "sgd", 0.01, 200),
    "model2": ("categorical_crossentropy", "adam", 0.001, 100),
    "model3": ("categorical_crossentropy", "sgd", 0.01, 30),
    "model4": ("categorical_crossentropy", "sgd", 0.01, 100),
}
PICTURES = np.random.default_rng(1).integers(0, 256, (6, 28, 28)).astype(np.uint8)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_builds_the_layers_that_the_lecture_prints(name):
    def row(layer):
        return layer.name, layer.output.shape[1:], layer.activation.__name__ if hasattr(layer, "activation") else None

    assert [row(layer) for layer in build_model(preset(name).network).layers] == SLIDES[name]


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_compiles_with_the_lecture_s_loss_and_optimizer(name):
    training = preset(name).training
    model = build_model(preset(name).network)
    compile_model(model, training)
    optimizer = model.optimizer
    rate = pytest.approx(float(optimizer.learning_rate))
    kind = type(optimizer).__name__.lower()
    assert (model.loss, kind, rate, training.epochs) == TRAINING[name]
    assert training.batch_size == 128


def test_another_model_of_the_same_process_has_the_same_layer_names():
    network = preset("model3").network
    first, second = build_model(network), build_model(network)
    assert [layer.name for layer in first.layers] == [layer.name for layer in second.layers]


def test_a_seed_gives_the_weights_of_a_plain_script_whatever_others_draw():
    import keras

    keras.utils.set_random_seed(5)
    plain = keras.Sequential([keras.Input((784,)), keras.layers.Dense(30), keras.layers.Dense(10)])
    random.seed(99)
    np.random.seed(99)
    ours = build_model(preset("model1").network, seed=5)
    for expected, found in zip(plain.get_weights(), ours.get_weights(), strict=True):
        np.testing.assert_array_equal(found, expected)


def test_a_learning_rate_of_one_s_own_reaches_the_optimizer():
    model = build_model(preset("model1").network)
    compile_model(model, TrainingSpec(optimizer="rmsprop", learning_rate=0.25))
    assert float(model.optimizer.learning_rate) == 0.25


def test_initializer_and_l2_reach_the_layer():
    network = NetworkSpec(layers=(Dense(units=10, initializer="zeros", l2=0.5),))
    model = build_model(network)
    assert not model.layers[0].get_weights()[0].any()
    model.layers[0].kernel.assign(np.full((784, 10), 0.1))
    assert sum(float(loss) for loss in model.losses) == pytest.approx(0.5 * 7840 * 0.1**2, rel=1e-5)


def test_an_unknown_preset_is_refused_in_words():
    with pytest.raises(ValueError, match=r"expected one of model1, .*, received 'model5'"):
        preset("model5")


def test_weights_travel_without_pickles():
    network = preset("model4").network
    model = build_model(network)
    packed = pack_weights(model)
    with np.load(io.BytesIO(packed), allow_pickle=False) as arrays:
        assert len(arrays.files) == 8
    again = unpack_model(network, packed)
    batch = PICTURES.reshape(-1, 28, 28, 1).astype(np.float32)
    np.testing.assert_array_equal(np.asarray(again(batch)), np.asarray(model(batch)))


def test_weights_of_another_network_are_refused():
    packed = pack_weights(build_model(preset("model1").network))
    with pytest.raises(ValueError, match=r"expected weights of shapes .*\(5, 5, 1, 20\).*, received .*\(784, 30\)"):
        unpack_model(preset("model3").network, packed)


def test_a_pickle_in_place_of_weights_is_not_opened():
    buffer = io.BytesIO()
    np.savez(buffer, np.array([print], dtype=object))
    for harmful in (buffer.getvalue(), pickle.dumps(print)):
        with pytest.raises(ValueError, match="allow_pickle"):
            unpack_model(preset("model1").network, harmful)


def test_inputs_are_raw_bytes_unless_scaled():
    flat = prepare_inputs(PICTURES, preset("model1").network, scale=False)
    np.testing.assert_array_equal(flat, PICTURES.reshape(6, 784))
    scaled = prepare_inputs(PICTURES, preset("model3").network, scale=True)
    assert scaled.shape == (6, 28, 28, 1)
    assert scaled.dtype == np.float32
    np.testing.assert_allclose(scaled[..., 0], PICTURES / 255, rtol=1e-6)


def test_one_hot_equals_keras():
    import keras

    labels = np.array([3, 0, 9], np.uint8)
    np.testing.assert_array_equal(one_hot(labels), keras.utils.to_categorical(labels, 10))
