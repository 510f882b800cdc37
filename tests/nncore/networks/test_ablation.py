"""Loops over Keras' layers, called one by one, are the oracle."""

import numpy as np
import pytest

from nncore.networks.ablation import GREY, cover, each_off, switch_off
from nncore.networks.build import build_model
from nncore.networks.forward import forward_from, layer_output, predict_batch
from nncore.specs.experiment import NetworkSpec
from nncore.specs.layers import Conv2D, Dense, Flatten, MaxPooling2D

PICTURE = np.random.default_rng(3).integers(0, 256, (28, 28)).astype(np.float32)
LAYERS = (
    Conv2D(filters=4, kernel_size=5, activation="relu"),
    MaxPooling2D(),
    Flatten(),
    Dense(units=6, activation="tanh"),
    Dense(units=10, activation="softmax"),
)


@pytest.fixture(scope="module")
def model():
    built = build_model(NetworkSpec(input_shape=(28, 28, 1), layers=LAYERS), seed=5)
    built.set_weights([weights / 20 for weights in built.get_weights()])  # or tanh saturates
    return built


def outputs_by_hand(model, picture, layer, off):
    """Keras' layers one by one; the maps are zeroed one by one."""
    values = picture.reshape(1, 28, 28, 1)
    for number, found in enumerate(model.layers):
        values = np.array(found(values))
        if number == layer:
            for one in off:
                values[..., one] = 0
    return values[0]


@pytest.mark.parametrize(("layer", "off"), [(0, [1]), (0, [0, 3]), (1, [2]), (2, [5, 100]), (3, [0, 1, 2]), (4, [7])])
def test_switched_off_maps_are_zero_for_all_later_layers(model, layer, off):
    expected = outputs_by_hand(model, PICTURE, layer, off)
    np.testing.assert_allclose(switch_off(model, PICTURE, layer, off), expected, rtol=1e-5, atol=1e-6)


def test_nothing_switched_off_is_the_network_as_it_is(model):
    np.testing.assert_allclose(switch_off(model, PICTURE, 0, []), outputs_by_hand(model, PICTURE, 0, []), rtol=1e-5)


@pytest.mark.parametrize("layer", [0, 1, 3])
def test_each_map_alone_off_is_as_one_after_another(model, layer):
    alone = each_off(model, PICTURE, layer)
    assert alone.shape == (model.layers[layer].output.shape[-1], 10)
    for number, found in enumerate(alone):
        expected = outputs_by_hand(model, PICTURE, layer, [number])
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(("layer", "off"), [(0, [4]), (0, [-1]), (5, [0]), (-1, [0])])
def test_a_map_or_layer_outside_is_refused_with_what_was_expected(model, layer, off):
    with pytest.raises(IndexError, match=r"expected .* from 0 to \d+, received -?\d"):
        switch_off(model, PICTURE, layer, off)


@pytest.mark.parametrize("size", [1, 3, 7, 15])
def test_the_square_is_laid_around_every_pixel_and_cut_off_at_the_border(size):
    covered, half = cover(PICTURE, size), size // 2
    assert covered.shape == (784, 28, 28)
    for row, column in [(0, 0), (0, 27), (13, 14), (27, 27), (26, 1)]:
        expected = PICTURE.astype(np.uint8).copy()
        expected[max(row - half, 0) : row + half + 1, max(column - half, 0) : column + half + 1] = GREY
        np.testing.assert_array_equal(covered[row * 28 + column], expected)


@pytest.mark.parametrize("size", [0, -3, 4])
def test_a_square_without_a_middle_is_refused(size):
    with pytest.raises(ValueError, match=rf"expected an odd side of the square, 1 or more, received {size}"):
        cover(PICTURE, size)


def test_many_covered_pictures_at_once_are_read_as_one_after_another(model):
    covered = cover(PICTURE, 5)
    together = predict_batch(model, covered)
    for place in (0, 27, 406, 783):
        alone = outputs_by_hand(model, covered[place].astype(np.float32), 0, [])
        np.testing.assert_allclose(together[place], alone, rtol=1e-4, atol=1e-6)


def test_a_pass_may_end_and_begin_at_any_layer(model):
    pictures = np.stack([PICTURE, PICTURE.T])
    for layer in range(5):
        values = layer_output(model, pictures, layer)
        assert values.shape == (2, *model.layers[layer].output.shape[1:])
        np.testing.assert_allclose(forward_from(model, values, layer), predict_batch(model, pictures), rtol=1e-5)
