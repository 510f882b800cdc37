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

import numpy as np
from numpy.typing import NDArray
from platformdirs import user_data_path
from sqlalchemy import delete, func, literal, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from nncore.specs.experiment import Experiment
from nncore.storage.dataset_store import DatasetStore
from nncore.storage.network_store import NetworkStore
from nncore.storage.run_record import RunRecord, storable, this_server
from nncore.storage.run_reports import RunReports, backup_of, record_of, values_of
from nncore.storage.run_status import ACTIVE, Status
from nncore.storage.tables import FirstLayer, KeptBackup, Run, open_database
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
        self.reports = RunReports(self._session)
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
            queued=now,
            created=now,
            updated=now,
        )
        with self._session("written") as session:
            session.add(Run(**values_of(record, RunRecord.model_fields), shown=now.isoformat()))
        return record

    def update(
        self,
        run_id: str,
        *,
        attempt: int | None = None,
        while_in: Collection[Status] = (),
        weights: bytes | None = None,
        **fields: Any,
    ) -> bool:
        """Write these fields of RunRecord, and the time.

        False if the run is gone, has a later `attempt`, or is in none of the states `while_in` that it must be in.
        """
        if "history" in fields:
            fields["history"] = storable(fields["history"])
        if weights is not None:
            fields["weights"] = weights
        change = update(Run).where(Run.id == run_id).values(**fields, updated=datetime.now(UTC).isoformat())
        if attempt is not None:
            change = change.where(Run.attempt == attempt)
        if while_in:
            change = change.where(Run.status.in_(while_in))
        with self._session("written") as session:
            return _changed(session, change)

    def claim(self, record: RunRecord, **fields: Any) -> RunRecord | None:
        """Take an idle run over for this server as its next attempt, and change these fields of RunRecord.

        The run as it is then; None if somebody else was faster.
        """
        now = datetime.now(UTC)
        anew: dict[str, Any] = {"attempt": record.attempt + 1, "status": "waiting", "queued": now, "request": ""}
        anew |= {"server": this_server(), "worker": "", "beat": None, "batch": 0, "seconds_left": None, "updated": now}
        taken = record.model_copy(update={**fields, **anew})
        change = update(Run).where(Run.id == record.id, Run.attempt == record.attempt)
        with self._session("written") as session:
            return taken if _changed(session, change.values(**values_of(taken, {*fields, *anew}))) else None

    def adopt(self, record: RunRecord) -> bool:
        """Look after the run in place of its server, which has ended; False if somebody else was faster."""
        change = update(Run).where(Run.id == record.id, Run.attempt == record.attempt, Run.server == record.server)
        with self._session("written") as session:
            return _changed(session, change.values(server=this_server(), updated=datetime.now(UTC).isoformat()))

    def give_sign_of_life(self) -> None:
        """This server still looks after its runs that wait or train."""
        mine = update(Run).where(Run.server == this_server(), Run.status.in_(ACTIVE))
        with self._session("written") as session:
            session.execute(mine.values(updated=datetime.now(UTC).isoformat()))

    def load(self, run_id: str) -> RunRecord | None:
        """The run of this id, or None."""
        with self._session("read") as session:
            row = session.get(Run, run_id)
            return record_of(row) if row else None

    def load_weights(self, run_id: str) -> bytes | None:
        """The packed weights of `models.pack_weights`, or None if there is no such run or it has none."""
        with self._session("read") as session:
            return session.scalar(select(Run.weights).where(Run.id == run_id))

    def load_all(self, *, limit: int = 200) -> list[RunRecord]:
        """The newest runs first."""
        with self._session("read") as session:
            return [record_of(row) for row in session.scalars(select(Run).order_by(Run.created.desc()).limit(limit))]

    def load_active(self) -> list[RunRecord]:
        """All runs that wait or train, on any server or worker that is alive, the first in the queue first."""
        found = self.load_followed(())
        return sorted((run for run in found if run.status in ACTIVE), key=lambda run: run.queued)

    def load_followed(self, run_ids: Collection[str]) -> list[RunRecord]:
        """These runs, and all that are not at rest, also those whose worker and server are gone: in one statement."""
        followed = select(Run).where(Run.status.in_(ACTIVE) | Run.id.in_(run_ids))
        with self._session("read") as session:
            return [record_of(row) for row in session.scalars(followed)]

    def load_first_layers(self, run_ids: Collection[str]) -> dict[str, NDArray[np.float16]]:
        """The first layer's kernel after the last epoch of these runs, without those that have none."""
        with self._session("read") as session:
            rows = session.scalars(select(FirstLayer).where(FirstLayer.run_id.in_(run_ids))).all()
            return {row.run_id: np.frombuffer(row.kernel, np.float16).reshape(tuple(row.shape)) for row in rows}

    def load_backup(self, run_id: str) -> Backup | None:
        """The run's last backup, or None before its first epoch."""
        with self._session("read") as session:
            return backup_of(session.get(KeptBackup, run_id))

    def kept_epochs(self, run_id: str) -> int:
        """Epochs after which the run's last backup was kept; 0 without one."""
        with self._session("read") as session:
            return session.scalar(select(KeptBackup.epoch).where(KeptBackup.run_id == run_id)) or 0

    def delete(self, run_id: str) -> None:
        """Remove the run with all that belongs to it; one that is gone is no error."""
        with self._session("written") as session:
            for table in (KeptBackup, FirstLayer):
                session.execute(delete(table).where(table.run_id == run_id))
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
        parts = (Run.weights, KeptBackup.files, FirstLayer.kernel)
        size = sum((func.coalesce(func.length(part), 0) for part in parts), literal(0))
        since = (datetime.now(UTC) - timedelta(seconds=SHOWN_SECONDS)).isoformat()
        with self._session("read") as session:
            rows = session.execute(
                select(Run.id, Run.status, Run.shown, size)
                .outerjoin(KeptBackup, KeptBackup.run_id == Run.id)
                .outerjoin(FirstLayer, FirstLayer.run_id == Run.id)
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


@contextmanager
def _in_words(doing: str) -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise StoreError(f"The database of runs could not be {doing}: {cause}.") from None
