"""Keras' own layer outputs and SciPy's correlation are the oracles."""

import numpy as np
import pytest
from scipy.signal import correlate

from nncore.networks.build import build_model
from nncore.networks.inspection import activations, explain_map, explain_pixel, explain_unit, predict
from nncore.specs.experiment import NetworkSpec
from nncore.specs.layers import AveragePooling2D, Conv2D, Dense, Dropout, Flatten, MaxPooling2D

PICTURE = np.random.default_rng(3).integers(0, 256, (28, 28)).astype(np.float32)
HEAD = (Flatten(), Dense(units=10, activation="softmax"))
NETWORKS = {
    "lecture": (Conv2D(filters=4, kernel_size=5, activation="relu"), MaxPooling2D(), Conv2D(filters=3, kernel_size=3)),
    "strides": (Conv2D(filters=3, kernel_size=4, strides=3, activation="tanh"), AveragePooling2D(pool_size=2)),
    "same": (Conv2D(filters=3, kernel_size=4, padding="same", activation="softplus"), MaxPooling2D(pool_size=3)),
    "same strided": (
        Conv2D(filters=2, kernel_size=5, strides=2, padding="same", activation="selu"),
        Conv2D(filters=3, kernel_size=3, strides=3, padding="same", activation="leaky_relu"),
    ),
    "overlapping pools": (
        Dropout(rate=0.5),
        MaxPooling2D(pool_size=3, strides=2),
        Conv2D(filters=2, kernel_size=1, activation="sigmoid"),
        AveragePooling2D(pool_size=4, strides=1),
    ),
}


def network(*layers, input_shape=(28, 28, 1)):
    model = build_model(NetworkSpec(input_shape=input_shape, layers=layers))
    generator = np.random.default_rng(7)
    model.set_weights([generator.normal(0, 0.1, w.shape).astype(np.float32) for w in model.get_weights()])
    return model


def keras_outputs(model, picture):
    """An independent way: a functional model with every layer's output."""
    import keras

    every = keras.Model(model.inputs[0], [layer.output for layer in model.layers])
    return [np.asarray(output)[0] for output in every(picture.reshape(1, *model.input_shape[1:]), training=False)]


@pytest.mark.parametrize("name", NETWORKS)
def test_every_activation_equals_the_layer_output_in_keras(name):
    model = network(*NETWORKS[name], *HEAD)
    seen = activations(model, PICTURE)
    assert [layer.kind for layer in seen] == [type(layer).__name__ for layer in model.layers]
    for layer, expected in zip(seen, keras_outputs(model, PICTURE), strict=True):
        np.testing.assert_allclose(layer.values, expected, rtol=1e-5, atol=1e-6)


def test_the_last_activation_is_the_prediction():
    model = network(*NETWORKS["lecture"], *HEAD)
    np.testing.assert_allclose(activations(model, PICTURE)[-1].values, predict(model, PICTURE), rtol=1e-5)


def test_a_dense_network_takes_the_picture_as_a_row():
    model = network(Dense(units=7, activation="tanh"), Dense(units=10), input_shape=(784,))
    assert [layer.values.shape for layer in activations(model, PICTURE)] == [(7,), (10,)]


@pytest.mark.parametrize("name", NETWORKS)
def test_any_pixel_taken_apart_gives_the_value_that_keras_stored(name):
    model = network(*NETWORKS[name], *HEAD)
    generator = np.random.default_rng(11)
    for number, output in enumerate(keras_outputs(model, PICTURE)):
        if output.ndim == 3 and type(model.layers[number]).__name__ != "Dropout":
            corners = [(0, 0, 0), tuple(side - 1 for side in output.shape)]
            for place in [*corners, *(tuple(generator.integers(output.shape)) for _ in range(8))]:
                pixel = explain_pixel(model, PICTURE, number, *place)
                assert pixel.value == pytest.approx(output[place], rel=1e-5, abs=1e-5)
                assert pixel.stored == pytest.approx(output[place], rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("name", NETWORKS)
def test_a_whole_map_taken_apart_gives_all_values_that_keras_stored(name):
    model = network(*NETWORKS[name], *HEAD)
    for number, output in enumerate(keras_outputs(model, PICTURE)):
        if output.ndim == 3 and type(model.layers[number]).__name__ != "Dropout":
            found = explain_map(model, PICTURE, number, output.shape[2] - 1)
            np.testing.assert_allclose(found.values, output[..., -1], rtol=1e-4, atol=1e-4)
            np.testing.assert_allclose(found.stored, output[..., -1], rtol=1e-5, atol=1e-5)
            for row, column in [(0, 0), tuple(side // 2 for side in found.stored.shape)]:
                assert found.pixel(row, column).sums == pytest.approx(found.sums[row, column], rel=1e-5)


@pytest.mark.parametrize("kind", ["MaxPooling2D", "AveragePooling2D"])
def test_a_pool_sees_nothing_of_the_border_that_padding_puts_around(kind):
    import keras

    layers = keras.layers
    pool = getattr(layers, kind)(pool_size=3, strides=2, padding="same")
    convolution = layers.Conv2D(2, 2, activation="tanh", padding="same")
    model = keras.Sequential([layers.Input((28, 28, 1)), convolution, pool])
    found = explain_map(model, PICTURE / 255, 1, 0)
    np.testing.assert_allclose(found.values, keras_outputs(model, PICTURE / 255)[1][..., 0], rtol=1e-5, atol=1e-6)
    assert np.isnan(found.pixel(13, 13).patch[-1]).all()


def test_a_convolution_is_the_correlation_summed_over_channels_plus_bias():
    model = network(*NETWORKS["lecture"], *HEAD)
    pooled = keras_outputs(model, PICTURE)[1]
    kernel, bias = model.layers[2].get_weights()
    expected = correlate(pooled, kernel[..., 1], mode="valid")[..., 0] + bias[1]
    for row, column in [(0, 0), (4, 7), (9, 9)]:
        pixel = explain_pixel(model, PICTURE, 2, row, column, 1)
        assert pixel.patch.shape == pixel.kernel.shape == pixel.products.shape == (3, 3, 4)
        np.testing.assert_allclose(pixel.patch, pooled[row : row + 3, column : column + 3])
        np.testing.assert_allclose(pixel.sums, pixel.products.sum(axis=(0, 1)), rtol=1e-4, atol=1e-3)
        assert pixel.pre_activation == pytest.approx(expected[row, column], rel=1e-5)


def test_padding_is_seen_as_zeros():
    pixel = explain_pixel(network(*NETWORKS["same"], *HEAD), PICTURE, 0, 0, 27, 0)
    assert pixel.window == (-1, 26, 4, 4)
    assert not pixel.patch[0].any()
    assert not pixel.patch[:, 2:].any()
    np.testing.assert_array_equal(pixel.patch[1:, :2, 0], PICTURE[:3, 26:])


def test_the_receptive_field_grows_through_pooling_and_a_second_convolution():
    model = network(*NETWORKS["lecture"], *HEAD)
    assert explain_pixel(model, PICTURE, 0, 3, 4, 0).receptive_field == (3, 4, 5, 5)
    assert explain_pixel(model, PICTURE, 1, 3, 4, 0).receptive_field == (6, 8, 6, 6)
    assert explain_pixel(model, PICTURE, 2, 3, 4, 0).receptive_field == (6, 8, 10, 10)


@pytest.mark.parametrize("name", NETWORKS)
def test_only_the_receptive_field_can_change_a_pixel(name):
    model = network(*NETWORKS[name], *HEAD)
    outputs = keras_outputs(model, PICTURE)
    number = max(n for n, output in enumerate(outputs) if output.ndim == 3)
    place = tuple(side // 2 for side in outputs[number].shape)
    row, column, rows, columns = explain_pixel(model, PICTURE, number, *place).receptive_field
    inside = np.zeros_like(PICTURE, bool)
    inside[max(row, 0) : row + rows, max(column, 0) : column + columns] = True
    other = np.random.default_rng(5).integers(0, 256, (28, 28)).astype(np.float32)
    blind = keras_outputs(model, np.where(inside, PICTURE, other))[number][place]
    seeing = keras_outputs(model, np.where(inside, other, PICTURE))[number][place]
    assert blind == pytest.approx(outputs[number][place], rel=1e-6)
    assert seeing != pytest.approx(outputs[number][place], rel=1e-5)


@pytest.mark.parametrize("layer", [0, 1])
def test_a_dense_unit_taken_apart_gives_the_value_that_keras_stored(layer):
    model = network(Dense(units=7, activation="tanh"), Dense(units=10, activation="softmax"), input_shape=(784,))
    stored = keras_outputs(model, PICTURE / 255)[layer]
    for unit in (0, 6):
        found = explain_unit(model, PICTURE / 255, layer, unit)
        assert found.value == pytest.approx(stored[unit], rel=1e-4)
        assert found.inputs @ found.weights + found.bias == pytest.approx(found.pre_activation, rel=1e-4)


def test_places_outside_are_named_in_sentences():
    model = network(*NETWORKS["lecture"], *HEAD)
    with pytest.raises(IndexError, match="expected a row of layer 0 from 0 to 23, received 24"):
        explain_pixel(model, PICTURE, 0, 24, 0, 0)
    with pytest.raises(IndexError, match="expected a channel of layer 1 from 0 to 3, received -1"):
        explain_pixel(model, PICTURE, 1, 0, 0, -1)
    with pytest.raises(IndexError, match="expected a layer from 0 to 4, received 9"):
        explain_pixel(model, PICTURE, 9, 0, 0, 0)
    with pytest.raises(ValueError, match="received Flatten as layer 3"):
        explain_pixel(model, PICTURE, 3, 0, 0, 0)
    with pytest.raises(IndexError, match="expected a unit of layer 4 from 0 to 9, received 10"):
        explain_unit(model, PICTURE, 4, 10)


def test_a_picture_of_another_size_is_refused():
    with pytest.raises(ValueError, match=r"received shape \(27, 28\)"):
        activations(network(*NETWORKS["lecture"], *HEAD), PICTURE[1:])
