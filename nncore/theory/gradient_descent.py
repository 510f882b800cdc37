"""Gradient descent step by step, on one of the landscapes, by one of the optimisers, exactly or with noise.

On C = w² one step is w - eta*2w = (1 - 2*eta)*w, hence after n steps w_n = w_0*(1 - 2*eta)^n: everything follows from
the factor. What becomes of a descent is judged in `verdicts`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nncore.theory.loss_surfaces import LossSurface
from nncore.theory.optimizers import OPTIMIZERS, Optimizer, StepState

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Descent:
    """A way down: the cost, the rule of each step, how much momentum it keeps, and whether its slopes are noisy."""

    landscape: LossSurface
    optimizer: Optimizer = OPTIMIZERS["momentum"]
    """With a momentum of 0 this is plain gradient descent."""
    momentum: float = 0.0
    """The share of the last step that is kept, at least 0 and below 1; only rules that have a momentum use it."""
    seed: int | None = None
    """Of the noise that is added to every slope; None for none. More steps continue the same noise."""

    def __post_init__(self) -> None:
        """ValueError for a momentum out of range."""
        if not 0 <= self.momentum < 1:
            raise ValueError(f"momentum: expected at least 0 and below 1, received {self.momentum}")

    def noise(self, steps: int) -> Array:
        """What is added to the slopes of each step, of shape (steps, d): normally distributed, or 0."""
        shape = (steps, len(self.landscape.parameters))
        if self.seed is None:
            return np.zeros(shape)
        return self.landscape.noise * np.random.default_rng(self.seed).standard_normal(shape)

    def walk(self, starts: ArrayLike, etas: ArrayLike, steps: int) -> Array:
        """Many paths at once, of shape (..., steps + 1, d); NaN where a path was cut off at the landscape's limit.

        `starts` has the shape (..., d) and `etas` (...), broadcast against each other. ValueError for a step size that
        is negative or not finite, for a start beyond the limit and for a negative number of steps.
        """
        begin, sizes = np.asarray(starts, dtype=np.float64), np.asarray(etas, dtype=np.float64)
        self._check(begin, sizes, steps)
        shape = np.broadcast_shapes(begin.shape[:-1], sizes.shape)
        points = np.empty((steps + 1, begin.shape[-1], *shape))
        points[0] = np.stack([np.broadcast_to(part, shape) for part in np.moveaxis(begin, -1, 0)])
        m = s = np.zeros(points.shape[1:])
        g = np.empty(points.shape[1:])
        noise = self.noise(steps).reshape(steps, len(g), *(1 for _ in shape))
        with np.errstate(over="ignore", invalid="ignore"):
            for t in range(1, steps + 1):
                p = points[t - 1]
                for along, slope in enumerate(self.landscape.slopes):
                    g[along] = slope(*p)
                change, m, s = self.optimizer.rule(StepState(g + noise[t - 1], m, s, t, sizes, self.momentum))
                np.add(p, change, out=points[t])
            inside = (np.abs(points) <= self.landscape.limit).all(axis=1, keepdims=True)
        points = np.where(np.logical_and.accumulate(inside), points, np.nan)
        return np.moveaxis(points, (0, 1), (-2, -1))

    def path(self, start: ArrayLike, eta: float, steps: int) -> Trajectory:
        """One path from `start`, of shape (d,), up to the limit; errors as in `walk`."""
        points = self.walk(start, float(eta), steps)
        taken = int(np.isfinite(points).all(axis=-1).sum()) - 1
        slopes = self.landscape.gradient(points[: taken + 1])
        slopes[:taken] += self.noise(taken)
        return Trajectory(self, float(eta), points[: taken + 1], slopes, cut_off=taken < steps)

    def _check(self, starts: Array, etas: Array, steps: int) -> None:
        limit, wrong = self.landscape.limit, ~(np.isfinite(etas) & (etas >= 0))
        if wrong.any():
            raise ValueError(f"eta: expected a finite step size of 0 or more, received {etas[wrong].flat[0]}")
        if starts.shape[-1:] != (len(self.landscape.parameters),):
            raise ValueError(f"expected a start for {self.landscape.parameters}, received the shape {starts.shape}")
        for letter, values in zip(self.landscape.parameters, np.moveaxis(starts, -1, 0), strict=True):
            far = ~(np.abs(values) <= limit)
            if far.any():
                found = values[far].flat[0]
                raise ValueError(f"{letter}0: expected a start between -{limit:g} and {limit:g}, received {found}")
        if steps < 0:
            raise ValueError(f"steps: expected 0 or more, received {steps}")


@dataclass(frozen=True)
class Trajectory:
    """Where a descent went: `points` of shape (steps taken + 1, d), beginning with the start."""

    descent: Descent
    eta: float
    points: Array
    slopes: Array
    """The slopes as the descent saw them, of the shape of `points`: with noise, but for the last place's."""
    cut_off: bool
    """Whether it ended early because a parameter would exceed the landscape's limit."""

    @property
    def cost(self) -> Array:
        """C at each place, of shape (steps taken + 1,)."""
        return self.descent.landscape.cost(self.points)

    def substitutions(self, parameter: int = 0) -> list[str]:
        """Each step taken with its numbers in it: `4 − 0.1·8 = 3.2`; with momentum, `3.2 + 0.9·(−0.8) − ...`."""
        places, written, last = self.points[:, parameter], [], 0.0
        for w, slope, following in zip(places[:-1], self.slopes[:-1, parameter], places[1:], strict=True):
            kept = (
                f" + {format_number(self.descent.momentum)}·{parenthesized(last)}"
                if self.descent.momentum and last
                else ""
            )
            step = f"{format_number(self.eta)}·{parenthesized(slope)}"
            written.append(f"{format_number(w)}{kept} − {step} = {format_number(following)}")
            last = following - w
        return written


@dataclass(frozen=True)
class Trajectories:
    """P paths on one cost, one for each position of a control, to be drawn."""

    landscape: LossSurface
    numbers: NDArray[np.int64]
    """The steps that are drawn, of shape (n,), from 0 on."""
    points: Array
    """Where each path is at these steps, of shape (P, n, d); NaN from where it ends."""
    words: Sequence[str]
    """What becomes of each path."""

    @property
    def cost(self) -> Array:
        """C at every point, of shape (P, n)."""
        return self.landscape.cost(self.points)

    @property
    def last(self) -> NDArray[np.int64]:
        """The place in `numbers` where each path ends, of shape (P,)."""
        return np.asarray(np.isfinite(self.points).all(axis=-1).sum(axis=1) - 1)

    @property
    def ends(self) -> Array:
        """The last point of each path, of shape (P, d)."""
        return self.points[np.arange(len(self.points)), self.last]


def subsample(steps: int, most: int = 101) -> NDArray[np.int64]:
    """Which steps of 0 to `steps` to draw: all, or every third, fifth, ...; an odd stride keeps a swing a swing."""
    stride = 1
    while steps // stride + 1 > most:
        stride += 2
    return np.array([*range(0, steps, stride), steps])


def factor(eta: float) -> float:
    """1 - 2*eta, what every step multiplies w by; worked in decimals, so that eta = 0.35 gives 0.3 exactly."""
    check_step_size(eta)
    return float(1 - 2 * decimal(eta))


def check_step_size(eta: float) -> None:
    """ValueError for one that is negative or not finite."""
    if not (math.isfinite(eta) and eta >= 0):
        raise ValueError(f"eta: expected a finite step size of 0 or more, received {eta}")


@lru_cache(maxsize=10_000)
def decimal(number: float) -> Decimal:
    """The number as it is written, 0.35 as exactly 0.35."""
    return Decimal(str(float(number)))


def format_number(value: float) -> str:
    """Six significant digits at most, with a true minus sign."""
    return f"{value:.6g}".replace("-", "−")


def parenthesized(value: float) -> str:
    """As `format_number`, in brackets where it is negative."""
    return f"({format_number(value)})" if value < 0 else format_number(value)
