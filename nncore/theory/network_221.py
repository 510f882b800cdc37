"""The 2-2-1 network of the lesson on backpropagation: its nine parameters by name, and one update in seven phases.

Two inputs x1 x2, two hidden neurons (weights w11 w12 and bias b1 of the first, w21 w22 and b2 of the second), one
output neuron (weights v1 v2, bias c): z1 = w11·x1 + w12·x2 + b1, a1 = f(z1), and z = v1·a1 + v2·a2 + c, a = f(z).
The computing itself is in `backprop`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from nncore.theory import backpropagation
from nncore.theory.activations import activation
from nncore.theory.backpropagation import Array, Cost, DenseNetwork

PLACES = MappingProxyType(
    {
        "w11": (0, 0, 0),
        "w12": (0, 1, 0),
        "b1": (0, None, 0),
        "w21": (0, 0, 1),
        "w22": (0, 1, 1),
        "b2": (0, None, 1),
        "v1": (1, 0, 0),
        "v2": (1, 1, 0),
        "c": (1, None, 0),
    }
)
"""Where each parameter stands: its layer, its input (None for a bias) and its neuron."""
PARAMETERS = tuple(PLACES)

STARTS = MappingProxyType(
    {
        "spread": (0.5, -0.8, 0.1, 0.9, 0.4, -0.3, -0.6, 0.7, 0.2),
        "equal": (0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5),
        "large": (6.0, -1.0, 1.0, -4.0, -2.0, -1.0, -5.0, 4.0, -1.0),
    }
)
"""First guesses in the order of `PARAMETERS`: all different, all the same, and so large that a sigmoid saturates."""

KNOWN_FROM = MappingProxyType(
    {"z1": 1, "a1": 1, "z2": 1, "a2": 1, "z": 2, "a": 2, "C": 3, "delta": 4, "delta1": 5, "delta2": 5}
)
"""The phase in which each value of a step is computed."""
GRADIENT_PHASE, UPDATE_PHASE = 6, 7


@dataclass(frozen=True)
class Setting:
    """All that a training of the small network depends on."""

    x: tuple[float, float] = (1.0, 0.5)
    y: float = 1.0
    eta: float = 0.5
    """The step size, 0 or more."""
    activation: str = "sigmoid"
    """Of all three neurons, out of `ACTIVATIONS`."""
    cost: Cost = "quadratic"
    """`cross_entropy` with a sigmoid only."""
    start: str = "spread"
    """One of `STARTS`."""


@dataclass(frozen=True)
class Step:
    """One forward and one backward pass with the update that follows; every number by its name."""

    setting: Setting
    values: dict[str, float]
    """z1 a1 z2 a2 z a C delta delta1 delta2; a delta is the derivative of the cost C with respect to a neuron's z."""
    parameters: dict[str, float]
    gradients: dict[str, float]
    """The derivative of C with respect to each parameter."""
    updated: dict[str, float]
    """Each parameter less eta times its derivative."""

    def until(self, phase: int) -> Step:
        """The step with only those numbers that are known in this phase, 1 to 7."""
        return replace(
            self,
            values={name: value for name, value in self.values.items() if KNOWN_FROM[name] <= phase},
            gradients=self.gradients if phase >= GRADIENT_PHASE else {},
            updated=self.updated if phase >= UPDATE_PHASE else {},
        )


@dataclass(frozen=True)
class Factor:
    """One factor of a chain rule."""

    derivative: str
    """What it is, in LaTeX: a derivative of one value with respect to the one before it."""
    formula: str
    """What it comes to, in LaTeX: a - y, the slope f'(z), a weight or an input."""
    value: float
    known_from: int
    """The phase of the backward pass that brings it in."""


def start_network(setting: Setting) -> DenseNetwork:
    """The network before its first update; ValueError for a start that is none of `STARTS`."""
    if setting.start not in STARTS:
        raise ValueError(f"expected a start out of {', '.join(STARTS)}, received {setting.start!r}")
    kernels, biases = (np.zeros((2, 2)), np.zeros((2, 1))), (np.zeros(2), np.zeros(1))
    for (layer, source, unit), value in zip(PLACES.values(), STARTS[setting.start], strict=True):
        if source is None:
            biases[layer][unit] = value
        else:
            kernels[layer][source, unit] = value
    return DenseNetwork(kernels, biases, (setting.activation, setting.activation))


@lru_cache(maxsize=256)
def train(setting: Setting, updates: int) -> backpropagation.Training:
    """So many updates on the setting's one example; remembered, since a page asks again at every click."""
    return backpropagation.train(start_network(setting), setting.x, [setting.y], setting.eta, updates, setting.cost)


def take_step(network: DenseNetwork, setting: Setting) -> Step:
    """Both passes through a 2-2-1 network and the update, number by number."""
    seen = backpropagation.forward(network, setting.x)
    back = backpropagation.backward(network, seen, [setting.y], setting.cost)
    following = backpropagation.update(network, back, setting.eta)
    (z1, z2), (z,) = seen.z
    _, (a1, a2), (a,) = seen.a
    (delta1, delta2), (delta,) = back.deltas
    cost = backpropagation.cost_of(network, seen, [setting.y], setting.cost)
    numbers = {"z1": z1, "a1": a1, "z2": z2, "a2": a2, "z": z, "a": a, "C": cost}
    numbers |= {"delta": delta, "delta1": delta1, "delta2": delta2}
    return Step(
        setting,
        {name: float(value) for name, value in numbers.items()},
        by_name(network.kernels, network.biases),
        by_name(back.kernels, back.biases),
        by_name(following.kernels, following.biases),
    )


def by_name(kernels: tuple[Array, ...], biases: tuple[Array, ...]) -> dict[str, float]:
    """The nine numbers of arrays shaped as the network's parameters, such as their gradients."""
    return {
        name: float(biases[layer][unit] if source is None else kernels[layer][source, unit])
        for name, (layer, source, unit) in PLACES.items()
    }


def chain(name: str, step: Step) -> list[Factor]:
    """The chain rule of one parameter, from the cost back to it; the product of the factors is its gradient."""
    layer, source, unit = PLACES[name]
    slope = activation(step.setting.activation).slope
    values, z = step.values, step.values["z"]
    quadratic = step.setting.cost == "quadratic"
    outer = values["a"] - step.setting.y if quadratic else values["delta"] / max(float(slope(z)), 1e-300)
    formula = "a - y" if quadratic else r"\tfrac{a - y}{a(1 - a)}"
    factors = [
        Factor(r"\frac{\partial C}{\partial a}", formula, outer, KNOWN_FROM["delta"]),
        Factor(r"\frac{\partial a}{\partial z}", "f'(z)", float(slope(z)), KNOWN_FROM["delta"]),
    ]
    j, sum_, letter = unit + 1, "z", "a"
    if layer == 0:
        weight = step.parameters[f"v{j}"]
        inner = float(slope(values[f"z{j}"]))
        sum_, letter = f"z_{j}", "x"
        back = KNOWN_FROM["delta1"]
        factors += [
            Factor(rf"\frac{{\partial z}}{{\partial a_{j}}}", f"v_{j}", weight, back),
            Factor(rf"\frac{{\partial a_{j}}}{{\partial z_{j}}}", f"f'(z_{j})", inner, back),
        ]
    seen = (values["a1"], values["a2"]) if layer else step.setting.x
    formula, value = ("1", 1.0) if source is None else (f"{letter}_{source + 1}", seen[source])
    last = rf"\frac{{\partial {sum_}}}{{\partial {symbol(name)}}}"
    return [*factors, Factor(last, formula, value, GRADIENT_PHASE)]


def symbol(name: str) -> str:
    """A parameter's name in LaTeX: `w_{12}`."""
    return f"{name[0]}_{{{name[1:]}}}" if name[1:] else name
