"""The challenges of the page "Inside the network": what meets them, and what comes close to those of the analyses."""

import numpy as np
import pytest

from nncore.networks.inspection import LayerActivation
from pages.convolution.feature_maps.challenges import flips_answer, hides_digit, solved_by
from pages.convolution.feature_maps.selection import Selection


def selection(probability=0.91, layer=0):
    """Return a selection in a network of two layers that reads a 3 with this probability."""
    outputs = np.zeros(10, np.float32)
    outputs[3] = probability
    layers = [
        LayerActivation("conv", "Conv2D", "relu", np.zeros((24, 24, 20))),
        LayerActivation("dense", "Dense", "softmax", outputs),
    ]
    return Selection("model3", np.zeros((28, 28), np.uint8), 3, 0, layers, layer, 0)


@pytest.mark.parametrize(
    ("close", "off", "digit"),
    [
        (selection(probability=0.89), [1], 8),
        (selection(layer=1), [1], 8),
        (selection(), [1, 2, 3, 4, 5, 6], 8),
        (selection(), [1], 3),
    ],
)
def test_few_maps_below_the_outputs_flip_a_confident_answer(close, off, digit):
    assert flips_answer(selection(), [1, 2, 3, 4, 5], np.eye(10)[8])
    assert not flips_answer(close, off, np.eye(10)[digit])


@pytest.mark.parametrize(
    ("close", "size", "digit"), [(selection(0.89), 5, 8), (selection(), 7, 8), (selection(), 5, 3)]
)
def test_a_small_square_hides_a_confident_answer(close, size, digit):
    predictions = np.full((28, 28), 3)
    predictions[4, 5] = 8
    assert hides_digit(selection(), 5, predictions)
    predictions[4, 5] = digit
    assert not hides_digit(close, size, predictions)


def test_a_confident_test_digit_solves_nothing_by_itself():
    assert not any(solved_by(selection(), None).values())
