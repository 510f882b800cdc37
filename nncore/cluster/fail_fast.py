"""A question that ends its worker is not put to the next one: whoever asked is told at once and may ask again.

Dask gives a task whose worker died to three more, which is right for a training and would cost a page half a minute
of workers that start and end.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from distributed import Scheduler, SchedulerPlugin

PREFIX = "question"
"""Of the keys of questions among all tasks."""


def new_key() -> str:
    """A question's name among all tasks."""
    return f"{PREFIX}-{uuid4().hex}"


class NoRetryPlugin(SchedulerPlugin):  # type: ignore[misc]  # a class of Dask's, which has no types
    """Has the scheduler count a question's first worker as its last chance."""

    idempotent = True
    """Where several servers bring it, the scheduler has it once."""

    def __init__(self) -> None:
        self._scheduler: Scheduler | None = None

    async def start(self, scheduler: Scheduler) -> None:
        """Remember whose tasks these are."""
        self._scheduler = scheduler

    def transition(self, key: Any, start: str, finish: str, *args: Any, stimulus_id: str, **kwargs: Any) -> None:
        """A question goes to a worker."""
        if self._scheduler and finish == "processing" and str(key).startswith(PREFIX):
            self._scheduler.tasks[key].suspicious = self._scheduler.allowed_failures
