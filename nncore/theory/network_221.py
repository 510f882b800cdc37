"""The 2-2-1 network of the lesson on backpropagation: its nine parameters by name, and one update in seven phases.

Two inputs x1 x2, two hidden neurons (weights w11 w12 and bias b1 of the first, w21 w22 and b2 of the second), one
output neuron (weights v1 v2, bias c): z1 = w11·x1 + w12·x2 + b1, a1 = f(z1), and z = v1·a1 + v2·a2 + c, a = f(z).
`backpropagation` does the computing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from nncore.theory import backpropagation
from nncore.theory.activations import activation
from nncore.theory.backpropagation import Array, CostName, DenseNetwork

PARAMETER_INDEX = MappingProxyType(
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
"""The index of each parameter: its layer, its input (None for a bias) and its neuron."""
PARAMETERS = tuple(PARAMETER_INDEX)
"""The names of the nine parameters, in the order used everywhere."""

STARTS = MappingProxyType(
    {
        "spread": (0.5, -0.8, 0.1, 0.9, 0.4, -0.3, -0.6, 0.7, 0.2),
        "equal": (0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5),
        "large": (6.0, -1.0, 1.0, -4.0, -2.0, -1.0, -5.0, 4.0, -1.0),
    }
)
"""Initial parameters in the order of `PARAMETERS`: all different, all equal, and so large that a sigmoid saturates."""

KNOWN_FROM = MappingProxyType(
    {"z1": 1, "a1": 1, "z2": 1, "a2": 1, "z": 2, "a": 2, "C": 3, "delta": 4, "delta1": 5, "delta2": 5}
)
"""The phase in which each value of a step is computed."""
GRADIENT_PHASE, UPDATE_PHASE = 6, 7


@dataclass(frozen=True)
class Setting:
    """Everything that the training of the small network depends on."""

    x: tuple[float, float] = (1.0, 0.5)
    """The two inputs of the example."""
    y: float = 1.0
    """The target of the example."""
    eta: float = 0.5
    """The step size, 0 or more."""
    activation: str = "sigmoid"
    """The activation function of all three neurons, a name out of `ACTIVATIONS`."""
    cost: CostName = "quadratic"
    """The cost; `cross_entropy` goes with a sigmoid only."""
    start: str = "spread"
    """The initial parameters, a name out of `STARTS`."""


@dataclass(frozen=True)
class Step:
    """One forward and one backward pass with the update that follows; every number by its name."""

    setting: Setting
    values: dict[str, float]
    """The values z1 a1 z2 a2 z a C delta delta1 delta2; a delta is dC/dz of a neuron."""
    parameters: dict[str, float]
    """Each parameter before the update."""
    gradients: dict[str, float]
    """The derivative of C with respect to each parameter."""
    updated: dict[str, float]
    """Each parameter after the update, that is, less eta times its derivative."""

    def until(self, phase: int) -> Step:
        """Return the step with only those numbers that are known by this phase, 1 to 7."""
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
    """The derivative of one value with respect to the one before it, in LaTeX."""
    formula: str
    """The result of that derivative in LaTeX: a - y, the slope f'(z), a weight or an input."""
    value: float
    known_from: int
    """The phase in which the backward pass computes the factor."""


def start_network(setting: Setting) -> DenseNetwork:
    """Return the network before its first update; raise ValueError for a start that is not in `STARTS`."""
    if setting.start not in STARTS:
        raise ValueError(f"expected a start out of {', '.join(STARTS)}, received {setting.start!r}")
    kernels, biases = (np.zeros((2, 2)), np.zeros((2, 1))), (np.zeros(2), np.zeros(1))
    for (layer, source, unit), value in zip(PARAMETER_INDEX.values(), STARTS[setting.start], strict=True):
        if source is None:
            biases[layer][unit] = value
        else:
            kernels[layer][source, unit] = value
    return DenseNetwork(kernels, biases, (setting.activation, setting.activation))


@lru_cache(maxsize=256)
def train(setting: Setting, updates: int) -> backpropagation.Training:
    """Train for a number of `updates` on the one example; the result is cached, since a page asks at every click.

    Raises ValueError as `backpropagation.train` does.
    """
    return backpropagation.train(start_network(setting), setting.x, [setting.y], setting.eta, updates, setting.cost)


def take_step(network: DenseNetwork, setting: Setting) -> Step:
    """Return every number of both passes through a 2-2-1 network and of the update that follows."""
    forward = backpropagation.forward(network, setting.x)
    back = backpropagation.backward(network, forward, [setting.y], setting.cost)
    following = backpropagation.update(network, back, setting.eta)
    (z1, z2), (z,) = forward.z
    _, (a1, a2), (a,) = forward.a
    (delta1, delta2), (delta,) = back.deltas
    cost = backpropagation.cost_of(network, forward, [setting.y], setting.cost)
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
    """Return nine numbers by name from arrays in the shapes of the parameters, such as their gradients."""
    return {
        name: float(biases[layer][unit] if source is None else kernels[layer][source, unit])
        for name, (layer, source, unit) in PARAMETER_INDEX.items()
    }


def chain(name: str, step: Step) -> list[Factor]:
    """Return the chain rule of one parameter, from the cost back to it; the product of its factors is the gradient."""
    layer, source, unit = PARAMETER_INDEX[name]
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
    inputs = (values["a1"], values["a2"]) if layer else step.setting.x
    formula, value = ("1", 1.0) if source is None else (f"{letter}_{source + 1}", inputs[source])
    last = rf"\frac{{\partial {sum_}}}{{\partial {symbol(name)}}}"
    return [*factors, Factor(last, formula, value, GRADIENT_PHASE)]


def symbol(name: str) -> str:
    """Return the name of a parameter in LaTeX, such as `w_{12}`."""
    return f"{name[0]}_{{{name[1:]}}}" if name[1:] else name
