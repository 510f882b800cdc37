"""Each challenge of the page about the digits is solved by what meets it, and not by what comes close."""

import numpy as np
import pytest

from pages.digits.digits.challenges import NAMES, changed_by_centring, solved_by

COUNTS = {"train": np.array([3, 9, 2]), "test": np.array([9, 3, 2])}


@pytest.mark.parametrize(
    ("name", "meets", "close"),
    [
        ("frequent", ("train", 1, 5, 5), ("test", 1, 5, 5)),
        ("frequent", ("train", 1, 5, 5), ("train", 0, 5, 5)),
        ("misread", ("test", 0, 5, 3), ("test", 0, 5, 5)),
        ("misread", ("test", 0, 5, 3), ("train", 0, 5, 3)),
    ],
)
def test_a_challenge_is_solved_by_what_meets_it_and_not_by_what_comes_close(name, meets, close):
    solved = [solved_by(split, digit, COUNTS, label, predicted) for split, digit, label, predicted in (meets, close)]
    assert [each[name] for each in solved] == [True, False]
    assert tuple(solved[0]) == NAMES


def test_centring_changes_the_answer_only_if_another_digit_is_read():
    sure, doubtful, other = np.eye(10)[3], np.eye(10)[3] * 0.5, np.eye(10)[8]
    assert not changed_by_centring(sure, doubtful)
    assert changed_by_centring(sure, other)
