"""Networks that visitors brought, in the database of runs, so that every server and every worker finds them.

The newest are kept, as many as there is room for; nobody who does not know its id comes to one.
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
"""Bytes of all files together; a network of the lecture's size takes one million, the largest possible twenty."""
LONGEST_NAME = 60


class KeptNetwork(Base):
    """A network and what its trial showed. Times are UTC in ISO form."""

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
    """What is known of a visitor's network without its file. Accuracies are shares, 0 to 1, of 1,000 test digits."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: str
    name: str
    """Of its file."""
    scale: bool
    """Whether grey values are divided by 255 for it: it reads digits better then."""
    raw_accuracy: float
    """With grey values from 0 to 255; -1 if an output was no number then."""
    scaled_accuracy: float
    """With grey values divided by 255; -1 likewise."""
    softmax_added: bool
    """Whether a softmax was put after its outputs, which were no shares."""
    parameters: int
    created: datetime


class NetworkStore:
    """The visitors' networks in a `store.Store`. Every method raises StoreError as the store's own do."""

    def __init__(self, session: Callable[[str], AbstractContextManager[Session]]) -> None:
        """`session` opens one of the store, told what it is for."""
        self._session = session

    def keep(self, file: bytes, about: UploadedNetwork, *, room: int = ROOM) -> None:
        """Keep this `.keras` file; the oldest others go until all of them take at most `room` bytes."""
        with self._session("written") as session:
            session.add(KeptNetwork(**about.model_dump(mode="json"), file=file))
            session.flush()
            sizes = select(KeptNetwork.id, func.length(KeptNetwork.file)).where(KeptNetwork.id != about.id)
            taken, surplus = len(file), []
            for identity, size in session.execute(sizes.order_by(KeptNetwork.created.desc())).all():
                taken += size
                surplus += [identity] if taken > room else []
            session.execute(delete(KeptNetwork).where(KeptNetwork.id.in_(surplus)))

    def find(self, identity: str) -> UploadedNetwork | None:
        """What is known of the network, or None if none of this id is kept here."""
        with self._session("read") as session:
            row = session.get(KeptNetwork, identity)
            return UploadedNetwork.model_validate(row) if row else None

    def load_file(self, identity: str) -> bytes | None:
        """The network's `.keras` file, or None."""
        with self._session("read") as session:
            return session.scalar(select(KeptNetwork.file).where(KeptNetwork.id == identity))


def clean_file_name(given: str) -> str:
    """The name of a file for reading: without folders, control characters and surplus blanks, at most 60 characters."""
    last = given.replace("\\", "/").rsplit("/", 1)[-1]
    kept = " ".join("".join(letter if letter.isprintable() else " " for letter in last).split())
    return kept[:LONGEST_NAME].strip() or "network.keras"
