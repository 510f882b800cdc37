"""The worker's side of a run that it trains: what it has to say, and the thread that writes it into the run's row.

The training never waits for the database. While that does not answer, the newest state and the newest backup are kept
here and written, in one piece, as soon as it does; what a page shows is therefore always what is kept.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from nncore.specs.experiment import Segment
from nncore.storage.run_record import RunRecord, this_server
from nncore.storage.run_reports import Holder
from nncore.storage.run_status import WORDS, Action, Request, next_status
from nncore.storage.run_store import Store, StoreError
from nncore.training.checkpoint import Backup
from nncore.training.events import BatchEnd, EpochEnd, Event, TrainBegin
from nncore.training.train import TrainResult

WRITE_SECONDS = 0.2
"""How often a run is written, and how soon its worker hears of a request."""
AGAIN_SECONDS = 0.5
"""How soon a database that did not answer is asked again."""
PATIENCE_SECONDS = 300.0
"""How long a worker waits for the database to take a run's beginning or end. Then the run has failed, and its last
backup is what is left of it."""

DIVERGED = "The loss became infinite: training was stopped and its history is kept. Try a smaller learning rate."
OUT_OF_MEMORY = (
    "The worker process ended several times while it trained, most likely because its memory was full. The epochs "
    "trained so far are kept: take smaller batches, fewer units or fewer feature maps."
)
SUPERSEDED = "superseded"
"""Why a worker stops whose run is not its own any more."""

Answer = TypeVar("Answer")


class RunReporter:
    """One attempt at a run. Every method but `writing` may be called without a thread that writes."""

    def __init__(self, store: Store, run_id: str, attempt: int) -> None:
        self._store, self._holder = store, Holder(run_id, attempt, this_server())
        self.backup: Backup | None = None
        """The one to go on from, after `begin`."""
        self._stop = ""
        self._state, self._one_writer = threading.Lock(), threading.Lock()
        self._wake, self._over = threading.Event(), threading.Event()
        self._unwritten: dict[str, Any] = {}
        self._unkept: Backup | None = None
        self._kernel: NDArray[np.float16] | None = None
        self._history: dict[str, list[float]] = {}
        self._last_batch: BatchEnd | None = None
        self._began, self._begun_epochs = 0.0, 0

    def begin(self) -> RunRecord | None:
        """Take the run; as it was before, or None if it is not to be trained: stopped, deleted, taken by another.

        StoreError if the database does not answer for PATIENCE_SECONDS.
        """
        found = patiently(lambda: self._store.reports.begin(self._holder))
        if found is None:
            return None
        self.record, self.backup = found
        return self.record

    def should_stop(self) -> bool:
        """Whether the training is to end, as far as the last writing has heard."""
        return bool(self._stop)

    def keep(self, backup: Backup) -> None:
        """A newer backup, to be written with the next state."""
        with self._state:
            self._unkept = backup

    def hear(self, event: Event) -> None:
        """What the training says."""
        with self._state:
            if isinstance(event, TrainBegin):
                self._unwritten |= self._begun(event)
            elif isinstance(event, BatchEnd):
                self._last_batch = event
                self._unwritten |= {"epoch": event.epoch, "batch": event.batch}
            elif isinstance(event, EpochEnd):
                self._unwritten |= self._finished(event)
        if isinstance(event, TrainBegin | EpochEnd):
            self._wake.set()

    def _begun(self, event: TrainBegin) -> dict[str, Any]:
        """It goes on from the backup, which is what counts; from another worker's, if that was lost."""
        self._history = {name: list(values) for name, values in event.history.items()}
        self._began, self._begun_epochs = time.monotonic(), event.epoch
        begun = {"history": self._history, "device": event.device, "batches": event.batches, "batch": 0}
        segments, planned = self.record.segments, self.record.experiment.training.learning_rate
        current = segments[-1].learning_rate if segments else planned
        rate = current if self.record.learning_rate is None else self.record.learning_rate
        if event.epoch or rate != current:
            reason = "restarted" if self.record.worker else "continued"
            earlier = [segment for segment in segments if segment.epoch < event.epoch]
            segments = (*earlier, Segment(epoch=event.epoch, learning_rate=rate, reason=reason))
        return begun | {"segments": [segment.model_dump(mode="json") for segment in segments]}

    def _finished(self, event: EpochEnd) -> dict[str, Any]:
        for name in ("loss", "accuracy", "val_loss", "val_accuracy"):
            value = getattr(event, name)
            if value is not None:
                self._history.setdefault(name, []).append(value)
        self._kernel = event.weights
        return {"history": self._history, "updates": event.updates, "epoch_seconds": event.seconds}

    def _seconds_left(self) -> float | None:
        """From the seconds of this attempt's epochs, or within the first from its steps so far."""
        if self._last_batch is None:
            return None
        done, batch = len(self._history.get("loss", [])), self._last_batch
        begun = batch.batch / batch.batches if batch.epoch > done else 0.0
        trained = max(done + begun - self._begun_epochs, 1e-6)
        return (time.monotonic() - self._began) / trained * max(0.0, self.record.last_epoch - done - begun)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Within this, a thread writes what is new."""
        writer = threading.Thread(target=self._keep_writing, name="run-reporter", daemon=True)
        writer.start()
        try:
            yield
        finally:
            self._over.set()
            self._wake.set()
            writer.join()

    def _keep_writing(self) -> None:
        while not self._over.is_set():
            try:
                self.write()
            except StoreError:
                self._over.wait(AGAIN_SECONDS)
            except Exception:  # whatever it is, what comes later is still to be written
                logging.getLogger(__name__).exception("a run could not be written")
            self._wake.wait(WRITE_SECONDS)
            self._wake.clear()

    def write(self, ending: Callable[[Request], dict[str, Any]] | None = None) -> None:
        """Write what is new and hear what is asked for. StoreError leaves all of it for the next time."""
        with self._one_writer:
            with self._state:
                fields, self._unwritten = self._unwritten, {}
                if "history" in fields:
                    fields["history"] = {name: list(values) for name, values in fields["history"].items()}
                backup, kernel, left = self._unkept, self._kernel, self._seconds_left()
            try:
                reports = self._store.reports
                heard = reports.write(self._holder, fields | {"seconds_left": left}, backup, kernel, ending=ending)
            except BaseException:
                with self._state:
                    self._unwritten = fields | self._unwritten
                raise
            with self._state:
                self._unkept = None if self._unkept is backup else self._unkept
                self._kernel = None if self._kernel is kernel else self._kernel
            self._stop = SUPERSEDED if heard is None else heard

    def end(self, result: TrainResult) -> None:
        """Let go of the run with this result. StoreError if the database does not take it for PATIENCE_SECONDS."""
        found: dict[str, Any] = {"history": result.history, "device": result.device, "versions": result.versions}
        found |= {"seconds": (self.record.seconds or 0.0) + result.seconds, "weights": result.weights}
        found |= {"batch": 0, "message": DIVERGED if result.diverged else ""}
        if result.test_accuracy is not None:
            found |= {name: getattr(result, name) for name in ("test_loss", "test_accuracy", "wrong", "tested")}
        partly = len(result.history.get("loss", [])) < self.record.experiment.training.epochs and not result.diverged

        def ending(request: Request) -> dict[str, Any]:
            action: Action = "pause" if partly else "finish"
            if request == "cancel" or (result.stopped and request == "pause"):
                action = request
            words = {"message": WORDS[request]} if action == request else {}
            return found | {"status": next_status("training", action), "seconds_left": None} | words

        patiently(lambda: self.write(ending))

    def fail(self, error: BaseException) -> None:
        """Let go of the run, whose training ended with this error; StoreError as for `end`."""
        failed = {"status": next_status("training", "fail"), "message": explain_failure(error), "seconds_left": None}
        patiently(lambda: self.write(lambda request: failed))


def patiently(act: Callable[[], Answer]) -> Answer:
    """What `act` returns, which is tried again as long as the database does not answer, up to PATIENCE_SECONDS."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with suppress(StoreError):
            return act()
        time.sleep(AGAIN_SECONDS)
    return act()


def explain_failure(error: BaseException) -> str:
    """Why a training failed, for the page."""
    if type(error).__name__ in ("KilledWorker", "MemoryError", "ResourceExhaustedError"):
        return OUT_OF_MEMORY
    return f"Training stopped: {str(error).rstrip('.')}."
