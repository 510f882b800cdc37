"""Each challenge is solved by settings that meet it, and not by such as come close."""

import pytest

from pages.learning.backpropagation.challenges import solved_by
from tests.pages.backpropagation.given import settings_of, step_of


@pytest.mark.parametrize(
    ("name", "meets", "close"),
    [
        ("most", {"phase": 7, "weight": "c"}, {"phase": 7, "weight": "v2"}),
        ("most", {"phase": 7, "weight": "c"}, {"phase": 6, "weight": "c"}),
        ("nothing", {"phase": 6, "weight": "w22", "x": (1.0, 0.0)}, {"phase": 6, "weight": "w21", "x": (1.0, 0.0)}),
        (
            "nothing",
            {"phase": 6, "activation": "relu", "x": (-2.0, 0.5), "weight": "b2"},
            {"phase": 6, "weight": "b2"},
        ),
        ("fast", {"updates": 100, "eta": 4.0}, {"updates": 100, "eta": 0.5}),
        ("fast", {"updates": 100, "eta": 4.0}, {"updates": 200, "eta": 4.0}),
        ("twins", {"updates": 100, "start": "equal"}, {"updates": 100, "start": "large"}),
    ],
)
def test_a_challenge_is_solved_by_what_meets_it_and_not_by_what_comes_close(name, meets, close):
    solved = [solved_by(step_of(settings), settings) for settings in (settings_of(**meets), settings_of(**close))]
    assert [each[name] for each in solved] == [True, False]
