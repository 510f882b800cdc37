"""Uploaded networks in the database of runs, where every server and every worker finds them.

The newest are kept, as many as fit; a network is reachable only through its id.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import LargeBinary, String, delete, func, select
from sqlalchemy.orm import Mapped, Session, deferred, mapped_column

from nncore.storage.tables import Base

ROOM = 200_000_000
"""Bytes that all files may take together; a network of the lecture's size takes one million, the largest twenty."""
LONGEST_NAME = 60


class UploadedNetworkRow(Base):
    """A network and the results of its trial. Times are UTC in ISO form."""

    __tablename__ = "networks"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    scale: Mapped[bool]
    raw_accuracy: Mapped[float]
    scaled_accuracy: Mapped[float]
    softmax_added: Mapped[bool]
    parameters: Mapped[int]
    created: Mapped[str] = mapped_column(String(40), index=True)
    file: Mapped[bytes] = deferred(mapped_column(LargeBinary))


class UploadedNetwork(BaseModel):
    """The description of an uploaded network, without its file. Accuracies are 0 to 1, on 1,000 test digits."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: str
    name: str
    """The name of the uploaded file."""
    scale: bool
    """Whether pixel values are divided by 255 for it, because it classifies digits better then."""
    raw_accuracy: float
    """Accuracy with pixel values from 0 to 255; -1 if an output was not finite."""
    scaled_accuracy: float
    """Accuracy with pixel values divided by 255; -1 if an output was not finite."""
    softmax_added: bool
    """Whether a softmax was added after the last layer, because the outputs were no probabilities."""
    parameters: int
    created: datetime


class NetworkStore:
    """The uploaded networks in the database. Every method raises StoreError if the database does not answer."""

    def __init__(self, session: Callable[[str], AbstractContextManager[Session]]) -> None:
        """`session` opens a session of the store, given `read` or `written` for its error message."""
        self._session = session

    def keep(self, file: bytes, about: UploadedNetwork, *, room: int = ROOM) -> None:
        """Store this `.keras` file, and delete the oldest others until all of them take at most `room` bytes."""
        with self._session("written") as session:
            session.add(UploadedNetworkRow(**about.model_dump(mode="json"), file=file))
            session.flush()
            sizes = select(UploadedNetworkRow.id, func.length(UploadedNetworkRow.file)).where(
                UploadedNetworkRow.id != about.id
            )
            taken, surplus = len(file), []
            for identity, size in session.execute(sizes.order_by(UploadedNetworkRow.created.desc())).all():
                taken += size
                surplus += [identity] if taken > room else []
            session.execute(delete(UploadedNetworkRow).where(UploadedNetworkRow.id.in_(surplus)))

    def find(self, identity: str) -> UploadedNetwork | None:
        """Return the description of the network with this id, or None if it is not stored here."""
        with self._session("read") as session:
            row = session.get(UploadedNetworkRow, identity)
            return UploadedNetwork.model_validate(row) if row else None

    def load_file(self, identity: str) -> bytes | None:
        """Return the bytes of the network's `.keras` file, or None if it is not stored here."""
        with self._session("read") as session:
            return session.scalar(select(UploadedNetworkRow.file).where(UploadedNetworkRow.id == identity))


def clean_file_name(given: str) -> str:
    """Clean a file name for display: no folders, control characters or surplus blanks, at most 60 characters."""
    last = given.replace("\\", "/").rsplit("/", 1)[-1]
    kept = " ".join("".join(letter if letter.isprintable() else " " for letter in last).split())
    return kept[:LONGEST_NAME].strip() or "network.keras"
