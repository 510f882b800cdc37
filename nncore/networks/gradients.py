"""The gradients that Keras computes of any cost with respect to a model's weights.

Keras 3 has no public function for them, so this file calls its backend, TensorFlow or JAX.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nncore import _keras as keras
from nncore.theory.backpropagation import Backward, CostName, DenseNetwork

Loss = Callable[[Any, Any], Any]
"""A function `loss(y, outputs)` that returns a single number, as Keras' losses do."""


def weight_gradients(model: Any, loss: Loss, x: NDArray[Any], y: NDArray[Any]) -> list[NDArray[Any]]:
    """Compute dC/dw for each of `model.trainable_weights`, in their shapes, for C = loss(y, model(x)).

    The model is called as outside training. `x` and `y` are arrays of examples with the model's dtype.
    """
    return _by_jax(model, loss, x, y) if keras.backend.backend() == "jax" else _by_tensorflow(model, loss, x, y)


def _by_tensorflow(model: Any, loss: Loss, x: NDArray[Any], y: NDArray[Any]) -> list[NDArray[Any]]:
    tf = importlib.import_module("tensorflow")
    with tf.GradientTape() as tape:
        cost = loss(y, model(x, training=False))
    return [np.asarray(part) for part in tape.gradient(cost, [weight.value for weight in model.trainable_weights])]


def _by_jax(model: Any, loss: Loss, x: NDArray[Any], y: NDArray[Any]) -> list[NDArray[Any]]:
    jax = importlib.import_module("jax")
    others = [weight.value for weight in model.non_trainable_variables]

    def cost(values: list[Any]) -> Any:
        outputs, _ = model.stateless_call(values, others, x, training=False)
        return loss(y, outputs)

    return [np.asarray(part) for part in jax.grad(cost)([weight.value for weight in model.trainable_variables])]


def double_precision() -> AbstractContextManager[Any]:
    """A context in which float64 stays float64; otherwise JAX would round it to float32."""
    if keras.backend.backend() != "jax":
        return nullcontext()
    context: AbstractContextManager[Any] = importlib.import_module("jax").enable_x64(True)
    return context


def dense_gradients(network: DenseNetwork, x: ArrayLike, y: ArrayLike, cost: CostName = "quadratic") -> Backward:
    """Compute what `backpropagation.backward` does, but with a Keras model in double precision, and without deltas.

    `x` and `y` are one example or several, as in `backpropagation.forward`.
    """
    examples, targets = (np.atleast_2d(np.asarray(part, np.float64)) for part in (x, y))
    with double_precision():
        model = _dense_model(tuple(kernel.shape for kernel in network.kernels), network.activations)
        model.set_weights([part for pair in zip(network.kernels, network.biases, strict=True) for part in pair])
        found = weight_gradients(model, _LOSSES[cost, network.activations[-1] == "softmax"], examples, targets)
    return Backward((), tuple(found[::2]), tuple(found[1::2]))


@lru_cache(maxsize=16)
def _dense_model(shapes: tuple[tuple[int, ...], ...], activations: tuple[str, ...]) -> Any:
    layers = [
        keras.layers.Dense(units, activation=name, dtype="float64")
        for (_, units), name in zip(shapes, activations, strict=True)
    ]
    return keras.models.Sequential([keras.layers.Input((shapes[0][0],), dtype="float64"), *layers])


def _quadratic(y: Any, a: Any) -> Any:
    """The mean over the examples of half the sum of squared errors; Keras' own loss is a mean without the half."""
    return keras.ops.sum(keras.ops.square(a - y)) / (2 * len(y))


def _binary_cross_entropy(y: Any, a: Any) -> Any:
    return keras.ops.sum(keras.ops.binary_crossentropy(y, a)) / len(y)


def _categorical_cross_entropy(y: Any, a: Any) -> Any:
    return keras.ops.sum(keras.ops.categorical_crossentropy(y, a)) / len(y)


_LOSSES: dict[tuple[CostName, bool], Loss] = {
    ("quadratic", False): _quadratic,
    ("quadratic", True): _quadratic,
    ("cross_entropy", False): _binary_cross_entropy,
    ("cross_entropy", True): _categorical_cross_entropy,
}
"""The losses by the cost's name and by whether the outputs are those of a softmax."""
