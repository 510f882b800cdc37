"""Each challenge is solved by guesses and timings that meet it, and not by such as come close."""

import pytest

from nncore.training.epoch_timing import Timing
from pages.workshop.gpu.challenges import solved_by


def timed(pictures, seconds):
    return Timing(device="CPU", pictures=pictures, seconds=seconds, first_seconds=seconds)


@pytest.mark.parametrize(
    ("name", "meets", "close"),
    [
        ("speedup", (7.6, 0, []), (10.25, 0, [])),
        ("guess", (0, 10, [timed(60_000, 12.0)]), (0, 8, [timed(60_000, 12.0)])),
        ("guess", (0, 10, [timed(60_000, 12.0)]), (0, 10, [timed(20_000, 12.0)])),
        (
            "constant",
            (0, 0, [timed(5000, 1.0), timed(10_000, 2.2), timed(20_000, 3.9)]),
            (0, 0, [timed(5000, 1.0), timed(10_000, 2.2)]),
        ),
        (
            "constant",
            (0, 0, [timed(5000, 1.0), timed(10_000, 2.2), timed(20_000, 3.9)]),
            (0, 0, [timed(5000, 1.0), timed(10_000, 2.2), timed(20_000, 7.9)]),
        ),
    ],
)
def test_a_challenge_is_solved_by_what_meets_it_and_not_by_what_comes_close(name, meets, close):
    assert (solved_by(*meets)[name], solved_by(*close)[name]) == (True, False)


def test_without_guesses_and_timings_nothing_is_solved():
    assert solved_by(0, 0, []) == {"speedup": False, "guess": False, "constant": False}
