"""Loss surfaces for gradient descent: costs of one or two parameters, with their gradients.

Each formula is given as NumPy and as a line of a script. Both take the same products in the same order, so that a
script repeats a path to the last bit. SciPy is the oracle in the tests.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Range:
    """The range of a setting, from `low` to `high` in steps of `step`, with its default."""

    low: float
    high: float
    default: float
    step: float


@dataclass(frozen=True)
class CriticalPoint:
    """A point at which the gradient is 0."""

    point: tuple[float, ...]
    """Its d coordinates."""
    kind: Literal["minimum", "saddle", "hilltop"]
    label: str
    """Its name in a sentence, such as `the left minimum`."""


@dataclass(frozen=True)
class LossSurface:
    """A cost C of one parameter w, or of two parameters w and v.

    Points are arrays of shape (..., d), where d is 1 or 2.
    """

    name: str
    """The name in links."""
    label: str
    """The name on the page."""
    formula: str
    """C in LaTeX."""
    function: Callable[..., Array]
    """C of w, or of w and v, elementwise."""
    slopes: tuple[Callable[..., Array], ...]
    """The derivative of C along each parameter."""
    code: str
    """C as one line of NumPy."""
    gradient_code: tuple[str, ...]
    """The derivative along each parameter as one line of NumPy."""
    gradient_latex: tuple[str, ...]
    """The derivative along each parameter as a template in LaTeX, such as `2\\cdot {w}`."""
    critical_points: tuple[CriticalPoint, ...]
    eta: Range
    """The range of the step size."""
    starts: tuple[Range, ...]
    """The range of the start of each parameter."""
    steps: Range
    """The range of the number of steps."""
    noise: float
    """The standard deviation of the noise that stochastic gradient descent adds to every gradient."""
    view: tuple[tuple[float, float], ...]
    """The lower and upper end of each axis of a figure."""
    limit: float = 1e60
    """A path ends before the size of a parameter exceeds this, so that C stays finite."""

    @property
    def parameters(self) -> tuple[str, ...]:
        """The letters of the parameters."""
        return ("w", "v")[: len(self.slopes)]

    @property
    def minima(self) -> tuple[CriticalPoint, ...]:
        """The local minima, the deepest first."""
        return tuple(point for point in self.critical_points if point.kind == "minimum")

    def cost(self, points: ArrayLike) -> Array:
        """Return C, of shape (...), at points of shape (..., d)."""
        return np.asarray(self.function(*np.moveaxis(np.asarray(points, dtype=np.float64), -1, 0)))

    def curve(self, low: float | Array, high: float | Array, count: int = 121) -> tuple[Array, Array]:
        """Return w and C of a cost of one parameter, both of shape (..., count), between bounds of shape (...)."""
        w = np.linspace(low, high, count, axis=-1)
        return w, self.cost(w[..., None])

    def surface(self, count: int = 150) -> tuple[Array, Array, Array]:
        """Return w (count,), v (count,) and C[v, w] of a cost of two parameters, at the cell centres of its view."""
        w, v = (low + (np.arange(count) + 0.5) * (high - low) / count for low, high in self.view)
        return w, v, self.cost(np.stack(np.broadcast_arrays(w, v[:, None]), axis=-1))

    def gradient(self, points: ArrayLike) -> Array:
        """Return dC/dw (and dC/dv), of shape (..., d), at points of shape (..., d)."""
        parameters = np.moveaxis(np.asarray(points, dtype=np.float64), -1, 0)
        return np.stack([slope(*parameters) for slope in self.slopes], axis=-1)


def loss_surface(name: str) -> LossSurface:
    """Return the loss surface of this name; raise ValueError if the catalogue has none."""
    if name not in LOSS_SURFACES:
        raise ValueError(f"expected a cost out of {', '.join(LOSS_SURFACES)}, received {name!r}")
    return LOSS_SURFACES[name]


_ETA = Range(0.0, 1.5, 0.1, 0.01)
_DEEP, _TOP, _SHALLOW = sorted(float(root) for root in np.roots([1 / 9, 0, -1, 0.5]).real)
"""The roots of the derivative of the double well, w(w² - 9)/9 + 1/2."""

_CATALOGUE = (
    LossSurface(
        "w2",
        "C = w²",
        "w^2",
        lambda w: w * w,
        (lambda w: 2 * w,),
        "w * w",
        ("2 * w",),
        (r"2\cdot {w}",),
        (CriticalPoint((0.0,), "minimum", "the minimum"),),
        eta=_ETA,
        starts=(Range(-5.0, 5.0, 4.0, 0.1),),
        steps=Range(1, 50, 20, 1),
        noise=2.0,
        view=((-5.0, 5.0),),
        limit=1e100,
    ),
    LossSurface(
        "double_well",
        "two valleys",
        r"\tfrac{1}{36}(w^2 - 9)^2 + \tfrac12 w",
        lambda w: (w * w - 9) * (w * w - 9) / 36 + w / 2,
        (lambda w: w * (w * w - 9) / 9 + 0.5,),
        "(w * w - 9) * (w * w - 9) / 36 + w / 2",
        ("w * (w * w - 9) / 9 + 0.5",),
        (r"\tfrac19\cdot {w}\cdot ({w}^2 - 9) + 0.5",),
        (
            CriticalPoint((_DEEP,), "minimum", "the left, deeper minimum"),
            CriticalPoint((_SHALLOW,), "minimum", "the right, higher minimum"),
            CriticalPoint((_TOP,), "hilltop", "the hilltop between the valleys"),
        ),
        eta=_ETA,
        starts=(Range(-5.0, 5.0, 4.0, 0.1),),
        steps=Range(1, 50, 20, 1),
        noise=2.0,
        view=((-5.5, 5.5),),
    ),
    LossSurface(
        "bowl",
        "an elongated bowl",
        r"\tfrac{1}{10}w^2 + v^2",
        lambda w, v: w * w / 10 + v * v,
        (lambda w, v: w / 5, lambda w, v: 2 * v),
        "w * w / 10 + v * v",
        ("w / 5", "2 * v"),
        (r"\tfrac15\cdot {w}", r"2\cdot {v}"),
        (CriticalPoint((0.0, 0.0), "minimum", "the minimum"),),
        eta=_ETA,
        starts=(Range(-5.0, 5.0, 4.0, 0.1), Range(-5.0, 5.0, 3.0, 0.1)),
        steps=Range(1, 50, 20, 1),
        noise=1.0,
        view=((-5.5, 5.5), (-5.5, 5.5)),
        limit=1e100,
    ),
    LossSurface(
        "saddle",
        "a saddle between two valleys",
        r"w^2 + \tfrac{1}{36}(v^2 - 9)^2",
        lambda w, v: w * w + (v * v - 9) * (v * v - 9) / 36,
        (lambda w, v: 2 * w, lambda w, v: v * (v * v - 9) / 9),
        "w * w + (v * v - 9) * (v * v - 9) / 36",
        ("2 * w", "v * (v * v - 9) / 9"),
        (r"2\cdot {w}", r"\tfrac19\cdot {v}\cdot ({v}^2 - 9)"),
        (
            CriticalPoint((0.0, 3.0), "minimum", "the upper minimum"),
            CriticalPoint((0.0, -3.0), "minimum", "the lower minimum"),
            CriticalPoint((0.0, 0.0), "saddle", "the saddle"),
        ),
        eta=Range(0.0, 1.5, 0.2, 0.01),
        starts=(Range(-5.0, 5.0, 4.0, 0.1), Range(-5.0, 5.0, 0.1, 0.1)),
        steps=Range(1, 50, 40, 1),
        noise=1.0,
        view=((-5.5, 5.5), (-5.5, 5.5)),
    ),
    LossSurface(
        "rosenbrock",
        "Rosenbrock's curved valley",
        r"(1 - w)^2 + 100\,(v - w^2)^2",
        lambda w, v: (1 - w) * (1 - w) + 100 * (v - w * w) * (v - w * w),
        (lambda w, v: 2 * (w - 1) - 400 * w * (v - w * w), lambda w, v: 200 * (v - w * w)),
        "(1 - w) * (1 - w) + 100 * (v - w * w) * (v - w * w)",
        ("2 * (w - 1) - 400 * w * (v - w * w)", "200 * (v - w * w)"),
        (r"2\,({w} - 1) - 400\cdot {w}\cdot ({v} - {w}^2)", r"200\,({v} - {w}^2)"),
        (CriticalPoint((1.0, 1.0), "minimum", "the minimum"),),
        eta=Range(0.0, 0.003, 0.001, 0.0001),
        starts=(Range(-2.0, 2.0, -1.2, 0.1), Range(-1.0, 3.0, 1.0, 0.1)),
        steps=Range(20, 1000, 200, 20),
        noise=20.0,
        view=((-2.1, 2.1), (-1.1, 3.1)),
    ),
)
LOSS_SURFACES: MappingProxyType[str, LossSurface] = MappingProxyType({each.name: each for each in _CATALOGUE})
"""All loss surfaces by their names in links."""
