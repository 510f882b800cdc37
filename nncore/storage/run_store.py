"""Runs kept in a database: what was trained, how far it got, what came of it, the weights, and the last backup.

SQLite in the user's data folder by default; NNCORE_DATABASE_URL names any database that SQLAlchemy speaks to.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from platformdirs import user_data_path
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from nncore.specs.experiment import Experiment
from nncore.storage.dataset_store import DatasetStore
from nncore.storage.network_store import NetworkStore
from nncore.storage.run_record import RunRecord, storable, this_server
from nncore.storage.run_status import ACTIVE
from nncore.storage.tables import KeptBackup, Run, open_database
from nncore.training.checkpoint import Backup

SHOWN_SECONDS = 600
"""A run that a page showed within so long is not removed to make room."""


class StoreError(RuntimeError):
    """The database could not be read or written; the message is a sentence for the page."""


class Store:
    """Runs in one database. Every method raises StoreError if the database does not do its part."""

    def __init__(self, url: str) -> None:
        """Open, and make the tables where they are missing; `url` is SQLAlchemy's."""
        self.url = url
        with _in_words("opened"):
            self._engine = open_database(url)
        self._sessions = sessionmaker(self._engine, expire_on_commit=False)
        self.own_sets = DatasetStore(self._session)
        self.own_networks = NetworkStore(self._session)

    def create(self, run_id: str, experiment: Experiment, owner: str = "", nickname: str = "") -> RunRecord:
        """A new run of this server that waits; `owner` is an `owner_mark`."""
        now = datetime.now(UTC)
        record = RunRecord(
            id=run_id,
            experiment=experiment,
            owner=owner,
            nickname=nickname,
            server=this_server(),
            created=now,
            updated=now,
        )
        with self._session("written") as session:
            session.add(Run(**record.model_dump(mode="json"), shown=now.isoformat()))
        return record

    def update(self, run_id: str, *, attempt: int | None = None, weights: bytes | None = None, **fields: Any) -> bool:
        """Write these fields of RunRecord, and the time; False if the run is gone or has a later `attempt`."""
        if "history" in fields:
            fields["history"] = storable(fields["history"])
        if weights is not None:
            fields["weights"] = weights
        change = update(Run).where(Run.id == run_id).values(**fields, updated=datetime.now(UTC).isoformat())
        if attempt is not None:
            change = change.where(Run.attempt == attempt)
        with self._session("written") as session:
            return _changed(session, change)

    def claim(self, record: RunRecord, **fields: Any) -> RunRecord | None:
        """Take an idle run over for this server as its next attempt, and change these fields of RunRecord.

        The run as it is then; None if somebody else was faster.
        """
        attempt = {"attempt": record.attempt + 1, "status": "waiting", "server": this_server(), "request": ""}
        taken = record.model_copy(update={**fields, **attempt, "updated": datetime.now(UTC)})
        values = taken.model_dump(mode="json", include={*fields, *attempt, "updated"})
        change = update(Run).where(Run.id == record.id, Run.attempt == record.attempt).values(**values)
        with self._session("written") as session:
            return taken if _changed(session, change) else None

    def load(self, run_id: str) -> RunRecord | None:
        """The run of this id, or None."""
        with self._session("read") as session:
            row = session.get(Run, run_id)
            return _record(row) if row else None

    def load_weights(self, run_id: str) -> bytes | None:
        """The packed weights of `models.pack_weights`, or None if there is no such run or it has none."""
        with self._session("read") as session:
            return session.scalar(select(Run.weights).where(Run.id == run_id))

    def load_all(self, *, limit: int = 200) -> list[RunRecord]:
        """The newest runs first."""
        with self._session("read") as session:
            return [_record(row) for row in session.scalars(select(Run).order_by(Run.created.desc()).limit(limit))]

    def load_active(self) -> list[RunRecord]:
        """All runs that wait or train, on any server that is alive, the oldest first."""
        active = select(Run).where(Run.status.in_(ACTIVE)).order_by(Run.created)
        with self._session("read") as session:
            return [record for record in map(_record, session.scalars(active)) if record.status in ACTIVE]

    def keep_backup(self, run_id: str, attempt: int, backup: Backup) -> bool:
        """Keep this backup in place of the run's last one; False if the run is gone or has a later attempt.

        It is no sign of life of the run's server: a worker elsewhere trains on when that is killed.
        """
        same = update(Run).where(Run.id == run_id, Run.attempt == attempt)
        with self._session("written") as session:
            if not _changed(session, same.values(attempt=attempt)):  # a write, so that no later attempt comes between
                return False
            kept = {"epoch": backup.epoch, "history": storable(backup.history), "files": backup.files}
            session.merge(KeptBackup(run_id=run_id, **kept))
            return True

    def load_backup(self, run_id: str) -> Backup | None:
        """The run's last backup, or None before its first epoch."""
        with self._session("read") as session:
            row = session.get(KeptBackup, run_id)
            if row is None:
                return None
            history = {name: [float(value) for value in values] for name, values in row.history.items()}
            return Backup(row.epoch, history, row.files)

    def kept_epochs(self, run_id: str) -> int:
        """Epochs after which the run's last backup was kept; 0 without one."""
        with self._session("read") as session:
            return session.scalar(select(KeptBackup.epoch).where(KeptBackup.run_id == run_id)) or 0

    def delete(self, run_id: str) -> None:
        """Remove the run with all that belongs to it; one that is gone is no error."""
        with self._session("written") as session:
            session.execute(delete(KeptBackup).where(KeptBackup.run_id == run_id))
            session.execute(delete(Run).where(Run.id == run_id))

    def note_shown(self, run_ids: Collection[str]) -> None:
        """A page shows these runs now."""
        now = datetime.now(UTC).isoformat()
        with self._session("written") as session:
            session.execute(update(Run).where(Run.id.in_(run_ids)).values(shown=now))

    def trim(self, limit: int) -> list[str]:
        """Remove the oldest runs until weights and backups take at most `limit` bytes; the ids removed.

        Runs without a nickname go first. Active ones, and those that a page showed in the last ten minutes, stay.
        """
        size = func.coalesce(func.length(Run.weights), 0) + func.coalesce(func.length(KeptBackup.files), 0)
        since = (datetime.now(UTC) - timedelta(seconds=SHOWN_SECONDS)).isoformat()
        with self._session("read") as session:
            rows = session.execute(
                select(Run.id, Run.status, Run.shown, size)
                .outerjoin(KeptBackup, KeptBackup.run_id == Run.id)
                .order_by(Run.nickname != "", Run.created)
            ).all()
        surplus, removed = sum(row[3] for row in rows) - limit, []
        for run_id, status, shown, bytes_ in rows:
            if surplus <= 0:
                break
            if status not in ACTIVE and shown < since:
                self.delete(run_id)
                surplus -= bytes_
                removed.append(run_id)
        return removed

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()

    @contextmanager
    def _session(self, doing: str) -> Iterator[Session]:
        with _in_words(doing), self._sessions.begin() as session:
            yield session


@lru_cache(maxsize=1)
def default_store() -> Store:
    """The store of this process: NNCORE_DATABASE_URL, else `runs.db` in the user's data folder."""
    return Store(os.environ.get("NNCORE_DATABASE_URL") or _default_url())


@lru_cache(maxsize=4)
def open_store(url: str) -> Store:
    """The store at this address, opened once a process."""
    return Store(url)


def _default_url() -> str:
    folder = user_data_path("neurons-to-networks")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"The folder for runs could not be made: {error}") from None
    return f"sqlite:///{folder / 'runs.db'}"


def _changed(session: Session, change: Any) -> bool:
    return bool(session.execute(change).rowcount)  # type: ignore[attr-defined]  # a result of DML has it


def _record(row: Run) -> RunRecord:
    return RunRecord.model_validate({name: getattr(row, name) for name in RunRecord.model_fields}).as_seen_now()


@contextmanager
def _in_words(doing: str) -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise StoreError(f"The database of runs could not be {doing}: {cause}.") from None
