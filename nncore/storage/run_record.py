"""A run as the database keeps it, whose it is, and the server that looks after it."""

from __future__ import annotations

import hashlib
import math
import secrets
import socket
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache

import psutil
from pydantic import BaseModel, ConfigDict

from nncore.specs.experiment import Experiment, Segment
from nncore.storage.run_status import ACTIVE, Status

OWN_NETWORK = "keras-"
"""What the ids of visitors' networks begin with, which tells them from those of runs."""
WAYS = {"raw": False, "scaled": True}
"""After such an id and a dot: whether grey values are to be divided by 255, whatever its trial showed."""
STALE_SECONDS = 30
"""A run of a server elsewhere that was not written for so long has lost it."""


class RunRecord(BaseModel):
    """A run as the database knows it, without weights and backup. Accuracies are shares from 0 to 1."""

    model_config = ConfigDict(frozen=True)

    id: str
    experiment: Experiment
    status: Status = "waiting"
    owner: str = ""
    """`owner_mark` of the token that may change the run; empty where everybody may."""
    nickname: str = ""
    attempt: int = 1
    """How often the run was queued; a worker that still has an older attempt is not listened to."""
    segments: tuple[Segment, ...] = ()
    request: str = ""
    """What a page of another server asks of the one that has the run: pause or cancel."""
    server: str = ""
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

    def as_seen_now(self) -> RunRecord:
        """The same, but interrupted if its server is gone."""
        if self.status in ACTIVE and not is_alive(self.server, self.updated):
            return self.model_copy(update={"status": "interrupted"})
        return self


def new_id() -> str:
    """A name that nobody guesses: 72 random bits."""
    return secrets.token_urlsafe(9)


def new_network_id() -> str:
    """As `new_id`, for a network that a visitor brought."""
    return OWN_NETWORK + new_id()


def new_owner() -> str:
    """A token that makes its holder the owner of the runs made with it: 96 random bits."""
    return secrets.token_urlsafe(12)


def owner_mark(token: str) -> str:
    """What the database keeps of an owner's token, from which the token cannot be had."""
    return hashlib.sha256(token.encode()).hexdigest() if token else ""


def clean_nickname(typed: str) -> str:
    """What a visitor typed, without control characters and surplus blanks, at most 24 characters."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in typed).split())[:24].strip()


@lru_cache(maxsize=1)
def this_server() -> str:
    """This process among all that share a database: machine, process and when it began."""
    process = psutil.Process()
    return f"{socket.gethostname()}/{process.pid}/{process.create_time():.0f}"


def is_alive(server: str, seen: datetime) -> bool:
    """Whether the server still runs: known for this machine, for others by their last sign of life."""
    if server == this_server():
        return True
    machine, _, process = server.partition("/")
    if machine == socket.gethostname():
        number, _, began = process.partition("/")
        try:
            return f"{psutil.Process(int(number)).create_time():.0f}" == began
        except (psutil.Error, ValueError):
            return False
    return (datetime.now(UTC) - seen).total_seconds() <= STALE_SECONDS


def storable(history: Mapping[str, Sequence[float]]) -> dict[str, list[float | str]]:
    """A history for JSON, which knows neither infinity nor "not a number": these as words, which pydantic reads."""
    return {
        name: [value if math.isfinite(value) else str(value) for value in values] for name, values in history.items()
    }
