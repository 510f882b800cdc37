"""The challenges of the page about GPUs: two guesses, and a rate that the timings have in common."""

from __future__ import annotations

from collections.abc import Sequence

from nncore.training.epoch_timing import LECTURE, Timing

FULL = 60_000
CLOSE = 0.3
"""A guess of seconds may be off by this share of the measured ones."""
SPEEDUP = LECTURE["CPU"][250_000] / LECTURE["GPU"][250_000]


def solved_by(speedup: float, guess: float, found: Sequence[Timing]) -> dict[str, bool]:
    """Which challenges are met by these guesses, of a factor and of seconds, and by what was timed."""
    full = [timed.seconds for timed in found if timed.pictures == FULL]
    rates = [timed.pictures / timed.seconds for timed in found]
    return {
        "speedup": abs(speedup - SPEEDUP) < 0.1,
        "guess": any(abs(guess - seconds) <= CLOSE * seconds for seconds in full),
        "constant": len({timed.pictures for timed in found}) >= 3 and max(rates) <= 1.5 * min(rates),
    }
