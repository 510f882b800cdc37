"""The tables of runs and their backups, on SQLite and PostgreSQL, and how an older database gets what is new."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Engine, LargeBinary, String, Text, create_engine, event, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Mapped, deferred, mapped_column
from sqlalchemy.schema import CreateColumn

PATIENCE_MS = 5000
"""How long a writer waits for another one."""


class Base(DeclarativeBase):
    """All tables."""


class Run(Base):
    """A run. Times are UTC in ISO form, which sorts and travels between databases."""

    __tablename__ = "runs"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    status: Mapped[str] = mapped_column(String(16), index=True)
    owner: Mapped[str] = mapped_column(String(64), default="", index=True)
    nickname: Mapped[str] = mapped_column(String(64), default="", server_default="")
    attempt: Mapped[int] = mapped_column(default=1, server_default="1")
    segments: Mapped[list[Any]] = mapped_column(JSON, default=list, server_default="[]")
    request: Mapped[str] = mapped_column(String(16), default="", server_default="")
    server: Mapped[str] = mapped_column(String(200), default="", server_default="")
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
    shown: Mapped[str] = mapped_column(String(40), default="", server_default="")
    """When a page last showed it."""
    queued: Mapped[str] = mapped_column(String(40), default="", server_default="")
    """When this attempt was; empty in a row of an earlier version."""
    until: Mapped[int] = mapped_column(default=0, server_default="0")
    learning_rate: Mapped[float | None]
    worker: Mapped[str] = mapped_column(String(200), default="", server_default="")
    beat: Mapped[str] = mapped_column(String(40), default="", server_default="")
    epoch: Mapped[int] = mapped_column(default=0, server_default="0")
    batch: Mapped[int] = mapped_column(default=0, server_default="0")
    batches: Mapped[int] = mapped_column(default=0, server_default="0")
    seconds_left: Mapped[float | None]
    epoch_seconds: Mapped[float | None]
    updates: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    weights: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))


class KeptBackup(Base):
    """The last backup of a run: what `training.train` needs to go on."""

    __tablename__ = "backups"

    run_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    epoch: Mapped[int]
    history: Mapped[dict[str, Any]] = mapped_column(JSON)
    files: Mapped[bytes] = mapped_column(LargeBinary)


class FirstLayer(Base):
    """The first layer's kernel after a run's last epoch, for the screen; the run itself is written more often."""

    __tablename__ = "first_layers"

    run_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    shape: Mapped[list[int]] = mapped_column(JSON)
    kernel: Mapped[bytes] = mapped_column(LargeBinary)
    """As float16, in C order."""


def open_database(url: str) -> Engine:
    """An engine for SQLAlchemy's `url`, with all tables and columns there; SQLAlchemyError if that fails."""
    engine = create_engine(url, pool_pre_ping=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _configure_sqlite)
    try:
        _bring_up_to_date(engine)
    except DBAPIError:  # another server did the same at the same moment, or there is a real trouble: then again
        _bring_up_to_date(engine)
    return engine


def _bring_up_to_date(engine: Engine) -> None:
    Base.metadata.create_all(engine)
    for table in Base.metadata.sorted_tables:
        known = {column["name"] for column in inspect(engine).get_columns(table.name)}
        for column in table.columns:
            if column.name not in known:
                definition = CreateColumn(column).compile(dialect=engine.dialect)
                with engine.begin() as connection:
                    connection.execute(text(f"ALTER TABLE {table.name} ADD COLUMN {definition}"))


def _configure_sqlite(connection: Any, _record: Any) -> None:
    """Readers beside one writer, and patience with another writer."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute(f"PRAGMA busy_timeout={PATIENCE_MS}")
