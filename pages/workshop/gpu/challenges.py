"""The challenges of /gpu: two guesses, and a rate that the timings have in common."""

from __future__ import annotations

from collections.abc import Sequence

from nncore.training.epoch_timing import LECTURE, Timing

FULL = 60_000
CLOSE = 0.3
"""The relative error that a guess of the measured seconds may have."""
SPEEDUP = LECTURE["CPU"][250_000] / LECTURE["GPU"][250_000]


def solved_by(speedup: float, guess: float, measured: Sequence[Timing]) -> dict[str, bool]:
    """Whether each challenge is solved by the guessed speed-up, the guessed seconds and the measured timings."""
    full = [timing.seconds for timing in measured if timing.pictures == FULL]
    rates = [timing.pictures / timing.seconds for timing in measured]
    return {
        "speedup": abs(speedup - SPEEDUP) < 0.1,
        "guess": any(abs(guess - seconds) <= CLOSE * seconds for seconds in full),
        "constant": len({timing.pictures for timing in measured}) >= 3 and max(rates) <= 1.5 * min(rates),
    }
