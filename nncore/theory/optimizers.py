"""The optimisers that race: plain gradient descent, momentum, Nesterov's momentum, RMSprop and Adam, in NumPy.

Every rule is Keras' own with Keras' defaults (https://keras.io/api/optimizers/), and Keras is the oracle in the tests.
Adam: Kingma and Ba, 2014, https://arxiv.org/abs/1412.6980. RMSprop: Hinton's lecture 6e of Neural Networks for Machine
Learning, 2012. As in `landscapes`, a rule and its `code` take the same operations in the same order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
EPSILON = 1e-7
"""Keras' guard against dividing by 0."""


class StepState(NamedTuple):
    """What a rule knows at one step; all arrays share one shape or broadcast."""

    g: Array
    """The gradient."""
    m: Array
    """What is remembered of earlier gradients; 0 at first."""
    s: Array
    """What is remembered of their squares; 0 at first."""
    t: int
    """The number of the step, from 1."""
    eta: Array
    momentum: float


Change = tuple[Array, Array, Array]
"""By how much the parameters change, and the next m and s."""


@dataclass(frozen=True)
class Optimizer:
    """One rule: how a step follows from the gradient and from what is remembered."""

    name: str
    words: str
    rule: Callable[[StepState], Change]
    code: tuple[str, ...]
    """The same as lines of a script, in the names of `Now`; the last line moves p, the parameters."""
    adaptive: bool = False
    """Whether it divides by the gradient's own size, so that eta is about the length of a step."""


def optimizer(name: str) -> Optimizer:
    """The rule of this name; ValueError where the catalogue has none."""
    if name not in OPTIMIZERS:
        raise ValueError(f"expected an optimiser out of {', '.join(OPTIMIZERS)}, received {name!r}")
    return OPTIMIZERS[name]


def _gd(now: StepState) -> Change:
    return -(now.eta * now.g), now.m, now.s


def _momentum(now: StepState) -> Change:
    m = now.momentum * now.m - now.eta * now.g
    return m, m, now.s


def _nesterov(now: StepState) -> Change:
    m = now.momentum * now.m - now.eta * now.g
    return now.momentum * m - now.eta * now.g, m, now.s


def _rmsprop(now: StepState) -> Change:
    s = 0.9 * now.s + 0.1 * (now.g * now.g)
    return -(now.eta * now.g / np.sqrt(s + EPSILON)), now.m, s


def _adam(now: StepState) -> Change:
    m, s = 0.9 * now.m + 0.1 * now.g, 0.999 * now.s + 0.001 * (now.g * now.g)
    length = now.eta * (1 - 0.999**now.t) ** 0.5 / (1 - 0.9**now.t)
    return -(length * m / (np.sqrt(s) + EPSILON)), m, s


_CATALOGUE = (
    Optimizer("gd", "plain descent", _gd, ("p = p - eta * g",)),
    Optimizer("momentum", "momentum", _momentum, ("m = momentum * m - eta * g", "p = p + m")),
    Optimizer(
        "nesterov",
        "Nesterov's momentum",
        _nesterov,
        ("m = momentum * m - eta * g", "p = p + (momentum * m - eta * g)"),
    ),
    Optimizer(
        "rmsprop",
        "RMSprop",
        _rmsprop,
        ("s = 0.9 * s + 0.1 * (g * g)", "p = p - eta * g / np.sqrt(s + 1e-7)"),
        adaptive=True,
    ),
    Optimizer(
        "adam",
        "Adam",
        _adam,
        (
            "m = 0.9 * m + 0.1 * g",
            "s = 0.999 * s + 0.001 * (g * g)",
            "length = eta * (1 - 0.999**t)**0.5 / (1 - 0.9**t)",
            "p = p - length * m / (np.sqrt(s) + 1e-7)",
        ),
        adaptive=True,
    ),
)
OPTIMIZERS: MappingProxyType[str, Optimizer] = MappingProxyType({each.name: each for each in _CATALOGUE})
"""All rules by their names in links."""
