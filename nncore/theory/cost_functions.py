"""Two costs of one sigmoid neuron, quadratic and cross-entropy, with their gradients and what training makes of them.

The neuron has the single input x = 1, hence z = w + b, output a = 1/(1 + e^-z), and dz/dw = dz/db = 1. Michael Nielsen
compares the two costs on this neuron: http://neuralnetworksanddeeplearning.com/chap3.html. Keras is the oracle in the
tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nncore.theory.activations import activation

Array = NDArray[np.float64]
CostName = Literal["quadratic", "cross_entropy"]


@dataclass(frozen=True)
class Judgement:
    """What both costs say of a neuron's outputs; every array has the shape of `z`."""

    z: Array
    output: Array
    """a, from 0 to 1."""
    y: float
    """The target."""
    quadratic: Array
    """C = (a - y)²/2, from 0 to 0.5."""
    cross_entropy: Array
    """C = -[y ln a + (1 - y) ln(1 - a)], from 0 without end."""
    quadratic_gradient: Array
    """dC/dz = (a - y)·a·(1 - a)."""
    cross_entropy_gradient: Array
    """dC/dz = a - y."""

    def seen(self, which: NDArray[np.bool_]) -> Judgement:
        """The same where `which` holds, and NaN elsewhere; `which` has a shape that `z` broadcasts to."""
        found = {name: np.where(which, value, np.nan) for name, value in vars(self).items() if name != "y"}
        return Judgement(y=self.y, **found)


def judge(z: ArrayLike, y: float) -> Judgement:
    """Outputs, costs and gradients for finite z of any shape and a target y from 0 to 1; ValueError for another y.

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
    """A curve through `z` to draw, of shape (401,): from -7 to 7 at least, and beyond a neuron that is farther out."""
    reach = max(7.0, 1.15 * abs(z))
    return judge(np.linspace(-reach, reach, 401), y)


def train_neuron(cost: CostName, w: float, b: float, y: float, eta: float | Array, steps: int) -> Judgement:
    """Gradient descent on `cost` from (w, b), in steps of size `eta` >= 0; arrays of shape (steps + 1,), start first.

    For P step sizes, of shape (P,), the arrays have the shape (P, steps + 1). ValueError for a negative number of steps
    and for a step size that is negative or not finite.
    """
    sizes = np.asarray(eta, dtype=np.float64)
    if not (np.isfinite(sizes) & (sizes >= 0)).all():
        raise ValueError(f"eta: expected a finite step size of 0 or more, received {eta}")
    if steps < 0:
        raise ValueError(f"steps: expected 0 or more, received {steps}")
    weights, biases = np.full(sizes.shape, float(w)), np.full(sizes.shape, float(b))
    path = [weights + biases]
    for _ in range(steps):
        here = judge(path[-1], y)
        gradient = here.quadratic_gradient if cost == "quadratic" else here.cross_entropy_gradient
        weights, biases = weights - sizes * gradient, biases - sizes * gradient
        path.append(weights + biases)
    return judge(np.stack(path, axis=-1), y)
