"""Each challenge is solved by settings that meet it, and not by such as come close."""

import pytest

from pages.learning.gradient_descent.challenges import solved_by
from tests.pages.gradient_descent.given import convergence_of, settings_of

OVER = {"cost": "double_well", "eta": 0.2, "momentum": 0.9}
SADDLE = {"cost": "saddle", "v0": 0, "seed": 1}


@pytest.mark.parametrize(
    ("name", "meets", "close"),
    [
        ("arrive", {"eta": 0.5}, {"eta": 0.49}),
        ("arrive", {"eta": 0.5}, {"eta": 0.5, "w0": 0}),
        ("arrive", {"eta": 0.5}, {"eta": 0.5, "momentum": 0.1}),
        ("swing", {"eta": 1.0}, {"eta": 0.99}),
        ("swing", {"eta": 1.0}, {"eta": 1.0, "cost": "bowl"}),
        ("mirror", {"eta": 0.99}, {"eta": 0.01}),
        ("mirror", {"eta": 0.99}, {"eta": 0.99, "seed": 1}),
        ("over", OVER, {**OVER, "momentum": 0.0}),
        ("over", OVER, {"cost": "double_well", "eta": 0.2, "w0": -4}),
        ("over", OVER, {**OVER, "seed": 1}),
        ("saddle", SADDLE, {**SADDLE, "seed": None}),
        ("saddle", SADDLE, {**SADDLE, "v0": 0.1}),
    ],
)
def test_a_challenge_is_solved_by_what_meets_it_and_not_by_what_comes_close(name, meets, close):
    solved = [
        solved_by(settings, convergence_of(settings)) for settings in (settings_of(**meets), settings_of(**close))
    ]
    assert [each[name] for each in solved] == [True, False]
