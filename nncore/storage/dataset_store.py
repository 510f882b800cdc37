"""Pictures of visitors' own in the database of runs, so that every server and every worker finds them.

A set stays as long as a run that is kept was trained on it; of the others, the oldest go when room is needed.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import LargeBinary, String, delete, func, select
from sqlalchemy.orm import Mapped, Session, deferred, mapped_column

from nncore.specs.experiment import UPLOAD_PREFIX
from nncore.storage.run_record import new_id
from nncore.storage.tables import Base, Run

DEFAULT_MB = 1000
"""Of all sets together, unless NNCORE_OWN_DATA_MB says otherwise."""
IDLE_SECONDS = 3600
"""A set that nobody looked at for so long, and that no run uses, may go to make room."""
NOTED_SECONDS = 60
"""How exactly it is known when a set was looked at."""


class NoRoomError(ValueError):
    """All room for own pictures is taken by sets in use; the message is a sentence."""


class UploadedDatasetRow(Base):
    """A set of pictures. Times are UTC in ISO form."""

    __tablename__ = "datasets"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    train: Mapped[int]
    test: Mapped[int]
    size: Mapped[int]
    """Bytes of `arrays`."""
    digest: Mapped[str] = mapped_column(String(64), index=True)
    created: Mapped[str] = mapped_column(String(40))
    shown: Mapped[str] = mapped_column(String(40))
    """When a page last showed it."""
    arrays: Mapped[bytes] = deferred(mapped_column(LargeBinary))


@dataclass(frozen=True)
class UploadedDataset:
    """What is known of a set without its pictures."""

    key: str
    """As `specs.TrainingSpec.data` has it."""
    name: str
    """Of the file that was uploaded."""
    train: int
    test: int


class DatasetStore:
    """The visitors' sets in one database. Every method raises StoreError if the database does not do its part."""

    def __init__(self, session: Callable[[str], AbstractContextManager[Session]]) -> None:
        """`session` opens a session of the store, told what it is for."""
        self._session = session

    def keep(self, packed: bytes, name: str, train: int, test: int) -> UploadedDataset:
        """Keep the .npz of `own_data.pack`; the same file under the same name is kept once.

        NoRoomError if it does not fit beside the sets that are in use.
        """
        name = name[-80:]
        digest, now = hashlib.sha256(name.encode() + b"\0" + packed).hexdigest(), _now()
        with self._session("written") as session:
            row = session.scalar(select(UploadedDatasetRow).where(UploadedDatasetRow.digest == digest))
            if row is None:
                _make_room(session, len(packed))
                counts = {"train": train, "test": test, "size": len(packed)}
                row = UploadedDatasetRow(
                    id=new_id(), name=name, digest=digest, created=now, arrays=packed, shown=now, **counts
                )
                session.add(row)
            row.shown = now
            return _describe(row)

    def find(self, key: str) -> UploadedDataset | None:
        """The set that this key names, which counts as looked at; None if it is not kept here."""
        with self._session("read") as session:
            row = session.get(UploadedDatasetRow, key.removeprefix(UPLOAD_PREFIX))
            if row is None:
                return None
            if row.shown < _now(NOTED_SECONDS):
                row.shown = _now()
            return _describe(row)

    def load(self, key: str) -> tuple[UploadedDataset, bytes] | None:
        """The set and its .npz, or None."""
        with self._session("read") as session:
            row = session.get(UploadedDatasetRow, key.removeprefix(UPLOAD_PREFIX))
            return (_describe(row), row.arrays) if row else None


def _make_room(session: Session, needed: int) -> None:
    """Remove idle sets, the oldest first, until `needed` bytes fit."""
    limit = int(float(os.environ.get("NNCORE_OWN_DATA_MB") or DEFAULT_MB) * 1e6)
    surplus = needed - limit + (session.scalar(select(func.sum(UploadedDatasetRow.size))) or 0)
    used = set(session.scalars(select(Run.experiment[("training", "data")].as_string()).distinct()))
    idle = (
        select(UploadedDatasetRow.id, UploadedDatasetRow.size)
        .where(UploadedDatasetRow.shown < _now(IDLE_SECONDS))
        .order_by(UploadedDatasetRow.shown)
    )
    for identity, size in session.execute(idle).all():
        if surplus <= 0:
            break
        if UPLOAD_PREFIX + identity not in used:
            session.execute(delete(UploadedDatasetRow).where(UploadedDatasetRow.id == identity))
            surplus -= size
    if surplus > 0:
        raise NoRoomError(
            f"Expected pictures that fit into the {limit / 1e6:,.4g} MB that this server has for visitors' own, beside "
            "those in use: delete runs on own pictures that nobody needs, or take fewer pictures."
        )


def _describe(row: UploadedDatasetRow) -> UploadedDataset:
    return UploadedDataset(UPLOAD_PREFIX + row.id, row.name, row.train, row.test)


def _now(seconds_ago: float = 0.0) -> str:
    return (datetime.now(UTC) - timedelta(seconds=seconds_ago)).isoformat()
