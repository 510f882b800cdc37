"""Each challenge is solved by numbers that meet it, and not by such as come close."""

import pytest

from pages.learning.cost.challenges import solved_by
from tests.pages.cost.given import settings_of

EXACT = {"slope": 0.36, "offset": 1.3}


@pytest.mark.parametrize(
    ("name", "meets", "close"),
    [
        ("stuck", {"w": 2, "b": 2}, {}),
        ("stuck", {"w": -2, "b": -2, "y": 1}, {"w": 2, "b": 2, "y": 1}),
        ("least", {"w": -1, "b": 1}, {"w": 0, "b": 0}),
        ("race", {"w": 2, "b": 2}, {"w": 2, "b": 2, "steps": 300}),
        ("smallest", {"slope": 0.48, "offset": 1.4}, EXACT),
        ("exact", EXACT, {"slope": 0.36, "offset": 1.35}),
    ],
)
def test_a_challenge_is_solved_by_what_meets_it_and_not_by_what_comes_close(name, meets, close):
    assert (solved_by(settings_of(**meets))[name], solved_by(settings_of(**close))[name]) == (True, False)
