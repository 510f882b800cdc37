"""Maps of a convolution switched off or scaled: Keras with its kernels changed is the oracle, on the same digits."""

import numpy as np
import pytest

from nncore.analysis import classification, map_ablation
from nncore.networks.build import build_model
from nncore.reference import load_reference
from nncore.registry import networks as named
from nncore.specs.experiment import NetworkSpec
from nncore.specs.layers import Conv2D, Dense, Flatten, MaxPooling2D
from nncore.specs.presets import PRESETS

FEW = 700


def right(name, convolution, maps, factor, stop):
    """All parts of an answer together."""
    found = upto = 0
    while upto < stop:
        count = map_ablation.count_correct(name, convolution, maps, factor, upto, stop)
        assert count.upto > upto
        found, upto = found + count.correct, count.upto
    return found


@pytest.mark.parametrize(("name", "convolution"), [("model3", 0), ("model4", 0), ("model4", 1)])
@pytest.mark.parametrize(("maps", "factor"), [([3, 14], 0.0), ([0, 1, 2, 5], 0.3), ([], 0.0), ([7], 1.0)])
def test_the_answer_is_that_of_a_network_whose_kernels_are_scaled(mnist, name, convolution, maps, factor):
    changed = load_reference(name)
    layer = [layer for layer in changed.layers if type(layer).__name__ == "Conv2D"][convolution]
    kernel, bias = layer.get_weights()
    kernel[..., maps] *= factor  # relu(factor * z) is factor * relu(z)
    bias[maps] *= factor
    layer.set_weights([kernel, bias])
    read = changed.predict(mnist.x_test[:FEW].reshape(FEW, 28, 28, 1), verbose=0).argmax(axis=1)
    assert right(name, convolution, maps, factor, FEW) == (read == mnist.y_test[:FEW]).sum()


def test_with_all_maps_on_it_is_the_accuracy_of_the_test(mnist):
    total = len(mnist.y_test)
    assert right("model3", 0, [], 0.0, total) / total == classification.summarize("model3").accuracy


def test_the_lectures_networks_are_measured_on_all_test_digits(mnist):
    for name, convolution in (("model3", 0), ("model4", 0), ("model4", 1)):
        assert map_ablation.cache_pooled_maps(name, convolution).total == len(mnist.y_test)


def test_a_network_too_large_for_a_second_is_measured_on_fewer():
    layers = (Conv2D(filters=64, kernel_size=3, activation="relu"), Conv2D(filters=32, kernel_size=5), Flatten())
    model = build_model(NetworkSpec(input_shape=(28, 28, 1), layers=(*layers, Dense(units=10))))
    wide = map_ablation.digits_for(model, 0, 10_000)
    assert wide * 26 * 26 * 64 * 4 <= map_ablation.MEMORY
    assert wide * (22 * 22 * 5 * 5 * 64 * 32 + 22 * 22 * 32 * 10) <= map_ablation.WORK or wide == map_ablation.FEWEST
    assert map_ablation.FEWEST <= wide < 10_000
    assert map_ablation.digits_for(model, 0, 100) == 100


def test_a_convolution_without_pooling_is_scaled_itself(mnist, monkeypatch):
    layers = (Conv2D(filters=3, kernel_size=9, activation="relu"), Flatten(), Dense(units=10, activation="softmax"))
    model = build_model(NetworkSpec(input_shape=(28, 28, 1), layers=layers), seed=2)
    monkeypatch.setattr(map_ablation, "load_network", lambda name: named.Network(model, True, "mnist"))
    monkeypatch.setattr(map_ablation, "MEMORY", FEW * 20 * 20 * 3 * 4)
    assert map_ablation.cache_pooled_maps("small", 0).total == FEW
    values = np.array(model.layers[0](mnist.x_test[:FEW, ..., None] / np.float32(255)))
    values[..., 1] *= 0.5
    read = np.array(model.layers[2](values.reshape(FEW, -1))).argmax(axis=1)
    assert right("small", 0, [1], 0.5, FEW) == (read == mnist.y_test[:FEW]).sum()


def test_what_is_not_there_is_refused_in_words():
    with pytest.raises(IndexError, match="expected a convolution from 0 to 0, received 1"):
        map_ablation.count_correct("model3", 1, [0], 0.0)
    with pytest.raises(IndexError, match=r"expected units from 0 to 19, received \[20\]"):
        map_ablation.count_correct("model3", 0, [20], 0.0)
    with pytest.raises(named.UnknownNetworkError, match="nobody"):
        map_ablation.cache_pooled_maps("nobody", 0)


def test_dead_maps_of_a_convolution_are_counted_over_all_test_digits(mnist, monkeypatch):
    layers = (Conv2D(filters=4, kernel_size=5, activation="relu"), MaxPooling2D(), Flatten())
    spec = PRESETS["model3"].model_copy(update={"network": NetworkSpec(
        input_shape=(28, 28, 1), layers=(*layers, Dense(units=6, activation="tanh"), Dense(units=10)))})  # fmt: skip
    model = build_model(spec.network, seed=2)
    kernel, bias = model.layers[0].get_weights()
    bias[[0, 2]] = -1e6
    model.layers[0].set_weights([kernel, bias])
    network = named.Network(model, False, "mnist", spec)
    monkeypatch.setattr(classification, "load_network", lambda name: network)
    summary = classification.summarize("half dead")
    assert summary.maps == (4,)
    (health,) = [layer for layer in summary.health if layer.kind == "Conv2D"]
    values = np.array(model.layers[0](mnist.x_test[:500, ..., None].astype(np.float32)))
    np.testing.assert_array_equal(values.max(axis=(0, 1, 2)) > 0, [False, True, False, True])
    assert (health.number, health.units, health.dead) == (1, 4, 2)
