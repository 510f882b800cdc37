"""Backpropagation in plain NumPy: the outputs of a dense network, its cost, and the gradient of every weight.

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
CostName = Literal["quadratic", "cross_entropy"]

LIMIT = 1e6
"""Training stops before the size of a weight or bias exceeds this, so that no number overflows."""


@dataclass(frozen=True)
class DenseNetwork:
    """The parameters and activation functions of a dense network, first layer first."""

    kernels: tuple[Array, ...]
    """One array (inputs, units) per layer, as Keras stores it: column j holds the weights of unit j."""
    biases: tuple[Array, ...]
    """One array (units,) per layer."""
    activations: tuple[str, ...]
    """One name out of `ACTIVATIONS` per layer; the last may also be `softmax`."""

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
    """The values of every layer in a forward pass: (units,) for one example, (examples, units) for several."""

    z: tuple[Array, ...]
    """The weighted sums with bias, one array per layer."""
    a: tuple[Array, ...]
    """The inputs, followed by the outputs of each layer."""


@dataclass(frozen=True)
class Backward:
    """The derivatives of the cost C in a backward pass."""

    deltas: tuple[Array, ...]
    """dC/dz of the cost of each single example, in the shapes of `Forward.z`."""
    kernels: tuple[Array, ...]
    """dC/dw, averaged over the examples, in the shapes of `DenseNetwork.kernels`."""
    biases: tuple[Array, ...]
    """dC/db, averaged over the examples, in the shapes of `DenseNetwork.biases`."""


@dataclass(frozen=True)
class Training:
    """The result of training a network for a number of updates."""

    costs: Array
    """The cost before the first update and after each one, (updates made + 1,)."""
    network: DenseNetwork
    """The network after the last update."""
    cut_off: bool
    """Whether training stopped early because a weight would have exceeded `LIMIT`."""


def forward(network: DenseNetwork, x: ArrayLike) -> Forward:
    """Compute z = a·W + b and a = f(z) layer by layer from inputs x, (inputs,) or (examples, inputs).

    Raises ValueError if x has another number of inputs.
    """
    outputs = [np.asarray(x, dtype=np.float64)]
    if outputs[0].ndim not in (1, 2) or outputs[0].shape[-1] != len(network.kernels[0]):
        raise ValueError(f"x: expected {len(network.kernels[0])} inputs, received shape {outputs[0].shape}")
    sums = []
    for kernel, bias, name in zip(network.kernels, network.biases, network.activations, strict=True):
        sums.append(outputs[-1] @ kernel + bias)
        outputs.append(_softmax(sums[-1]) if name == "softmax" else activation(name)(sums[-1]))
    return Forward(tuple(sums), tuple(outputs))


def cost_of(network: DenseNetwork, forward_pass: Forward, y: ArrayLike, cost: CostName = "quadratic") -> float:
    """Return the cost C of a forward pass against targets y in the shape of the outputs, averaged over the examples.

    `quadratic` is the sum of (a - y)²/2 over the outputs. `cross_entropy` is -sum of y ln a + (1 - y) ln(1 - a) after
    a sigmoid and -sum of y ln a after a softmax; both are computed from z, so that no logarithm meets a rounded 0.
    Raises ValueError for targets of another shape, and for cross-entropy after any other activation.
    """
    targets, z = _targets(forward_pass, y), forward_pass.z[-1]
    if cost == "quadratic":
        each = (forward_pass.a[-1] - targets) ** 2 / 2
    elif network.activations[-1] == "sigmoid":
        softplus = activation("softplus")
        each = (1 - targets) * softplus(z) + targets * softplus(-z)
    else:
        _check(network, cost)
        each = targets * (_log_sum(z) - z)
    return float(np.mean(each.sum(axis=-1)))


def backward(network: DenseNetwork, forward_pass: Forward, y: ArrayLike, cost: CostName = "quadratic") -> Backward:
    """Return the derivatives of `cost_of` with respect to every sum z, weight and bias.

    BP1: delta = dC/da·f'(z) in the last layer, which for cross-entropy is a - y. BP2: delta_l = (delta_l+1 · W_l+1ᵀ)
    · f'(z_l). BP3: dC/db = delta. BP4: dC/dw is the input of the weight times the delta of its neuron.
    Raises ValueError as `cost_of` does.
    """
    deltas = [_last_delta(network, forward_pass, _targets(forward_pass, y), cost)]
    for kernel, z, name in zip(
        network.kernels[:0:-1], forward_pass.z[-2::-1], network.activations[-2::-1], strict=True
    ):
        deltas.insert(0, deltas[0] @ kernel.T * activation(name).slope(z))
    pairs = [(np.atleast_2d(a), np.atleast_2d(delta)) for a, delta in zip(forward_pass.a[:-1], deltas, strict=True)]
    return Backward(
        tuple(deltas),
        tuple(a.T @ delta / len(a) for a, delta in pairs),
        tuple(delta.mean(axis=0) for _, delta in pairs),
    )


def update(network: DenseNetwork, gradient: Backward, eta: float) -> DenseNetwork:
    """Take one step of gradient descent: subtract eta times its derivative from every weight and bias."""
    return DenseNetwork(
        tuple(w - eta * slope for w, slope in zip(network.kernels, gradient.kernels, strict=True)),
        tuple(b - eta * slope for b, slope in zip(network.biases, gradient.biases, strict=True)),
        network.activations,
    )


def train(
    network: DenseNetwork, x: ArrayLike, y: ArrayLike, eta: float, updates: int, cost: CostName = "quadratic"
) -> Training:
    """Take a number of `updates` by gradient descent, all on the same example or examples, with step size `eta` >= 0.

    Raises ValueError for a negative or infinite `eta` and for negative `updates`.
    """
    if not (math.isfinite(eta) and eta >= 0):
        raise ValueError(f"eta: expected a finite step size of 0 or more, received {eta}")
    if updates < 0:
        raise ValueError(f"updates: expected 0 or more, received {updates}")
    forward_pass = forward(network, x)
    costs = [cost_of(network, forward_pass, y, cost)]
    for _ in range(updates):
        following = update(network, backward(network, forward_pass, y, cost), eta)
        if max(float(np.abs(part).max()) for part in (*following.kernels, *following.biases)) > LIMIT:
            break
        network, forward_pass = following, forward(following, x)
        costs.append(cost_of(network, forward_pass, y, cost))
    return Training(np.array(costs), network, cut_off=len(costs) <= updates)


def _last_delta(network: DenseNetwork, forward_pass: Forward, y: Array, cost: CostName) -> Array:
    """Return dC/dz of the output layer."""
    a, z, name = forward_pass.a[-1], forward_pass.z[-1], network.activations[-1]
    _check(network, cost)
    if cost == "cross_entropy":
        if name == "sigmoid":  # a - y without the rounding of 1 - a, which is the sigmoid of -z
            return (1 - y) * a - y * activation(name)(-z)
        return np.asarray(a * y.sum(axis=-1, keepdims=True) - y)
    if name == "softmax":  # every output depends on every z
        return np.asarray(a * ((a - y) - np.sum((a - y) * a, axis=-1, keepdims=True)))
    return (a - y) * activation(name).slope(z)


def _check(network: DenseNetwork, cost: CostName) -> None:
    if cost == "cross_entropy" and network.activations[-1] not in ("sigmoid", "softmax"):
        raise ValueError(
            f"cross_entropy: expected a sigmoid or softmax as the last activation, received {network.activations[-1]!r}"
        )


def _targets(forward_pass: Forward, y: ArrayLike) -> Array:
    targets = np.asarray(y, dtype=np.float64)
    if targets.shape != forward_pass.a[-1].shape:
        raise ValueError(f"y: expected targets of shape {forward_pass.a[-1].shape}, received {targets.shape}")
    return targets


def _log_sum(z: Array) -> Array:
    """Return ln of the sum of e^z over the last axis, without overflow; the axis stays, with length 1."""
    peak = z.max(axis=-1, keepdims=True)
    return np.asarray(peak + np.log(np.exp(z - peak).sum(axis=-1, keepdims=True)))


def _softmax(z: Array) -> Array:
    return np.asarray(np.exp(z - _log_sum(z)))
