"""Gradient descent step by step on one of the loss surfaces by one of the optimisers, exact or with noise.

On C = w² one step is w - eta*2w = (1 - 2*eta)*w, hence after n steps w_n = w_0*(1 - 2*eta)^n: everything follows from
the factor. `convergence` judges where a descent ends.
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
    """A descent on one cost: the optimiser, its momentum, and the noise of its gradients."""

    landscape: LossSurface
    """The cost to descend on, of d parameters."""
    optimizer: Optimizer = OPTIMIZERS["momentum"]
    """The rule of each step; by default momentum, which is plain gradient descent when the momentum is 0."""
    momentum: float = 0.0
    """The share of the last step that is repeated, at least 0 and below 1; rules without momentum ignore it."""
    seed: int | None = None
    """The seed of the noise added to every gradient, or None for no noise; more steps continue the same noise."""

    def __post_init__(self) -> None:
        """Raise ValueError for a momentum out of range."""
        if not 0 <= self.momentum < 1:
            raise ValueError(f"momentum: expected at least 0 and below 1, received {self.momentum}")

    def noise(self, steps: int) -> Array:
        """Return the noise to add to the gradients, of shape (steps, d): normally distributed, or 0 without a seed."""
        shape = (steps, len(self.landscape.parameters))
        if self.seed is None:
            return np.zeros(shape)
        return self.landscape.noise * np.random.default_rng(self.seed).standard_normal(shape)

    def walk(self, starts: ArrayLike, etas: ArrayLike, steps: int) -> Array:
        """Return many paths at once, of shape (..., steps + 1, d), with NaN after a path passed the limit of its cost.

        `starts` has the shape (..., d) and `etas` the shape (...); they broadcast against each other. Raises ValueError
        for a step size that is negative or not finite, a start beyond the limit, and a negative number of steps.
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
                for axis, slope in enumerate(self.landscape.slopes):
                    g[axis] = slope(*p)
                change, m, s = self.optimizer.update(StepState(g + noise[t - 1], m, s, t, sizes, self.momentum))
                np.add(p, change, out=points[t])
            inside = (np.abs(points) <= self.landscape.limit).all(axis=1, keepdims=True)
        points = np.where(np.logical_and.accumulate(inside), points, np.nan)
        return np.moveaxis(points, (0, 1), (-2, -1))

    def path(self, start: ArrayLike, eta: float, steps: int) -> Trajectory:
        """Return one path from `start`, of shape (d,), up to the limit of the cost; raise ValueError as `walk` does."""
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
                received = values[far].flat[0]
                raise ValueError(f"{letter}0: expected a start between -{limit:g} and {limit:g}, received {received}")
        if steps < 0:
            raise ValueError(f"steps: expected 0 or more, received {steps}")


@dataclass(frozen=True)
class Trajectory:
    """The path of one descent, beginning with its start."""

    descent: Descent
    eta: float
    points: Array
    """The parameters at the start and after each step, of shape (steps taken + 1, d)."""
    slopes: Array
    """The gradients at `points`, in the same shape, with noise at all but the last point."""
    cut_off: bool
    """Whether it ended early because a parameter would have exceeded the limit of the cost."""

    @property
    def cost(self) -> Array:
        """The cost C at each point, of shape (steps taken + 1,)."""
        return self.descent.landscape.cost(self.points)

    def substitutions(self, parameter: int = 0) -> list[str]:
        """Return each step with its numbers: `4 − 0.1·8 = 3.2`, or with momentum `3.2 + 0.9·(−0.8) − ...`."""
        values, equations, last = self.points[:, parameter], [], 0.0
        for w, slope, following in zip(values[:-1], self.slopes[:-1, parameter], values[1:], strict=True):
            velocity = (
                f" + {format_number(self.descent.momentum)}·{parenthesized(last)}"
                if self.descent.momentum and last
                else ""
            )
            step = f"{format_number(self.eta)}·{parenthesized(slope)}"
            equations.append(f"{format_number(w)}{velocity} − {step} = {format_number(following)}")
            last = following - w
        return equations


@dataclass(frozen=True)
class Trajectories:
    """P paths on one cost, to be drawn: one for each position of a control, or for each optimiser of a race."""

    landscape: LossSurface
    steps: NDArray[np.int64]
    """The numbers of the steps that are drawn, of shape (n,), ascending from 0."""
    points: Array
    """The point of each path at these steps, of shape (P, n, d); NaN after the end of a path."""
    verdicts: Sequence[str]
    """One verdict in words for each path."""

    @property
    def cost(self) -> Array:
        """The cost C at every point, of shape (P, n)."""
        return self.landscape.cost(self.points)

    @property
    def last(self) -> NDArray[np.int64]:
        """The index in `steps` at which each path ends, of shape (P,)."""
        return np.asarray(np.isfinite(self.points).all(axis=-1).sum(axis=1) - 1)

    @property
    def ends(self) -> Array:
        """The last point of each path, of shape (P, d)."""
        return self.points[np.arange(len(self.points)), self.last]


def subsample(steps: int, most: int = 101) -> NDArray[np.int64]:
    """Return which of the steps 0 to `steps` to draw, about `most` of them: all, or every third, fifth, and so on.

    The stride is odd, so that a path which swings from side to side is still drawn swinging.
    """
    stride = 1
    while steps // stride + 1 > most:
        stride += 2
    return np.array([*range(0, steps, stride), steps])


def factor(eta: float) -> float:
    """Return 1 - 2*eta, by which every step on C = w² multiplies w; decimals make eta = 0.35 give exactly 0.3."""
    check_step_size(eta)
    return float(1 - 2 * decimal(eta))


def check_step_size(eta: float) -> None:
    """Raise ValueError for a step size that is negative or not finite."""
    if not (math.isfinite(eta) and eta >= 0):
        raise ValueError(f"eta: expected a finite step size of 0 or more, received {eta}")


@lru_cache(maxsize=10_000)
def decimal(number: float) -> Decimal:
    """Return the number as it is written in decimals: 0.35 becomes exactly 0.35."""
    return Decimal(str(float(number)))


def format_number(value: float) -> str:
    """Format a number with at most six significant digits and a true minus sign."""
    return f"{value:.6g}".replace("-", "−")


def parenthesized(value: float) -> str:
    """Format a number like `format_number`, in parentheses if it is negative."""
    return f"({format_number(value)})" if value < 0 else format_number(value)
