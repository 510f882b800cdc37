"""What the worker that trains a run writes of it, and what it reads there: whether to stop, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import update
from sqlalchemy.orm import Session

from nncore.storage.run_record import RunRecord, storable, storable_number
from nncore.storage.run_status import ACTIVE, Request
from nncore.storage.tables import FirstLayer, KeptBackup, Run
from nncore.training.checkpoint import Backup


@dataclass(frozen=True)
class Holder:
    """A worker process that has a run's attempt."""

    run_id: str
    attempt: int
    worker: str
    """As `records.this_server` names processes."""


class RunReports:
    """The worker's side of a database of runs. What a worker writes that has lost its run to another is not taken."""

    def __init__(self, session: Callable[[str], AbstractContextManager[Session]]) -> None:
        self._session = session

    def begin(self, holder: Holder) -> tuple[RunRecord, Backup | None] | None:
        """The worker takes the run: as it was before, and its last backup. None if there is nothing to train for it."""
        mine = update(Run).where(Run.id == holder.run_id, Run.attempt == holder.attempt, Run.status.in_(ACTIVE))
        with self._session("written") as session:  # a write first: nobody comes between it and what follows
            if session.scalar(mine.values(attempt=holder.attempt).returning(Run.id)) is None:
                return None
            before = record_of(session.get_one(Run, holder.run_id))
            session.execute(mine.values(status="training", worker=holder.worker, beat=_now()))
            return before, backup_of(session.get(KeptBackup, holder.run_id))

    def write(
        self,
        holder: Holder,
        fields: dict[str, Any],
        backup: Backup | None = None,
        kernel: NDArray[np.float16] | None = None,
        *,
        ending: Callable[[Request], dict[str, Any]] | None = None,
    ) -> Request | None:
        """Write these fields of RunRecord, a newer backup and the first layer's kernel, in one piece.

        Returns what the worker is asked for, "" for nothing; None if the run is not the worker's any more, and then
        nothing is written. `ending` says from this what is written beside when the worker lets go of the run.
        """
        mine = update(Run).where(
            Run.id == holder.run_id,
            Run.attempt == holder.attempt,
            Run.worker == holder.worker,
            Run.status == "training",
        )
        with self._session("written") as session:
            change = mine.values(**_storable(fields), beat=_now())
            request: Request | None = session.scalar(change.returning(Run.request))
            if request is None:
                return None
            if backup is not None:
                kept = {"epoch": backup.epoch, "history": storable(backup.history), "files": backup.files}
                session.merge(KeptBackup(run_id=holder.run_id, **kept))
            if kernel is not None:
                shown = {"shape": list(kernel.shape), "kernel": kernel.tobytes()}
                session.merge(FirstLayer(run_id=holder.run_id, **shown))
            if ending is not None:
                session.execute(mine.values(**_storable(ending(request)), request="", updated=_now()))
            return request


def record_of(row: Run) -> RunRecord:
    """The row as it is seen now."""
    found = {name: getattr(row, name) for name in RunRecord.model_fields}
    found |= {"queued": row.queued or row.created, "beat": row.beat or None}
    return RunRecord.model_validate(found).as_seen_now()


def values_of(record: RunRecord, names: Iterable[str]) -> dict[str, Any]:
    """These fields of the record as the row has them."""
    values = record.model_dump(mode="json", include=set(names))
    return values | ({"beat": values["beat"] or ""} if "beat" in values else {})


def backup_of(row: KeptBackup | None) -> Backup | None:
    """What the row keeps."""
    if row is None:
        return None
    history = {name: [float(value) for value in values] for name, values in row.history.items()}
    return Backup(row.epoch, history, row.files)


def _storable(fields: dict[str, Any]) -> dict[str, Any]:
    """As the database takes them: neither infinity nor "not a number" in JSON."""
    found = dict(fields)
    if "history" in found:
        found["history"] = storable(found["history"])
    if "updates" in found:
        found["updates"] = {name: storable_number(value) for name, value in found["updates"].items()}
    return found


def _now() -> str:
    return datetime.now(UTC).isoformat()
