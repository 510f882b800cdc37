"""What depth does to gradients: how strongly the cost still feels each layer of an untrained network on real digits.

Measured is dC/db in every layer, which is the error delta that backpropagation hands to its neurons, averaged over the
digits. Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks, 2010,
https://proceedings.mlr.press/v9/glorot10a.html, compare layers in the same way; He et al., Delving deep into
rectifiers, 2015, https://arxiv.org/abs/1502.01852, give the rectifier its own first weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from nncore import _keras as keras
from nncore.data import dataset
from nncore.networks.build import build_model, one_hot, prepare_inputs
from nncore.networks.gradients import weight_gradients
from nncore.specs.experiment import NetworkSpec
from nncore.specs.layers import ActivationName, Dense, InitializerName

UNITS = 100
"""In each hidden layer."""
DIGITS = 128
"""Training digits that the cost is averaged over: one of the lecture's batches."""
DEEPEST = 19
"""Hidden layers; with the output layer that is the most a network may have."""
TEN = 10.0
"""A ratio beyond ten, or below a tenth, is no longer called even."""

Outcome = Literal["vanishes", "holds", "explodes"]


@dataclass(frozen=True)
class DepthProfile:
    """The size of the gradient in every layer, and what that means for the first one."""

    sizes: NDArray[np.float64]
    """(hidden layers + 1,): root mean square of dC/db over a layer's units, first hidden layer first, output last."""

    @property
    def ratio(self) -> float:
        """First hidden layer : last hidden layer; 0 or infinite where one of them has no gradient at all."""
        first, last = float(self.sizes[0]), float(self.sizes[-2])
        return first / last if last else float("inf") if first else 0.0

    @property
    def per_layer(self) -> float:
        """What the gradient is multiplied by from one hidden layer back to the one before it, on geometric average."""
        steps = len(self.sizes) - 2
        return self.ratio ** (1 / steps) if steps and np.isfinite(self.ratio) else self.ratio

    @property
    def outcome(self) -> Outcome:
        """In one word."""
        return "vanishes" if self.ratio < 1 / TEN else "explodes" if self.ratio > TEN else "holds"


def deep_network(depth: int, activation: ActivationName, initializer: InitializerName) -> NetworkSpec:
    """784 pixels, so many hidden layers of 100, and ten outputs with softmax; ValueError outside 1 to 19 layers."""
    if not 1 <= depth <= DEEPEST:
        raise ValueError(f"depth: expected 1 to {DEEPEST} hidden layers, received {depth}")
    hidden = Dense(units=UNITS, activation=activation, initializer=initializer)
    return NetworkSpec(layers=(*[hidden] * depth, Dense(units=10, activation="softmax", initializer=initializer)))


@lru_cache(maxsize=64)
def measure_depth(
    depth: int, activation: ActivationName, initializer: InitializerName, scale: float = 1.0, seed: int = 1
) -> DepthProfile:
    """The gradient by Keras, for cross-entropy over the first 128 training digits (grey values 0 to 1).

    The first weights are Keras' draws of this initializer after this seed, times `scale`. Answers are remembered,
    since a class asks for the same few.
    """
    network = deep_network(depth, activation, initializer)
    model = build_model(network, seed=seed)
    for layer in model.layers:
        kernel, bias = layer.get_weights()
        layer.set_weights([kernel * np.float32(scale), bias])
    digits = dataset.mnist()
    x = prepare_inputs(digits.x_train[:DIGITS], network, scale=True)
    y = one_hot(digits.y_train[:DIGITS]).astype(np.float32)
    found = weight_gradients(model, keras.losses.CategoricalCrossentropy(), x, y)
    return DepthProfile(np.array([np.sqrt(np.mean(np.square(part, dtype=np.float64))) for part in found[1::2]]))
