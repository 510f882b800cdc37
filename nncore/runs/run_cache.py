"""What a process knows of the runs that its pages look at: read together, at most four times a second, for all of them.

Thirty pages that follow thirty runs so cost the database no more than one page does.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from nncore.runs.forecast import Forecast
from nncore.storage.run_record import RunRecord
from nncore.storage.run_status import ACTIVE
from nncore.storage.run_store import Store, StoreError

READ_SECONDS = 0.25
KERNEL_SECONDS = 0.5
"""First layers are larger than rows, and read where an epoch was finished, at most so often."""
AGAIN_SECONDS = 1.0
"""How soon a database that did not answer is asked again."""
FOLLOW_SECONDS = 15.0
"""How long a run is read with the others after a page has looked at it; a page looks every five at most."""
QUIET_SECONDS = 10.0
"""A worker that writes nothing for so long is worth a word."""

OLD = "What is shown is the last that is known; a training goes on meanwhile and is written down later."
QUIET = (
    "Nothing has been heard from the training for {:.0f} seconds: its worker is being started again, or cannot write "
    "to the database of runs. It goes on from its last epoch, and none is lost."
)


@dataclass(frozen=True)
class Seen:
    """A run as it was last read."""

    record: RunRecord
    kernel: NDArray[np.float16] | None
    """The first layer's, after the last epoch."""
    trouble: str
    """Why this may be old, as a sentence; empty if it is not."""


class RunCache:
    """The runs that somebody here follows, and all that wait or train."""

    def __init__(self, store: Store, forecast: Forecast) -> None:
        self._store, self._forecast = store, forecast
        self._lock = threading.Lock()
        self._due, self._kernels_due = 0.0, 0.0
        self._changes = 0
        self._trouble = ""
        self._followed: dict[str, float] = {}
        self._asked: set[str] = set()
        self._runs: dict[str, RunRecord] = {}
        self._kernels: dict[str, tuple[int, NDArray[np.float16] | None]] = {}
        self._heard: dict[str, tuple[datetime | None, float]] = {}

    def look(self, run_id: str) -> Seen | None:
        """The run, or None if there is none; StoreError if the database does not answer and never did about it."""
        self._followed[run_id] = time.monotonic()
        self._refresh(run_id)
        run = self._runs.get(run_id)
        if run is not None:
            return Seen(run, self._kernels.get(run_id, (0, None))[1], self._trouble_with(run))
        if self._trouble and run_id not in self._asked:
            raise StoreError(self._trouble)
        return None

    def active(self) -> list[RunRecord]:
        """All runs that wait or train, the first in the queue first; as last known where the database is silent."""
        self._refresh()
        return sorted((run for run in self._runs.values() if run.status in ACTIVE), key=lambda run: run.queued)

    def expire(self) -> None:
        """Something was written here: the next look reads anew."""
        self._changes += 1
        self._due = 0.0

    def _refresh(self, run_id: str | None = None) -> None:
        """Read if it is time, or if nothing is known of this run yet. While somebody else reads, the last will do."""
        if time.monotonic() < self._due and (run_id is None or run_id in self._asked or self._trouble):
            return
        must = self._due == 0.0 or (run_id is not None and run_id not in self._asked)
        if not self._lock.acquire(blocking=must):
            return
        try:
            if time.monotonic() >= self._due or (run_id is not None and run_id not in self._asked):
                self._read()
        finally:
            self._lock.release()

    def _read(self) -> None:
        now, changes = time.monotonic(), self._changes
        for name in [name for name, at in list(self._followed.items()) if now - at >= FOLLOW_SECONDS]:
            del self._followed[name]
        followed = set(self._followed)
        try:
            runs = {run.id: run for run in self._store.load_followed(followed)}
            kernels = self._read_kernels([runs[name] for name in followed & runs.keys()], now)
        except StoreError as error:
            self._trouble, self._due = str(error), now + AGAIN_SECONDS
            return
        known = self._heard
        self._heard = {
            name: known[name] if name in known and known[name][0] == run.beat else (run.beat, now)
            for name, run in runs.items()
        }
        self._runs, self._kernels, self._asked, self._trouble = runs, kernels, followed, ""
        self._forecast.observe([run for run in runs.values() if run.status in ACTIVE])
        self._due = now + READ_SECONDS if changes == self._changes else 0.0

    def _read_kernels(self, runs: list[RunRecord], now: float) -> dict[str, tuple[int, NDArray[np.float16] | None]]:
        """Those of these runs, anew where an epoch was finished since."""
        known = {run.id: self._kernels[run.id] for run in runs if run.id in self._kernels}
        changed = [run for run in runs if known.get(run.id, (0, None))[0] != run.epochs_done]
        if now < self._kernels_due:
            changed = [run for run in changed if run.id not in known or run.status != "training"]
        if not changed:
            return known
        self._kernels_due = now + KERNEL_SECONDS
        found = self._store.load_first_layers([run.id for run in changed])
        return known | {run.id: (run.epochs_done, found.get(run.id)) for run in changed}

    def _trouble_with(self, run: RunRecord) -> str:
        if self._trouble:
            return f"{self._trouble} {OLD}"
        quiet = time.monotonic() - self._heard.get(run.id, (None, time.monotonic()))[1]
        return QUIET.format(quiet) if run.status == "training" and quiet > QUIET_SECONDS else ""
