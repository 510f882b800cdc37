"""One neuron with three inputs: its weighted sum and its output, also while one of its numbers moves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nncore.theory.activations import Activation

Array = NDArray[np.float64]
Number = float | Array
"""One number, or an array (P,) of the values that a moving number takes."""


@dataclass(frozen=True)
class Neuron:
    """The neuron f(w·x + b). If one of its numbers is an array (P,), then `z`, `output` and `slope` are too."""

    x: tuple[Number, ...]
    """The inputs."""
    w: tuple[Number, ...]
    """The weights, one for each input."""
    b: Number
    """The bias."""
    f: Activation
    """The activation function."""

    def __post_init__(self) -> None:
        if len(self.x) != len(self.w):
            raise ValueError(f"expected as many weights as inputs, received {len(self.w)} and {len(self.x)}")

    @cached_property
    def z(self) -> Array:
        """The weighted sum w·x + b, rounded to 12 decimals to hide the errors of binary arithmetic."""
        return np.asarray(np.round(sum(w * x for w, x in zip(self.w, self.x, strict=True)) + self.b, 12))

    @cached_property
    def output(self) -> Array:
        """The output f(z)."""
        return self.f(self.z)

    @cached_property
    def slope(self) -> Array:
        """The slope f'(z), a factor of the gradient of every weight."""
        return self.f.slope(self.z)

    def moved(self, name: str, values: Number) -> Neuron:
        """Return the neuron with its number called `name` (x1, x2, ..., w1, w2, ... or b) set to `values`.

        Raises ValueError if the neuron has no number of this name.
        """
        if name == "b":
            return replace(self, b=values)
        letter, number = name[:1], int(name[1:]) - 1 if name[1:].isdigit() else -1
        if letter not in ("x", "w") or not 0 <= number < len(self.x):
            raise ValueError(f"expected x1 to x{len(self.x)}, w1 to w{len(self.w)} or b, received {name!r}")
        numbers = list(self.x if letter == "x" else self.w)
        numbers[number] = values
        return replace(self, x=tuple(numbers)) if letter == "x" else replace(self, w=tuple(numbers))

    def plane(self, across: int, up: int) -> tuple[Number, Number, Number]:
        """Return a, c and d of z = a u + c v + d, where u = x[across] and v = x[up] vary and other inputs are fixed."""
        fixed = [i for i in range(len(self.x)) if i not in (across, up)]
        return self.w[across], self.w[up], sum((self.w[i] * self.x[i] for i in fixed), start=0.0) + self.b

    def sums_at(self, points: ArrayLike, across: int, up: int) -> Array:
        """Return z, (n,) or (P, n) if a number moves, at `points` (n, 2) of the inputs `across` and `up`."""
        a, c, d = (np.asarray(number)[..., None] for number in self.plane(across, up))
        u, v = np.asarray(points, dtype=np.float64).T
        return np.asarray(np.round(a * u + c * v + d, 12))
