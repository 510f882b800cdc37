"""The optimisers that race: plain gradient descent, momentum, Nesterov's momentum, RMSprop and Adam, in NumPy.

Every rule is Keras' own with Keras' defaults (https://keras.io/api/optimizers/), and Keras is the oracle in the tests.
Adam: Kingma and Ba, 2014, https://arxiv.org/abs/1412.6980. RMSprop: Hinton's lecture 6e of Neural Networks for Machine
Learning, 2012. As in `loss_surfaces`, a rule and its `code` take the same operations in the same order.
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
    """The input of an update rule at one step; all arrays share one shape or broadcast."""

    g: Array
    """The gradient."""
    m: Array
    """The first moment, an average of earlier gradients; 0 at first."""
    s: Array
    """The second moment, an average of their squares; 0 at first."""
    t: int
    """The number of the step, from 1."""
    eta: Array
    """The step size, 0 or more."""
    momentum: float
    """The share of the last step that is repeated, at least 0 and below 1."""


Change = tuple[Array, Array, Array]
"""The change of the parameters, and the next m and s."""


@dataclass(frozen=True)
class Optimizer:
    """One optimiser: the rule by which a step follows from the gradient and the moments."""

    name: str
    """The name in links."""
    label: str
    """The name on the page."""
    update: Callable[[StepState], Change]
    """The rule in NumPy."""
    code: tuple[str, ...]
    """The rule as lines of a script, with the names of `StepState`; the last line moves the parameters p."""
    adaptive: bool = False
    """Whether it divides by the size of the gradient, so that eta is about the length of a step."""


def optimizer(name: str) -> Optimizer:
    """Return the optimiser of this name; raise ValueError if the catalogue has none."""
    if name not in OPTIMIZERS:
        raise ValueError(f"expected an optimiser out of {', '.join(OPTIMIZERS)}, received {name!r}")
    return OPTIMIZERS[name]


def _gd(state: StepState) -> Change:
    return -(state.eta * state.g), state.m, state.s


def _momentum(state: StepState) -> Change:
    m = state.momentum * state.m - state.eta * state.g
    return m, m, state.s


def _nesterov(state: StepState) -> Change:
    m = state.momentum * state.m - state.eta * state.g
    return state.momentum * m - state.eta * state.g, m, state.s


def _rmsprop(state: StepState) -> Change:
    s = 0.9 * state.s + 0.1 * (state.g * state.g)
    return -(state.eta * state.g / np.sqrt(s + EPSILON)), state.m, s


def _adam(state: StepState) -> Change:
    m, s = 0.9 * state.m + 0.1 * state.g, 0.999 * state.s + 0.001 * (state.g * state.g)
    length = state.eta * (1 - 0.999**state.t) ** 0.5 / (1 - 0.9**state.t)
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
"""All optimisers by their names in links."""
