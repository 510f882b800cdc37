"""Backpropagation in plain NumPy: what a dense network computes, what it costs, and the derivative for every weight.

The four equations are those of Michael Nielsen's second chapter, http://neuralnetworksanddeeplearning.com/chap2.html
(BP1 to BP4), after Rumelhart, Hinton and Williams, Learning representations by back-propagating errors, Nature 323,
1986. Keras' own gradients are the oracle in the tests.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nncore.theory.activations import activation

Array = NDArray[np.float64]
Cost = Literal["quadratic", "cross_entropy"]

LIMIT = 1e6
"""A training ends before a weight or bias exceeds this in size: its numbers would soon be no numbers any more."""


@dataclass(frozen=True)
class DenseNetwork:
    """The parameters of a dense network, and its activation functions, first layer first."""

    kernels: tuple[Array, ...]
    """(inputs, units) a layer, as Keras stores them: column j holds the weights of unit j."""
    biases: tuple[Array, ...]
    """(units,) a layer."""
    activations: tuple[str, ...]
    """One name a layer, out of `ACTIVATIONS`; the last may be `softmax`."""

    def __post_init__(self) -> None:
        if not 0 < len(self.kernels) == len(self.biases) == len(self.activations):
            counts = len(self.kernels), len(self.biases), len(self.activations)
            raise ValueError(f"expected a kernel, biases and an activation for each layer, received {counts}")
        inputs = self.kernels[0].shape[0]
        for number, (kernel, bias) in enumerate(zip(self.kernels, self.biases, strict=True)):
            if kernel.shape != (inputs, *bias.shape):
                raise ValueError(f"layer {number}: expected {(inputs, *bias.shape)} weights, received {kernel.shape}")
            inputs = kernel.shape[1]


@dataclass(frozen=True)
class Forward:
    """What every layer computed, as (units,) for one example or (examples, units) for several."""

    z: tuple[Array, ...]
    """The weighted sums with bias, one array a layer."""
    a: tuple[Array, ...]
    """The inputs, then the outputs of each layer."""


@dataclass(frozen=True)
class Backward:
    """The derivatives of the cost."""

    deltas: tuple[Array, ...]
    """dC/dz of each example's own cost, in the shapes of `Forward.z`."""
    kernels: tuple[Array, ...]
    """dC/dw in the shapes of `DenseNetwork.kernels`, the mean over the examples."""
    biases: tuple[Array, ...]
    """dC/db in the shapes of `DenseNetwork.biases`, the mean over the examples."""


@dataclass(frozen=True)
class Training:
    """What so many updates made of a network."""

    costs: Array
    """(updates made + 1,): the cost before the first update, then after each."""
    network: DenseNetwork
    """After the last update."""
    cut_off: bool
    """Whether it ended early because a weight would have exceeded `LIMIT`."""


def forward(network: DenseNetwork, x: ArrayLike) -> Forward:
    """z = a·W + b and a = f(z), layer by layer, from inputs x, (inputs,) or (examples, inputs)."""
    outputs = [np.asarray(x, dtype=np.float64)]
    if outputs[0].ndim not in (1, 2) or outputs[0].shape[-1] != len(network.kernels[0]):
        raise ValueError(f"x: expected {len(network.kernels[0])} inputs, received shape {outputs[0].shape}")
    sums = []
    for kernel, bias, name in zip(network.kernels, network.biases, network.activations, strict=True):
        sums.append(outputs[-1] @ kernel + bias)
        outputs.append(_softmax(sums[-1]) if name == "softmax" else activation(name)(sums[-1]))
    return Forward(tuple(sums), tuple(outputs))


def cost_of(network: DenseNetwork, seen: Forward, y: ArrayLike, cost: Cost = "quadratic") -> float:
    """The cost C against targets y, in the shape of the outputs; for several examples the mean of their costs.

    quadratic: sum of (a - y)²/2 over the outputs. cross_entropy: -sum of y ln a + (1 - y) ln(1 - a) after a sigmoid,
    -sum of y ln a after a softmax; ValueError after any other activation. Both are computed from z, so that no
    logarithm meets a rounded 0.
    """
    targets, z = _targets(seen, y), seen.z[-1]
    if cost == "quadratic":
        each = (seen.a[-1] - targets) ** 2 / 2
    elif network.activations[-1] == "sigmoid":
        softplus = activation("softplus")
        each = (1 - targets) * softplus(z) + targets * softplus(-z)
    else:
        _check(network, cost)
        each = targets * (_log_sum(z) - z)
    return float(np.mean(each.sum(axis=-1)))


def backward(network: DenseNetwork, seen: Forward, y: ArrayLike, cost: Cost = "quadratic") -> Backward:
    """The derivative of `cost_of` with respect to every sum, weight and bias.

    BP1: delta = dC/da·f'(z) in the last layer, which for cross-entropy is a - y. BP2: delta_l = (delta_l+1 · W_l+1ᵀ)
    · f'(z_l). BP3: dC/db = delta. BP4: dC/dw = the weight's input times the delta of its neuron.
    """
    deltas = [_last_delta(network, seen, _targets(seen, y), cost)]
    for kernel, z, name in zip(network.kernels[:0:-1], seen.z[-2::-1], network.activations[-2::-1], strict=True):
        deltas.insert(0, deltas[0] @ kernel.T * activation(name).slope(z))
    pairs = [(np.atleast_2d(a), np.atleast_2d(delta)) for a, delta in zip(seen.a[:-1], deltas, strict=True)]
    return Backward(
        tuple(deltas),
        tuple(a.T @ delta / len(a) for a, delta in pairs),
        tuple(delta.mean(axis=0) for _, delta in pairs),
    )


def update(network: DenseNetwork, gradient: Backward, eta: float) -> DenseNetwork:
    """One step of gradient descent: every weight and bias less eta times its derivative."""
    return DenseNetwork(
        tuple(w - eta * slope for w, slope in zip(network.kernels, gradient.kernels, strict=True)),
        tuple(b - eta * slope for b, slope in zip(network.biases, gradient.biases, strict=True)),
        network.activations,
    )


def train(
    network: DenseNetwork, x: ArrayLike, y: ArrayLike, eta: float, updates: int, cost: Cost = "quadratic"
) -> Training:
    """So many steps of gradient descent on the same example or examples, with a step size `eta` >= 0."""
    if not (math.isfinite(eta) and eta >= 0):
        raise ValueError(f"eta: expected a finite step size of 0 or more, received {eta}")
    if updates < 0:
        raise ValueError(f"updates: expected 0 or more, received {updates}")
    seen = forward(network, x)
    costs = [cost_of(network, seen, y, cost)]
    for _ in range(updates):
        following = update(network, backward(network, seen, y, cost), eta)
        if max(float(np.abs(part).max()) for part in (*following.kernels, *following.biases)) > LIMIT:
            break
        network, seen = following, forward(following, x)
        costs.append(cost_of(network, seen, y, cost))
    return Training(np.array(costs), network, cut_off=len(costs) <= updates)


def _last_delta(network: DenseNetwork, seen: Forward, y: Array, cost: Cost) -> Array:
    """dC/dz of the output layer."""
    a, z, name = seen.a[-1], seen.z[-1], network.activations[-1]
    _check(network, cost)
    if cost == "cross_entropy":
        if name == "sigmoid":  # a - y without the rounding of 1 - a, which is the sigmoid of -z
            return (1 - y) * a - y * activation(name)(-z)
        return np.asarray(a * y.sum(axis=-1, keepdims=True) - y)
    if name == "softmax":  # every output depends on every z
        return np.asarray(a * ((a - y) - np.sum((a - y) * a, axis=-1, keepdims=True)))
    return (a - y) * activation(name).slope(z)


def _check(network: DenseNetwork, cost: Cost) -> None:
    if cost == "cross_entropy" and network.activations[-1] not in ("sigmoid", "softmax"):
        raise ValueError(
            f"cross_entropy: expected a sigmoid or softmax as the last activation, received {network.activations[-1]!r}"
        )


def _targets(seen: Forward, y: ArrayLike) -> Array:
    targets = np.asarray(y, dtype=np.float64)
    if targets.shape != seen.a[-1].shape:
        raise ValueError(f"y: expected targets of shape {seen.a[-1].shape}, received {targets.shape}")
    return targets


def _log_sum(z: Array) -> Array:
    """ln of the sum of e^z over the last axis, which is kept, without overflow."""
    peak = z.max(axis=-1, keepdims=True)
    return np.asarray(peak + np.log(np.exp(z - peak).sum(axis=-1, keepdims=True)))


def _softmax(z: Array) -> Array:
    return np.asarray(np.exp(z - _log_sum(z)))
