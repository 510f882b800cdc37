"""Keras' own gradients: a step of plain gradient descent, by `train_on_batch`, must move every weight by them."""

import keras
import numpy as np
import pytest

from nncore.networks.gradients import weight_gradients

LOSSES = [keras.losses.MeanSquaredError, keras.losses.CategoricalCrossentropy]


@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.__name__)
def test_a_step_of_size_one_moves_every_weight_by_its_gradient(loss):
    keras.utils.set_random_seed(3)
    layers = [
        keras.layers.Conv2D(3, 3, activation="relu", dtype="float64"),
        keras.layers.Flatten(dtype="float64"),
        keras.layers.Dense(4, activation="softmax", dtype="float64"),
    ]
    model = keras.Sequential([keras.Input((6, 6, 1), dtype="float64"), *layers])
    draw = np.random.default_rng(1)
    x, y = draw.normal(size=(5, 6, 6, 1)), np.eye(4)[[0, 3, 1, 1, 2]]
    found = weight_gradients(model, loss(dtype="float64"), x, y)
    before = model.get_weights()
    model.compile(optimizer=keras.optimizers.SGD(1.0), loss=loss(dtype="float64"))
    model.train_on_batch(x, y)
    assert len(found) == len(before) == 4
    for old, new, gradient in zip(before, model.get_weights(), found, strict=True):
        np.testing.assert_allclose(old - new, gradient, rtol=1e-9, atol=1e-14)
