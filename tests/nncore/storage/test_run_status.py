"""What may happen to a run, and what becomes of it."""

from typing import get_args

import pytest

from nncore.storage.run_status import ACTIVE, TRANSITIONS, Action, NotPossibleError, Status, is_possible, next_status

OVER = [status for status in get_args(Status) if status not in ACTIVE]


def test_every_state_is_reached_and_none_is_left_by_chance():
    assert set(TRANSITIONS.values()) | {"waiting"} == set(get_args(Status))
    assert {status for status, _ in TRANSITIONS} == set(get_args(Status)) - {"cancelled"}
    assert {action for _, action in TRANSITIONS} == set(get_args(Action)) - {"delete"}


@pytest.mark.parametrize("status", ACTIVE)
@pytest.mark.parametrize(
    ("action", "following"), [("pause", "paused"), ("cancel", "cancelled"), ("lose", "interrupted")]
)
def test_a_run_that_waits_or_trains_can_be_stopped_or_lost(status, action, following):
    assert next_status(status, action) == following


@pytest.mark.parametrize("status", ["paused", "interrupted", "failed", "finished"])
def test_a_run_at_rest_waits_again_when_it_is_continued(status):
    assert next_status(status, "continue") == "waiting"


@pytest.mark.parametrize("status", OVER)
def test_only_a_run_at_rest_is_deleted_and_none_is_paused_again(status):
    assert is_possible(status, "delete")
    with pytest.raises(NotPossibleError, match=f"A run that is {status} cannot be paused"):
        next_status(status, "pause")


def test_what_is_cancelled_stays_so():
    assert not any(is_possible("cancelled", action) for action in get_args(Action) if action != "delete")
