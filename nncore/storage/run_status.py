"""What may happen to a run, and what becomes of it: the states of a run as one table."""

from __future__ import annotations

from typing import Literal

Status = Literal["waiting", "training", "paused", "finished", "cancelled", "failed", "interrupted"]
Action = Literal["begin", "pause", "continue", "cancel", "finish", "fail", "lose", "delete"]
Request = Literal["", "pause", "cancel"]
"""What a worker is asked for."""

ACTIVE: tuple[Status, ...] = ("waiting", "training")
"""A run that a worker has or is to get."""

TRANSITIONS: dict[tuple[Status, Action], Status] = {
    ("waiting", "begin"): "training",
    ("waiting", "pause"): "paused",
    ("waiting", "cancel"): "cancelled",
    ("waiting", "fail"): "failed",
    ("waiting", "lose"): "interrupted",
    ("training", "begin"): "training",  # again, after its worker was lost
    ("training", "pause"): "paused",
    ("training", "cancel"): "cancelled",
    ("training", "finish"): "finished",
    ("training", "fail"): "failed",
    ("training", "lose"): "interrupted",
    ("paused", "continue"): "waiting",
    ("paused", "cancel"): "cancelled",
    ("interrupted", "continue"): "waiting",
    ("interrupted", "cancel"): "cancelled",
    ("failed", "continue"): "waiting",
    ("finished", "continue"): "waiting",
}
"""(state, action) -> state. What is over and idle can also be deleted."""

DONE: dict[Action, str] = {
    "begin": "begun",
    "pause": "paused",
    "continue": "continued",
    "cancel": "cancelled",
    "finish": "finished",
    "fail": "ended",
    "lose": "lost",
    "delete": "deleted",
}

WORDS: dict[str, str] = {
    "pause": "Paused: the worker is free for others.",
    "cancel": "Cancelled; the epochs trained so far are kept.",
}
"""What a run says that was stopped so."""


class NotPossibleError(ValueError):
    """The action does not fit the run's state; the message is a sentence for the page."""


def is_possible(status: Status, action: Action) -> bool:
    """Whether the action fits the state."""
    return status not in ACTIVE if action == "delete" else (status, action) in TRANSITIONS


def next_status(status: Status, action: Action) -> Status:
    """The state that follows; NotPossibleError if the action does not fit."""
    if not is_possible(status, action) or action == "delete":
        raise NotPossibleError(f"A run that is {status} cannot be {DONE[action]}.")
    return TRANSITIONS[status, action]
