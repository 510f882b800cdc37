"""What becomes of a descent: exactly on C = w², and on every other cost by carrying the same path on.

Exactly: on C = w² with momentum mu, one step takes (w_j, w_j-1) to (a*w_j - mu*w_j-1, w_j) with a = 1 + mu - 2*eta. The
roots of z² - a*z + mu are what every step multiplies w by in the long run; without momentum they are 0 and the factor
1 - 2*eta. All |z| < 1 holds for 0 < eta < 1 + mu. (Polyak, 1964, https://doi.org/10.1016/0041-5553(64)90137-5.)
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
"""How many further steps a path is carried on, to see where it goes."""
NEAR = 0.01
"""A path has arrived when it comes this near to a place and stays."""
FAR = 1000.0
"""A path that has come this far from 0 does not come back; no place of a landscape is beyond 5."""

BETWEEN, WIDE = 1.5, 5.0
"""A path that noise keeps farther than this from a place is not at it: where there are several minima, and one."""


@dataclass(frozen=True)
class Verdict:
    """What a descent leads to: in one word for programs, in a few for readers, and why."""

    outcome: Outcome
    words: str
    reason: str


def exact_verdict(eta: float, w0: float, momentum: float = 0.0) -> Verdict:
    """What becomes of the descent on C = w² from `w0`, for ever continued; ValueError for an eta below 0."""
    check_step_size(eta)
    if w0 == 0:
        return Verdict("at_minimum", "Already at the minimum", "at w = 0 the gradient is 0, and no step size moves w.")
    if eta == 0:
        return Verdict("stands_still", "Stands still", "with η = 0 no step is taken at all.")
    return _with_momentum(eta, momentum) if momentum else _by_factor(factor(eta))


@lru_cache(maxsize=10_000)  # the same from wherever it starts
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
    kept, size = decimal(momentum), decimal(eta)
    if size >= 1 + kept:
        limit = f"momentum moves the limit of η from 1 to {format_number(1 + momentum)}"
        if size > 1 + kept:
            return Verdict("diverges", "Diverges", f"{limit}, and η = {format_number(eta)} lies beyond it.")
        return Verdict("swings", "Oscillates for ever", f"{limit}, and η lies on it: two places in turn.")
    a = 1 + kept - 2 * size
    discriminant = a * a - 4 * kept
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
    """Where a path goes that is carried on: to a place, round and round, or away."""

    kind: Literal[
        "certain", "place", "two_places", "never_settles", "creeps", "hovers", "wanders", "diverges", "starts_there",
        "no_step",
    ]  # fmt: skip
    place: CriticalPoint | None = None
    arrival: int = 0
    """The first step from which on it stays near the place; for a path that diverges, the last before it is far."""
    spread: float = 0.0
    """How far from the place noise keeps it, as a root of a mean square."""
    verdict: Verdict | None = None
    """What is certain, however many steps are looked at."""

    def after(self, steps: int) -> Verdict:
        """The verdict on the first `steps` steps of the path."""
        if self.verdict:
            return self.verdict
        name = self.place.words if self.place else ""
        if self.kind == "starts_there":
            at: Outcome = "at_minimum" if self.place and self.place.kind == "minimum" else "at_saddle"
            return Verdict(at, f"Already at {name}", "the gradient is exactly 0 there, and no step size moves it.")
        if self.kind in ("place", "hovers") and self.arrival > steps:
            when = (
                f"carried on, it arrives at about step {self.arrival}{'' if self.kind == 'place' else ' and hovers'}."
            )
            return Verdict("on_its_way", f"Still on its way to {name}", when)
        if self.kind == "place":
            stays = f"from step {self.arrival} on it stays within {NEAR} of it"
            if self.place and self.place.kind == "minimum":
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
        if self.kind == "two_places":
            return Verdict("swings", "Oscillates for ever", "it ends in two places in turn, and C never falls.")
        return Verdict(
            "swings", "Never settles", f"after {HORIZON} further steps it still jumps about, without a pattern."
        )


def extend(descent: Descent, starts: ArrayLike, etas: ArrayLike, steps: int) -> tuple[Array, list[Convergence]]:
    """Each of P paths and what becomes of it: points of shape (P, steps + 1, d) as of `Descent.walk`, and P fates.

    `starts` has the shape (P, d) or (d,), `etas` (P,) or ().
    """
    begin, sizes = np.atleast_2d(np.asarray(starts, dtype=np.float64)), np.atleast_1d(np.asarray(etas))
    if descent.landscape.name == "w2" and descent.optimizer.name in ("gd", "momentum") and descent.seed is None:
        momentum = descent.momentum if descent.optimizer.name == "momentum" else 0.0
        alike: dict[tuple[float, bool], Convergence] = {}  # of the same step size, but for who starts at the minimum
        certain = []
        for w0, eta in np.broadcast(begin[:, 0], sizes):
            kind = float(eta), bool(w0)
            if kind not in alike:
                alike[kind] = Convergence("certain", verdict=exact_verdict(kind[0], float(w0), momentum))
            certain.append(alike[kind])
        return descent.walk(begin, sizes, steps), certain
    walked = descent.walk(begin, sizes, steps + HORIZON)
    return walked[:, : steps + 1], _fates(descent, walked, np.broadcast_to(sizes, (len(walked),)))


def _fates(descent: Descent, walked: Array, sizes: Array) -> list[Convergence]:
    """The fates of P paths of shape (P, n, d): what most of them need is worked out for all at once."""
    places = descent.landscape.places
    points = np.array([place.point for place in places])
    moved = np.asarray(descent.landscape.gradient(walked[:, 0]).any(axis=-1) | (descent.seed is not None))
    far = np.asarray(~(np.abs(walked) <= FAR).all(axis=-1))
    nearest = np.linalg.norm(walked[:, None, -1] - points, axis=-1).argmin(axis=1)
    outside = np.asarray(~(((walked - points[nearest, None]) ** 2).sum(axis=-1) <= NEAR**2))
    arrivals = np.where(outside.any(axis=1), walked.shape[1] - outside[:, ::-1].argmax(axis=1), 0)
    found = []
    for p, (path, place) in enumerate(zip(walked, (places[k] for k in nearest), strict=True)):
        if not moved[p]:
            found.append(Convergence("starts_there", place))
        elif sizes[p] == 0:
            found.append(Convergence("no_step"))
        elif far[p].any():
            found.append(Convergence("diverges", arrival=int(far[p].argmax())))
        elif descent.seed is not None:
            found.append(_noisy_fate(descent, path))
        elif arrivals[p] < len(path) - HORIZON // 4:
            found.append(Convergence("place", place, int(arrivals[p])))
        else:
            found.append(_restless_fate(descent, path[-HORIZON // 2 :], place))
    return found


def _restless_fate(descent: Descent, tail: Array, place: CriticalPoint) -> Convergence:
    """Of a path that stays in the picture and has not come to a place: it swings, creeps or jumps about."""
    last = np.abs(tail[-1] - tail[-2]).max()
    if last > 1e-4 and np.abs(tail[2:] - tail[:-2])[-10:].max() < 1e-3 * last:
        return Convergence("two_places")
    falls = _falls(descent.landscape.cost(tail), above=float(descent.landscape.cost(place.point)))
    return Convergence("creeps" if falls else "never_settles")


def _noisy_fate(descent: Descent, points: Array) -> Convergence:
    """Of a path that noise keeps moving: near a place, between places, or still on its way."""
    tail = points[-HORIZON // 2 :]
    place, distances = _nearest(descent, tail, np.median(tail, axis=0))
    spread, several = float(np.sqrt((distances**2).mean())), len(descent.landscape.minima) > 1
    if not several and _falls(distances, blocks=5, share=0.8):
        return Convergence("creeps")
    if spread > (BETWEEN if several else WIDE):
        return Convergence("wanders")
    inside = _distances(points, place) <= spread
    return Convergence("hovers", place, int(inside.argmax()), spread)


def _falls(values: Array, above: float = 0.0, blocks: int = 10, share: float = 0.999) -> bool:
    """Whether the mean of each block is less than that of the one before, and the last below a share of the first."""
    means = values.reshape(blocks, -1).mean(axis=1) - above
    return bool((np.diff(means) < 0).all() and means[-1] < share * means[0])


def _nearest(descent: Descent, points: Array, to: Array) -> tuple[CriticalPoint, Array]:
    """The place that is nearest `to` a point, and the distance of each of `points` from it."""
    place = min(descent.landscape.places, key=lambda place: float(_distances(to, place)))
    return place, _distances(points, place)


def _distances(points: Array, place: CriticalPoint) -> Array:
    return np.asarray(np.linalg.norm(points - np.array(place.point), axis=-1))
