"""Gradient descent on C = w², step by step, and what becomes of it.

One step is w - eta*2w = (1 - 2*eta)*w, hence after n steps w_n = w_0*(1 - 2*eta)^n: everything follows from the factor.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import numpy as np
from numpy.typing import NDArray

LIMIT = 1e100
"""A path ends before |w| exceeds this, so that C = w² stays a finite number."""

Outcome = Literal["at_minimum", "stands_still", "arrives", "converges", "swings_in", "swings", "diverges"]


@dataclass(frozen=True)
class Path:
    """Where the descent went: `w` of shape (steps taken + 1,), beginning with the start."""

    eta: float
    w: NDArray[np.float64]
    cut_off: bool
    """Whether it ended early because the next |w| would exceed `LIMIT`."""

    @property
    def cost(self) -> NDArray[np.float64]:
        """C = w² at each place."""
        return self.w**2

    @property
    def gradient(self) -> NDArray[np.float64]:
        """dC/dw = 2w at each place."""
        return 2.0 * self.w

    @property
    def substitutions(self) -> list[str]:
        """Each step taken with its numbers in it: `4 − 0.1·8 = 3.2`, six digits at most."""
        return [
            f"{_digits(w)} − {_digits(self.eta)}·{_bracketed(2 * w)} = {_digits(following)}"
            for w, following in zip(self.w[:-1], self.w[1:], strict=True)
        ]


@dataclass(frozen=True)
class Verdict:
    """What a step size leads to: in one word for programs, in a few for readers, and why."""

    outcome: Outcome
    words: str
    reason: str


def factor(eta: float) -> float:
    """1 - 2*eta, what every step multiplies w by; worked in decimals, so that eta = 0.35 gives 0.3 exactly."""
    return float(1 - 2 * Decimal(str(float(eta))))


def descend(eta: float, w0: float, steps: int) -> Path:
    """Take `steps` steps of size `eta` >= 0 from `w0` (up to `LIMIT`) on C = w²; ValueError for anything else."""
    _check(eta, w0)
    if steps < 0:
        raise ValueError(f"steps: expected 0 or more, received {steps}")
    path = [float(w0)]
    for _ in range(steps):
        w = path[-1]
        following = w - float(eta) * 2.0 * w
        if not abs(following) <= LIMIT:  # an overflow to infinity or nan ends here too
            break
        path.append(following)
    return Path(float(eta), np.array(path), cut_off=len(path) <= steps)


def verdict(eta: float, w0: float) -> Verdict:
    """What becomes of the descent from `w0` with step size `eta`, for ever continued; errors as in `descend`."""
    _check(eta, w0)
    r = factor(eta)
    times = f"every step multiplies w by {_digits(r)}"
    if w0 == 0:
        return Verdict("at_minimum", "Already at the minimum", "at w = 0 the gradient is 0, and no step size moves w.")
    if r == 1:
        return Verdict("stands_still", "Stands still", "with η = 0 no step is taken at all.")
    if r == 0:
        return Verdict("arrives", "Arrives in one step", "the factor is 0, so the first step lands on w = 0.")
    if 0 < r < 1:
        return Verdict("converges", "Converges", f"{times}, so it comes nearer from one side, ever more slowly.")
    if -1 < r < 0:
        return Verdict("swings_in", "Oscillates and converges", f"{times}: each step overshoots, yet lands nearer.")
    if r == -1:
        return Verdict("swings", "Oscillates for ever", f"{times}: the same two places in turn, and C never falls.")
    return Verdict("diverges", "Diverges", f"{times}: each step overshoots and lands farther away, without end.")


def _digits(value: float) -> str:
    """Six significant digits at most, with a true minus sign."""
    return f"{value:.6g}".replace("-", "−")


def _bracketed(value: float) -> str:
    return f"({_digits(value)})" if value < 0 else _digits(value)


def _check(eta: float, w0: float) -> None:
    if not (math.isfinite(eta) and eta >= 0):
        raise ValueError(f"eta: expected a finite step size of 0 or more, received {eta}")
    if not abs(w0) <= LIMIT:
        raise ValueError(f"w0: expected a start between -{LIMIT:g} and {LIMIT:g}, received {w0}")
