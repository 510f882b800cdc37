"""The activation functions of the lecture in plain NumPy, each with its derivative, its pros and its cons.

Keras is the oracle in the tests. At the kink of a rectifier (z = 0) the derivative is the one from the left.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

LEAKY_SLOPE = 0.2
"""The slope below 0 that Keras 3 uses for the name "leaky_relu"."""
SELU_ALPHA = 1.6732632423543772
SELU_SCALE = 1.0507009873554805
"""SELU_ALPHA and SELU_SCALE are from Klambauer et al., Self-Normalizing Neural Networks, 2017, https://arxiv.org/abs/1706.02515."""
SATURATED = 0.05
"""A neuron counts as saturated where the size of its slope is below this."""


@dataclass(frozen=True)
class Activation:
    """One activation function f. `function` and `derivative` take z of any shape and return that shape in float64."""

    name: str
    """The name by which Keras knows the function."""
    formula: str
    """f(z) in LaTeX; the letter z stands for nothing but the argument."""
    function: Callable[[Array], Array]
    derivative: Callable[[Array], Array]
    code: str
    """f(z) as one line of NumPy, valid for |z| up to 300."""
    derivative_code: str
    """f'(z) as one line of NumPy, valid for |z| up to 300."""
    pros: str
    """One sentence about what speaks for the function."""
    cons: str
    """One sentence about what speaks against it."""

    def __call__(self, z: ArrayLike) -> Array:
        """Return f(z) elementwise, in the shape of z, for any finite z."""
        return np.asarray(self.function(np.asarray(z, dtype=np.float64)))

    def slope(self, z: ArrayLike) -> Array:
        """Return f'(z) elementwise, in the shape of z, for any finite z."""
        return np.asarray(self.derivative(np.asarray(z, dtype=np.float64)))

    def substituted(self, z: str) -> str:
        """Return the formula in LaTeX with the number `z`, also in LaTeX, in place of the argument."""
        bracketed = f"({z})" if z.startswith("-") else z
        return re.sub(r"(-|\\cdot )?z", lambda match: match[1] + bracketed if match[1] else z, self.formula)


def activation(name: str) -> Activation:
    """Return the activation of this name; raise ValueError if the catalogue has none."""
    if name not in ACTIVATIONS:
        raise ValueError(f"expected an activation out of {', '.join(ACTIVATIONS)}, received {name!r}")
    return ACTIVATIONS[name]


@dataclass(frozen=True)
class Softmax:
    """The steps of p_i = e^(z_i/T) / sum of all e^(z_k/T), taken along the last axis of the logits."""

    exponentials: Array
    """e^(z/T) in the shape of the logits; infinite where z/T is beyond 709."""
    total: Array
    """The sum of the exponentials along the last axis, in shape (...)."""
    probabilities: Array
    """p in the shape of the logits: positive (as far as a float allows), with sum 1, exact for any finite logits."""


def softmax(logits: ArrayLike, temperature: ArrayLike = 1.0) -> Softmax:
    """Return the softmax of `logits`, (..., n), at a temperature T > 0, a number or an array (...).

    Raises ValueError if a temperature is not above 0.
    """
    z, t = np.asarray(logits, dtype=np.float64), np.asarray(temperature, dtype=np.float64)
    if not (t > 0).all():
        raise ValueError(f"expected a temperature above 0, received {t}")
    scaled = z / t[..., None]
    shifted = np.exp(scaled - scaled.max(axis=-1, keepdims=True))  # the same probabilities, and nothing overflows
    with np.errstate(over="ignore"):
        exponentials = np.exp(scaled)
    return Softmax(exponentials, exponentials.sum(axis=-1), shifted / shifted.sum(axis=-1, keepdims=True))


# The exponents below are never positive, so that nothing overflows: e^-|z| lies between 0 and 1.
def _sigmoid(z: Array) -> Array:
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1.0 + e)


def _sigmoid_slope(z: Array) -> Array:
    e = np.exp(-np.abs(z))
    return np.asarray(e / (1.0 + e) ** 2)


def _tanh_slope(z: Array) -> Array:
    return 4.0 * _sigmoid_slope(2.0 * z)


def _relu(z: Array) -> Array:
    return np.maximum(0.0, z)


def _relu_slope(z: Array) -> Array:
    return np.where(z > 0, 1.0, 0.0)


def _leaky_relu(z: Array) -> Array:
    return np.maximum(LEAKY_SLOPE * z, z)


def _leaky_relu_slope(z: Array) -> Array:
    return np.where(z > 0, 1.0, LEAKY_SLOPE)


def _softplus(z: Array) -> Array:
    return np.asarray(np.logaddexp(0.0, z))


def _selu(z: Array) -> Array:
    return SELU_SCALE * np.where(z > 0, z, SELU_ALPHA * np.expm1(np.minimum(z, 0.0)))


def _selu_slope(z: Array) -> Array:
    return SELU_SCALE * np.where(z > 0, 1.0, SELU_ALPHA * np.exp(np.minimum(z, 0.0)))


_CATALOGUE = (
    Activation(
        "sigmoid",
        r"\frac{1}{1 + e^{-z}}",
        _sigmoid,
        _sigmoid_slope,
        "1 / (1 + np.exp(-z))",
        "np.exp(-abs(z)) / (1 + np.exp(-abs(z)))**2",
        "It climbs smoothly from 0 to 1, so its output reads like a degree of yes.",
        "Its slope is 0.25 at most and fades on both sides: through many layers the gradient vanishes.",
    ),
    Activation(
        "tanh",
        r"\tanh(z)",
        np.tanh,
        _tanh_slope,
        "np.tanh(z)",
        "1 / np.cosh(z)**2",
        "Its slope reaches 1, four times the sigmoid's, and it is antisymmetric about 0: deeper networks learn faster.",
        "Far from 0 it flattens too: a neuron pushed out there hardly learns.",
    ),
    Activation(
        "relu",
        r"\max(0, z)",
        _relu,
        _relu_slope,
        "np.maximum(0, z)",
        "np.where(z > 0, 1.0, 0.0)",
        "Its slope is 1 however large z gets, so gradients do not vanish there, and it costs next to nothing.",
        "It has no upper bound, so outputs can blow up; below 0 its slope is 0, and a neuron stuck there is dead.",
    ),
    Activation(
        "leaky_relu",
        rf"\max({LEAKY_SLOPE}\cdot z,\ z)",
        _leaky_relu,
        _leaky_relu_slope,
        f"np.maximum({LEAKY_SLOPE} * z, z)",
        f"np.where(z > 0, 1.0, {LEAKY_SLOPE})",
        f"A rectifier that cannot die: below 0 a slope of {LEAKY_SLOPE} is left to learn by.",
        "It has no bound on either side, and one more number to choose.",
    ),
    Activation(
        "softplus",
        r"\ln(1 + e^{z})",
        _softplus,
        _sigmoid,
        "np.log1p(np.exp(z))",
        "1 / (1 + np.exp(-z))",
        "A rectifier without the corner: smooth everywhere, and for large z its slope goes to 1.",
        "It has no upper bound, it is never 0, and far below 0 its slope fades.",
    ),
    Activation(
        "selu",
        rf"{SELU_SCALE:.4f}\,\max(0, z) + {SELU_SCALE * SELU_ALPHA:.4f}\,\min(0,\ e^{{z}} - 1)",
        _selu,
        _selu_slope,
        f"np.where(z > 0, {SELU_SCALE} * z, {SELU_SCALE * SELU_ALPHA} * np.expm1(np.minimum(z, 0)))",
        f"np.where(z > 0, {SELU_SCALE}, {SELU_SCALE * SELU_ALPHA} * np.exp(np.minimum(z, 0)))",
        "Its two constants keep the outputs of layer after layer near mean 0 and variance 1.",
        "That holds for dense layers with matching initial weights only, and it has no upper bound.",
    ),
    Activation(
        "linear",
        "z",
        np.positive,
        np.ones_like,
        "z",
        "1.0",
        "It changes nothing: right for an output that may be any number.",
        "Layers of it, however many, are together no more than one linear layer.",
    ),
)

ACTIVATIONS = MappingProxyType({entry.name: entry for entry in _CATALOGUE})
"""All activation functions by name, in the order of the lecture."""
