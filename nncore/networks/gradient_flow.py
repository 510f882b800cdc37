"""How depth changes gradients: how strongly the cost depends on each layer of an untrained network on real digits.

The measure is dC/db in every layer, which is the error delta that backpropagation gives its neurons, averaged over the
digits. Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks, 2010,
https://proceedings.mlr.press/v9/glorot10a.html, compare layers in the same way; He et al., Delving deep into
rectifiers, 2015, https://arxiv.org/abs/1502.01852, give the rectifier its own initial weights.
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
"""Units of each hidden layer."""
DIGITS = 128
"""How many training digits the cost is averaged over: one of the lecture's batches."""
DEEPEST = 19
"""The most hidden layers; with the output layer that is the most a network may have."""
TEN = 10.0
"""A ratio beyond ten, or below a tenth, is no longer called even."""

Outcome = Literal["vanishes", "holds", "explodes"]


@dataclass(frozen=True)
class DepthProfile:
    """The size of the gradient in every layer, and whether it vanishes on its way to the first one."""

    sizes: NDArray[np.float64]
    """Root mean square of dC/db over a layer's units, from the first hidden layer to the output, (hidden + 1,)."""

    @property
    def ratio(self) -> float:
        """The size in the first hidden layer divided by that in the last; 0 or infinite if one of them is 0."""
        first, last = float(self.sizes[0]), float(self.sizes[-2])
        return first / last if last else float("inf") if first else 0.0

    @property
    def per_layer(self) -> float:
        """The factor from one hidden layer back to the one before it, as the geometric mean over all of them."""
        steps = len(self.sizes) - 2
        return self.ratio ** (1 / steps) if steps and np.isfinite(self.ratio) else self.ratio

    @property
    def outcome(self) -> Outcome:
        """Whether the first hidden layer's gradient vanishes, holds or explodes, by the ratio."""
        return "vanishes" if self.ratio < 1 / TEN else "explodes" if self.ratio > TEN else "holds"


def deep_network(depth: int, activation: ActivationName, initializer: InitializerName) -> NetworkSpec:
    """Specify 784 inputs, `depth` hidden layers of 100 units, and ten outputs with softmax.

    Raises ValueError for a depth outside 1 to 19.
    """
    if not 1 <= depth <= DEEPEST:
        raise ValueError(f"depth: expected 1 to {DEEPEST} hidden layers, received {depth}")
    hidden = Dense(units=UNITS, activation=activation, initializer=initializer)
    return NetworkSpec(layers=(*[hidden] * depth, Dense(units=10, activation="softmax", initializer=initializer)))


@lru_cache(maxsize=64)
def measure_depth(
    depth: int, activation: ActivationName, initializer: InitializerName, scale: float = 1.0, seed: int = 1
) -> DepthProfile:
    """Compute the gradients with Keras, for cross-entropy over the first 128 training digits (pixel values 0 to 1).

    The initial weights are Keras' draws of this initializer after this seed, times `scale`. Results are cached, since
    a class asks for the same few. Raises ValueError for a depth outside 1 to 19.
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
