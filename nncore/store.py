"""Runs kept in a database: what was trained, how far it got, what came of it, and the weights.

SQLite in the user's data folder by default; NNCORE_DATABASE_URL names any database that SQLAlchemy speaks to.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Literal

from platformdirs import user_data_path
from pydantic import BaseModel, ConfigDict
from sqlalchemy import JSON, LargeBinary, String, Text, create_engine, event, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, deferred, mapped_column, sessionmaker

from nncore.specs import Experiment

Status = Literal["waiting", "training", "finished", "cancelled", "failed", "interrupted"]
STALE_SECONDS = 30
"""A run that says it trains but was not written for so long has lost its server."""


class StoreError(RuntimeError):
    """The database could not be read or written; the message is a sentence for the page."""


class RunRecord(BaseModel):
    """A run as the database knows it, without its weights. Accuracies are shares from 0 to 1."""

    model_config = ConfigDict(frozen=True)

    id: str
    experiment: Experiment
    status: Status = "waiting"
    owner: str = ""
    history: dict[str, list[float]] = {}
    test_loss: float | None = None
    test_accuracy: float | None = None
    wrong: int | None = None
    tested: int | None = None
    seconds: float | None = None
    message: str = ""
    device: str = ""
    versions: dict[str, str] = {}
    created: datetime
    updated: datetime


class _Base(DeclarativeBase):
    pass


class _Run(_Base):
    """The table. Times are UTC in ISO form, which sorts and travels between databases."""

    __tablename__ = "runs"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    status: Mapped[str] = mapped_column(String(16), index=True)
    owner: Mapped[str] = mapped_column(String(64), default="", index=True)
    experiment: Mapped[dict[str, Any]] = mapped_column(JSON)
    history: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    test_loss: Mapped[float | None]
    test_accuracy: Mapped[float | None]
    wrong: Mapped[int | None]
    tested: Mapped[int | None]
    seconds: Mapped[float | None]
    message: Mapped[str] = mapped_column(Text, default="")
    device: Mapped[str] = mapped_column(Text, default="")
    versions: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created: Mapped[str] = mapped_column(String(40), index=True)
    updated: Mapped[str] = mapped_column(String(40))
    weights: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))


class Store:
    """Runs in one database. Every method raises StoreError if the database does not do its part."""

    def __init__(self, url: str) -> None:
        """Open, and make the table where it is missing; `url` is SQLAlchemy's."""
        self.url = url
        with _in_words("opened"):
            self._engine = create_engine(url, pool_pre_ping=True)
            if self._engine.dialect.name == "sqlite":
                event.listen(self._engine, "connect", _configure_sqlite)
            _Base.metadata.create_all(self._engine)
        self._sessions = sessionmaker(self._engine, expire_on_commit=False)

    def create(self, run_id: str, experiment: Experiment, owner: str = "") -> RunRecord:
        """A new run that waits."""
        now = datetime.now(UTC)
        record = RunRecord(id=run_id, experiment=experiment, owner=owner, created=now, updated=now)
        with self._session("written") as session:
            session.add(_Run(**record.model_dump(mode="json")))
        return record

    def update(self, run_id: str, *, weights: bytes | None = None, **fields: Any) -> None:
        """Write these fields of RunRecord, and the time; a run that is gone is no error."""
        with self._session("written") as session:
            row = session.get(_Run, run_id)
            if row is None:
                return
            for name, value in fields.items():
                setattr(row, name, value)
            if weights is not None:
                row.weights = weights
            row.updated = datetime.now(UTC).isoformat()

    def load(self, run_id: str) -> RunRecord | None:
        """The run of this id, or None."""
        with self._session("read") as session:
            row = session.get(_Run, run_id)
            return _record(row) if row else None

    def load_weights(self, run_id: str) -> bytes | None:
        """The packed weights of `models.pack_weights`, or None if there is no such run or it has none."""
        with self._session("read") as session:
            return session.scalar(select(_Run.weights).where(_Run.id == run_id))

    def load_all(self, *, limit: int = 200) -> list[RunRecord]:
        """The newest runs first."""
        with self._session("read") as session:
            return [_record(row) for row in session.scalars(select(_Run).order_by(_Run.created.desc()).limit(limit))]

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


def _default_url() -> str:
    folder = user_data_path("neurons-to-networks")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"The folder for runs could not be made: {error}") from None
    return f"sqlite:///{folder / 'runs.db'}"


def _configure_sqlite(connection: Any, _record: Any) -> None:
    """Readers beside one writer, and five seconds of patience with another writer."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA busy_timeout=5000")


def _record(row: _Run) -> RunRecord:
    fields = {name: getattr(row, name) for name in RunRecord.model_fields}
    record = RunRecord.model_validate(fields)
    age = (datetime.now(UTC) - record.updated).total_seconds()
    if record.status in ("waiting", "training") and age > STALE_SECONDS:
        return record.model_copy(update={"status": "interrupted"})
    return record


@contextmanager
def _in_words(doing: str) -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise StoreError(f"The database of runs could not be {doing}: {cause}.") from None
