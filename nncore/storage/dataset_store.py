"""Uploaded data sets in the database of runs, where every server and every worker finds them.

A set stays as long as a stored run was trained on it; of the others, the oldest are deleted when room is needed.
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
"""Megabytes that all sets may take together, unless NNCORE_OWN_DATA_MB says otherwise."""
IDLE_SECONDS = 3600
"""A set that no page has shown for this long, and that no run uses, may be deleted to make room."""
NOTED_SECONDS = 60
"""How often it is written down that a set was shown."""


class NoRoomError(ValueError):
    """All room for uploaded data sets is taken by sets in use; the message is a sentence for the visitor."""


class UploadedDatasetRow(Base):
    """An uploaded data set. Times are UTC in ISO form."""

    __tablename__ = "datasets"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    train: Mapped[int]
    """How many training images it has."""
    test: Mapped[int]
    """How many test images it has."""
    size: Mapped[int]
    """How many bytes `arrays` takes."""
    digest: Mapped[str] = mapped_column(String(64), index=True)
    """SHA-256 of name and arrays, which finds the same upload again."""
    created: Mapped[str] = mapped_column(String(40))
    shown: Mapped[str] = mapped_column(String(40))
    """When a page last showed it, to NOTED_SECONDS."""
    arrays: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    """The .npz that `data.uploads.read.pack` makes."""


@dataclass(frozen=True)
class UploadedDataset:
    """The description of an uploaded data set, without its images."""

    key: str
    """Its name in `specs.experiment.TrainingSpec.data`, `own-…`."""
    name: str
    """The name of the uploaded file."""
    train: int
    """How many training images it has."""
    test: int
    """How many test images it has."""


class DatasetStore:
    """The uploaded data sets in the database. Every method raises StoreError if the database does not answer."""

    def __init__(self, session: Callable[[str], AbstractContextManager[Session]]) -> None:
        """`session` opens a session of the store, given `read` or `written` for its error message."""
        self._session = session

    def keep(self, packed: bytes, name: str, train: int, test: int) -> UploadedDataset:
        """Store the .npz that `data.uploads.read.pack` made of so many training and test images.

        The same file under the same name is stored once. Raises NoRoomError if it does not fit beside the sets in use.
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
        """Return the description of a set and note that it was shown; None if it is not stored here."""
        with self._session("read") as session:
            row = session.get(UploadedDatasetRow, key.removeprefix(UPLOAD_PREFIX))
            if row is None:
                return None
            if row.shown < _now(NOTED_SECONDS):
                row.shown = _now()
            return _describe(row)

    def load(self, key: str) -> tuple[UploadedDataset, bytes] | None:
        """Return the description of a set and the bytes of its .npz, or None if it is not stored here."""
        with self._session("read") as session:
            row = session.get(UploadedDatasetRow, key.removeprefix(UPLOAD_PREFIX))
            return (_describe(row), row.arrays) if row else None


def _make_room(session: Session, needed: int) -> None:
    """Delete idle sets, the longest unseen first, until `needed` bytes fit; raise NoRoomError if they cannot."""
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
