"""The end of a descent: derived exactly on C = w², and on every other cost found by extending the path.

On C = w² with momentum mu, one step takes (w_j, w_j-1) to (a*w_j - mu*w_j-1, w_j) with a = 1 + mu - 2*eta. The
roots of z² - a*z + mu are the factors by which a step multiplies w in the long run; without momentum
they are 0 and the factor 1 - 2*eta. All |z| < 1 holds for 0 < eta < 1 + mu. (Polyak, 1964, https://doi.org/10.1016/0041-5553(64)90137-5.)
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nncore.theory.gradient_descent import Descent, check_step_size, decimal, factor, format_number
from nncore.theory.loss_surfaces import CriticalPoint

Array = NDArray[np.float64]
Outcome = Literal[
    "at_minimum", "at_saddle", "stands_still", "arrives", "converges", "swings_in", "swings", "hovers", "on_its_way",
    "diverges",
]  # fmt: skip

HORIZON = 600
"""A path is extended by this many steps, to find out where it goes."""
NEAR = 0.01
"""A path has arrived when it comes this near to a critical point and stays."""
FAR = 1000.0
"""A path that is this far from 0 does not come back; no critical point of a loss surface is beyond 5."""

MAX_SPREAD, MAX_SPREAD_ALONE = 1.5, 5.0
"""A path that noise keeps farther than this from a minimum is not at it: among several minima, and at the only one."""


@dataclass(frozen=True)
class Verdict:
    """The outcome of a descent, in one word for programs and in a few for readers, with the reason."""

    outcome: Outcome
    words: str
    reason: str


def exact_verdict(eta: float, w0: float, momentum: float = 0.0) -> Verdict:
    """Return the verdict on an endless descent on C = w² from `w0`; raise ValueError for an `eta` below 0."""
    check_step_size(eta)
    if w0 == 0:
        return Verdict("at_minimum", "Already at the minimum", "at w = 0 the gradient is 0, and no step size moves w.")
    if eta == 0:
        return Verdict("stands_still", "Stands still", "with η = 0 no step is taken at all.")
    return _with_momentum(eta, momentum) if momentum else _by_factor(factor(eta))


@lru_cache(maxsize=10_000)  # the verdict is the same from every start
def _by_factor(r: float) -> Verdict:
    times = f"every step multiplies w by {format_number(r)}"
    if r == 0:
        return Verdict("arrives", "Arrives in one step", "the factor is 0, so the first step lands on w = 0.")
    if 0 < r < 1:
        return Verdict("converges", "Converges", f"{times}, so it comes nearer from one side, ever more slowly.")
    if -1 < r < 0:
        return Verdict("swings_in", "Oscillates and converges", f"{times}: each step overshoots, yet lands nearer.")
    if r == -1:
        return Verdict("swings", "Oscillates for ever", f"{times}: the same two places in turn, and C never falls.")
    return Verdict("diverges", "Diverges", f"{times}: each step overshoots and lands farther away, without end.")


@lru_cache(maxsize=10_000)
def _with_momentum(eta: float, momentum: float) -> Verdict:
    mu, size = decimal(momentum), decimal(eta)
    if size >= 1 + mu:
        limit = f"momentum moves the limit of η from 1 to {format_number(1 + momentum)}"
        if size > 1 + mu:
            return Verdict("diverges", "Diverges", f"{limit}, and η = {format_number(eta)} lies beyond it.")
        return Verdict("swings", "Oscillates for ever", f"{limit}, and η lies on it: two places in turn.")
    a = 1 + mu - 2 * size
    discriminant = a * a - 4 * mu
    if discriminant < 0:
        root = f"√{format_number(momentum)} = {format_number(momentum**0.5)}"
        turn = f"w rolls to and fro, and its swing shrinks by {root} a step."
        return Verdict("swings_in", "Oscillates and converges", turn)
    root = (float(abs(a)) + float(discriminant) ** 0.5) / 2
    if a < 0:
        sides = f"w jumps from side to side, in the long run by −{format_number(root)} a step."
        return Verdict("swings_in", "Oscillates and converges", sides)
    return Verdict("converges", "Converges", f"in the long run every step multiplies w by {format_number(root)}.")


@dataclass(frozen=True)
class Convergence:
    """The fate of an extended path: it reaches a critical point, never settles, or diverges."""

    kind: Literal[
        "certain", "arrives", "oscillates", "never_settles", "creeps", "hovers", "wanders", "diverges", "at_rest",
        "no_step",
    ]  # fmt: skip
    critical_point: CriticalPoint | None = None
    """The critical point at which the path ends, if it ends at one."""
    arrival: int = 0
    """The first step from which on the path stays near that point; for a path that diverges, the first that is far."""
    spread: float = 0.0
    """The root mean square distance from that point at which noise keeps the path."""
    verdict: Verdict | None = None
    """The verdict, if it is the same however many steps are taken."""

    def after(self, steps: int) -> Verdict:
        """Return the verdict on the first `steps` steps of the path."""
        if self.verdict:
            return self.verdict
        name = self.critical_point.label if self.critical_point else ""
        if self.kind == "at_rest":
            at: Outcome = "at_minimum" if self.critical_point and self.critical_point.kind == "minimum" else "at_saddle"
            return Verdict(at, f"Already at {name}", "the gradient is exactly 0 there, and no step size moves it.")
        if self.kind in ("arrives", "hovers") and self.arrival > steps:
            when = (
                f"carried on, it arrives at about step {self.arrival}{'' if self.kind == 'arrives' else ' and hovers'}."
            )
            return Verdict("on_its_way", f"Still on its way to {name}", when)
        if self.kind == "arrives":
            stays = f"from step {self.arrival} on it stays within {NEAR} of it"
            if self.critical_point and self.critical_point.kind == "minimum":
                return Verdict("arrives", f"Arrives at {name}", f"{stays}.")
            return Verdict("at_saddle", f"Stuck on {name}", f"{stays}: the gradient is 0, yet it is no minimum.")
        if self.kind == "hovers":
            reason = f"every slope is a little wrong, which keeps it about {self.spread:.2g} away."
            return Verdict("hovers", f"Hovers about {name}", reason)
        return self._unsettled(steps)

    def _unsettled(self, steps: int) -> Verdict:
        if self.kind == "no_step":
            return Verdict("stands_still", "Stands still", "with η = 0 no step is taken at all.")
        if self.kind == "diverges":
            when = f"{'carried on, ' if self.arrival > steps else ''}it is more than {FAR:g} away after"
            return Verdict("diverges", "Diverges", f"{when} {self.arrival} steps and goes ever farther.")
        if self.kind == "wanders":
            reason = "the noise is stronger than the pull back: each step may throw it anywhere."
            return Verdict("swings", "Wanders about", reason)
        if self.kind == "creeps":
            reason = f"it creeps: even {HORIZON} further steps do not bring it to a minimum."
            return Verdict("on_its_way", "Still on its way", reason)
        if self.kind == "oscillates":
            return Verdict("swings", "Oscillates for ever", "it ends in two places in turn, and C never falls.")
        return Verdict(
            "swings", "Never settles", f"after {HORIZON} further steps it still jumps about, without a pattern."
        )


def extend(descent: Descent, starts: ArrayLike, etas: ArrayLike, steps: int) -> tuple[Array, list[Convergence]]:
    """Return P paths, of shape (P, steps + 1, d) as `Descent.walk` gives them, and where each would end.

    `starts` has the shape (P, d) or (d,), and `etas` the shape (P,) or (). Raises ValueError as `Descent.walk` does.
    """
    begin, sizes = np.atleast_2d(np.asarray(starts, dtype=np.float64)), np.atleast_1d(np.asarray(etas))
    if descent.landscape.name == "w2" and descent.optimizer.name in ("gd", "momentum") and descent.seed is None:
        momentum = descent.momentum if descent.optimizer.name == "momentum" else 0.0
        alike: dict[tuple[float, bool], Convergence] = {}  # by step size, and whether it starts off the minimum
        certain = []
        for w0, eta in np.broadcast(begin[:, 0], sizes):
            kind = float(eta), bool(w0)
            if kind not in alike:
                alike[kind] = Convergence("certain", verdict=exact_verdict(kind[0], float(w0), momentum))
            certain.append(alike[kind])
        return descent.walk(begin, sizes, steps), certain
    walked = descent.walk(begin, sizes, steps + HORIZON)
    return walked[:, : steps + 1], _judge_paths(descent, walked, np.broadcast_to(sizes, (len(walked),)))


def _judge_paths(descent: Descent, walked: Array, sizes: Array) -> list[Convergence]:
    """Return the fates of P paths of shape (P, n, d), computed for all paths at once where possible."""
    candidates = descent.landscape.critical_points
    points = np.array([each.point for each in candidates])
    moved = np.asarray(descent.landscape.gradient(walked[:, 0]).any(axis=-1) | (descent.seed is not None))
    far = np.asarray(~(np.abs(walked) <= FAR).all(axis=-1))
    nearest = np.linalg.norm(walked[:, None, -1] - points, axis=-1).argmin(axis=1)
    outside = np.asarray(~(((walked - points[nearest, None]) ** 2).sum(axis=-1) <= NEAR**2))
    arrivals = np.where(outside.any(axis=1), walked.shape[1] - outside[:, ::-1].argmax(axis=1), 0)
    fates = []
    for p, (path, target) in enumerate(zip(walked, (candidates[k] for k in nearest), strict=True)):
        if not moved[p]:
            fates.append(Convergence("at_rest", target))
        elif sizes[p] == 0:
            fates.append(Convergence("no_step"))
        elif far[p].any():
            fates.append(Convergence("diverges", arrival=int(far[p].argmax())))
        elif descent.seed is not None:
            fates.append(_judge_noisy(descent, path))
        elif arrivals[p] < len(path) - HORIZON // 4:
            fates.append(Convergence("arrives", target, int(arrivals[p])))
        else:
            fates.append(_judge_restless(descent, path[-HORIZON // 2 :], target))
    return fates


def _judge_restless(descent: Descent, tail: Array, nearest: CriticalPoint) -> Convergence:
    """Tell whether a path that neither leaves nor arrives at a critical point oscillates, creeps or jumps about."""
    last = np.abs(tail[-1] - tail[-2]).max()
    if last > 1e-4 and np.abs(tail[2:] - tail[:-2])[-10:].max() < 1e-3 * last:
        return Convergence("oscillates")
    falls = _falls(descent.landscape.cost(tail), above=float(descent.landscape.cost(nearest.point)))
    return Convergence("creeps" if falls else "never_settles")


def _judge_noisy(descent: Descent, points: Array) -> Convergence:
    """Tell whether a path that noise keeps moving hovers about a critical point, wanders, or is still on its way."""
    tail = points[-HORIZON // 2 :]
    nearest, distances = _nearest(descent, tail, np.median(tail, axis=0))
    spread, several = float(np.sqrt((distances**2).mean())), len(descent.landscape.minima) > 1
    if not several and _falls(distances, blocks=5, share=0.8):
        return Convergence("creeps")
    if spread > (MAX_SPREAD if several else MAX_SPREAD_ALONE):
        return Convergence("wanders")
    inside = _distances(points, nearest) <= spread
    return Convergence("hovers", nearest, int(inside.argmax()), spread)


def _falls(values: Array, above: float = 0.0, blocks: int = 10, share: float = 0.999) -> bool:
    """Return whether the means of successive blocks fall, and the last one is below this share of the first."""
    means = values.reshape(blocks, -1).mean(axis=1) - above
    return bool((np.diff(means) < 0).all() and means[-1] < share * means[0])


def _nearest(descent: Descent, points: Array, to: Array) -> tuple[CriticalPoint, Array]:
    """Return the critical point that is nearest `to` a point, and the distance of each of `points` from it."""
    nearest = min(descent.landscape.critical_points, key=lambda each: float(_distances(to, each)))
    return nearest, _distances(points, nearest)


def _distances(points: Array, target: CriticalPoint) -> Array:
    return np.asarray(np.linalg.norm(points - np.array(target.point), axis=-1))
