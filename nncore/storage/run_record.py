"""A run as the database keeps it, whose it is, and the processes that have it."""

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
from nncore.storage.run_status import ACTIVE, WORDS, Request, Status, next_status

OWN_NETWORK = "keras-"
"""What the ids of visitors' networks begin with, which tells them from those of runs."""
WAYS = {"raw": False, "scaled": True}
"""After such an id and a dot: whether grey values are to be divided by 255, whatever its trial showed."""
STALE_SECONDS = 30
"""A process elsewhere that gave no sign of life for so long is taken for ended."""


class RunRecord(BaseModel):
    """A run as the database knows it, without weights and backup. Accuracies are shares from 0 to 1.

    The worker that trains it writes it. A server inserts it, asks for a stop in `request`, and moves it on where no
    worker has it.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    experiment: Experiment
    status: Status = "waiting"
    owner: str = ""
    """`owner_mark` of the token that may change the run; empty where everybody may."""
    nickname: str = ""
    attempt: int = 1
    """How often the run was queued; a worker that still has an older attempt is not listened to."""
    queued: datetime
    """When this attempt was: the order of the queue."""
    until: int = 0
    """Epochs after which this attempt ends; 0 for all of the experiment's."""
    learning_rate: float | None = None
    """Of this attempt, other than that of the backup; None to leave it."""
    segments: tuple[Segment, ...] = ()
    request: Request = ""
    """What the worker is asked for: pause or cancel. It is none any more once the worker has done it."""
    server: str = ""
    """The process that queued this attempt and sees to it that a worker gets it."""
    worker: str = ""
    """The process that trains this attempt, or trained it last; empty before."""
    beat: datetime | None = None
    """The worker's last sign of life."""
    epoch: int = 0
    """The one that is being trained, from 1; 0 before the first."""
    batch: int = 0
    batches: int = 0
    seconds_left: float | None = None
    """Of this attempt's training, as the worker sees it."""
    epoch_seconds: float | None = None
    """Of the last epoch."""
    updates: dict[str, float] = {}
    """Relative size of the last epoch's change, by layer."""
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
    """The server's last sign of life, or when a run came to rest."""

    @property
    def epochs_done(self) -> int:
        """Finished epochs."""
        return len(self.history.get("loss", []))

    @property
    def last_epoch(self) -> int:
        """Epochs after which this attempt ends."""
        return self.until or self.experiment.training.epochs

    def is_trained(self) -> bool:
        """Whether a worker has it that shows signs of life."""
        return self.beat is not None and is_fresh(self.beat) and is_alive(self.worker, self.beat)

    def as_seen_now(self) -> RunRecord:
        """The same, but stopped if that was asked for, and interrupted if both its worker and its server are gone."""
        if self.status not in ACTIVE:
            return self.model_copy(update={"request": ""}) if self.request else self
        held = is_alive(self.server, self.updated) or self.is_trained()
        if self.request:
            stopped = {"status": next_status(self.status, self.request), "message": WORDS[self.request]}
            return self.model_copy(update=stopped if held else stopped | {"request": ""})
        return self if held else self.model_copy(update={"status": "interrupted"})


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
    """Whether this process, a server or a worker, still runs: known here, elsewhere by its last sign of life."""
    if server == this_server():
        return True
    machine, _, process = server.partition("/")
    if machine == socket.gethostname():
        number, _, began = process.partition("/")
        try:
            return f"{psutil.Process(int(number)).create_time():.0f}" == began
        except (psutil.Error, ValueError):
            return False
    return is_fresh(seen)


def is_fresh(seen: datetime) -> bool:
    """Whether this sign of life is not too old."""
    return (datetime.now(UTC) - seen).total_seconds() <= STALE_SECONDS


def storable(history: Mapping[str, Sequence[float]]) -> dict[str, list[float | str]]:
    """A history for JSON, which knows neither infinity nor "not a number": these as words, which pydantic reads."""
    return {name: [storable_number(value) for value in values] for name, values in history.items()}


def storable_number(value: float) -> float | str:
    """The same for one number."""
    return value if math.isfinite(value) else str(value)
