"""Two costs of one sigmoid neuron, quadratic and cross-entropy, their gradients, and training by each.

The neuron has the single input x = 1, hence z = w + b, output a = 1/(1 + e^-z), and dz/dw = dz/db = 1. Michael Nielsen
compares the two costs on this neuron: http://neuralnetworksanddeeplearning.com/chap3.html. Keras is the oracle in the
tests.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nncore.theory.activations import activation
from nncore.theory.backpropagation import CostName

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Judgement:
    """Both costs of a neuron and their gradients; every array has the shape of `z`."""

    z: Array
    output: Array
    """The output a = sigmoid(z), from 0 to 1."""
    y: float
    """The target, from 0 to 1."""
    quadratic: Array
    """C = (a - y)²/2, from 0 to 0.5."""
    cross_entropy: Array
    """C = -[y ln a + (1 - y) ln(1 - a)], 0 or more."""
    quadratic_gradient: Array
    """dC/dz = (a - y)·a·(1 - a) of the quadratic cost."""
    cross_entropy_gradient: Array
    """dC/dz = a - y of the cross-entropy."""

    def masked(self, mask: NDArray[np.bool_]) -> Judgement:
        """Return a copy with NaN wherever `mask` is False; `mask` has a shape that `z` broadcasts to."""
        arrays = {name: np.where(mask, value, np.nan) for name, value in vars(self).items() if name != "y"}
        return Judgement(y=self.y, **arrays)


def judge(z: ArrayLike, y: float) -> Judgement:
    """Compute costs and gradients for finite z of any shape and a target y; raise ValueError unless 0 <= y <= 1.

    Neither 1 - a nor a logarithm of it is taken, so that nothing cancels or overflows where a is close to 0 or 1.
    """
    if not 0 <= y <= 1:
        raise ValueError(f"y: expected a target from 0 to 1, received {y}")
    sigmoid, softplus = activation("sigmoid"), activation("softplus")
    z = np.asarray(z, dtype=np.float64)
    error = (1 - y) * sigmoid(z) - y * sigmoid(-z)  # a - y, since 1 - a is the sigmoid of -z
    return Judgement(
        z=z,
        output=sigmoid(z),
        y=float(y),
        quadratic=np.asarray(error**2 / 2),
        cross_entropy=np.asarray((1 - y) * softplus(z) + y * softplus(-z)),
        quadratic_gradient=np.asarray(error * sigmoid.slope(z)),
        cross_entropy_gradient=np.asarray(error),
    )


def judge_around(z: float, y: float) -> Judgement:
    """Return a curve to draw, of shape (401,), for z from -7 to 7, or farther if the neuron's own `z` lies outside."""
    reach = max(7.0, 1.15 * abs(z))
    return judge(np.linspace(-reach, reach, 401), y)


def train_neuron(cost: CostName, w: float, b: float, y: float, eta: float | Array, steps: int) -> Judgement:
    """Run gradient descent on `cost` from (w, b) with step size `eta` >= 0; the arrays have shape (steps + 1,).

    The start comes first. For P step sizes, `eta` of shape (P,), the arrays have shape (P, steps + 1). Raises
    ValueError for a negative number of steps and for a step size that is negative or not finite.
    """
    sizes = np.asarray(eta, dtype=np.float64)
    if not (np.isfinite(sizes) & (sizes >= 0)).all():
        raise ValueError(f"eta: expected a finite step size of 0 or more, received {eta}")
    if steps < 0:
        raise ValueError(f"steps: expected 0 or more, received {steps}")
    weights, biases = np.full(sizes.shape, float(w)), np.full(sizes.shape, float(b))
    path = [weights + biases]
    for _ in range(steps):
        current = judge(path[-1], y)
        gradient = current.quadratic_gradient if cost == "quadratic" else current.cross_entropy_gradient
        weights, biases = weights - sizes * gradient, biases - sizes * gradient
        path.append(weights + biases)
    return judge(np.stack(path, axis=-1), y)
