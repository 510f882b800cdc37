"""Each challenge is solved by chosen runs, or a search, that meet it, and not by such as come close."""

import pytest

from pages.workshop.runs.challenges import solved_by
from tests.pages.runs.examples import run_of, search_of

TWO = [run_of("model2", 0.9), run_of("model2", 0.95, units=64)]


@pytest.mark.parametrize(
    ("name", "meets", "close"),
    [
        ("one_setting", TWO, [TWO[0], run_of("model2", 0.95, units=64, seed=3)]),
        ("one_setting", TWO, [TWO[0], run_of("model2", None, units=64)]),
        ("one_setting", TWO, [*TWO, run_of("model2", 0.9, units=32)]),
        ("smaller", [run_of("model4", 0.99), run_of("model3", 0.98)], [run_of("model4", 0.99)]),
        ("smaller", [run_of("model4", 0.99), run_of("model3", 0.98)], TWO),
    ],
)
def test_a_challenge_is_solved_by_runs_that_meet_it_and_not_by_such_as_come_close(name, meets, close):
    assert (solved_by(meets, None)[name], solved_by(close, None)[name]) == (True, False)


@pytest.mark.parametrize(
    ("accuracies", "gains"),
    [((0.5, 0.4, 0.6, 0.45), True), ((0.6, 0.61, 0.5, 0.4), False), ((0.5, 0.4, 0.6), False)],
)
def test_a_search_solves_the_third_challenge_if_it_gains_two_points_in_four_trials(accuracies, gains):
    assert solved_by([], search_of(*accuracies)) == {"one_setting": False, "smaller": False, "search": gains}
