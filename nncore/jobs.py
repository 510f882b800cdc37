"""Runs from the page's side: submit an experiment, follow it, cancel it.

A run lives in this process while it trains (events arrive through a Dask topic) and in the store for good. A
writer thread takes what has changed to the database, so that neither a page nor the events wait for a disk.
"""

from __future__ import annotations

import secrets
import threading
import time
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from nncore import training, worker
from nncore.engine import Engine, EngineError, default_engine
from nncore.events import BatchEnd, EpochEnd, Event, TrainBegin, from_message
from nncore.snapshot import ACTIVE, Snapshot, snapshot_of
from nncore.specs import Experiment
from nncore.store import Status, Store, StoreError, default_store

WRITE_SECONDS = 1.0
HEARTBEAT_SECONDS = 5.0
KEPT_IN_MEMORY = 64
"""Runs that are over and written; older ones are read from the store."""


@dataclass
class _Live:
    """A run of this process while it changes; guarded by the service's lock."""

    run_id: str
    experiment: Experiment
    future: Any = None
    status: Status = "waiting"
    history: dict[str, list[float]] = field(default_factory=dict)
    last_batch: BatchEnd | None = None
    last_epoch: EpochEnd | None = None
    batches: int = 0
    began: float = 0.0
    outcome: dict[str, Any] = field(default_factory=dict)
    """test_accuracy, wrong, seconds and so on, once there are any."""
    packed: bytes | None = None
    unsaved: str = ""
    """Why the store did not take the run, as long as it does not."""
    dirty: bool = False
    written: float = 0.0

    def seconds_left(self) -> float | None:
        """From the seconds of the last epochs, or within the first from its steps so far."""
        total, done = self.experiment.training.epochs, len(self.history.get("loss", []))
        elapsed = time.monotonic() - self.began
        if self.status != "training" or self.last_batch is None:
            return None
        begun = self.last_batch.batch / self.last_batch.batches if self.last_batch.epoch > done else 0.0
        return elapsed / max(done + begun, 1e-6) * (total - done - begun)


class Jobs:
    """The runs of this process on one engine and one store."""

    def __init__(self, engine: Engine, store: Store) -> None:
        self._engine, self._store = engine, store
        self._lock = threading.RLock()
        self._live: dict[str, _Live] = {}
        self._wake = threading.Event()
        self._subscribed = False
        self._writer = threading.Thread(target=self._write_forever, name="run-writer", daemon=True)
        self._writer.start()

    def submit(self, experiment: Experiment, *, owner: str = "") -> str:
        """Queue the experiment; the new run's id. EngineError or StoreError if it cannot be.

        While the workers still start, the run waits for them in the background and this returns at once.
        """
        run_id = secrets.token_urlsafe(9)
        if self._engine.started():
            self._engine.client()
        self._store.create(run_id, experiment, owner)
        live = _Live(run_id, experiment)
        with self._lock:
            self._live[run_id] = live
        if self._engine.started():
            self._send(live)
        else:
            threading.Thread(target=self._send, args=(live,), daemon=True).start()
        return run_id

    def _send(self, live: _Live) -> None:
        """Hand the run to the engine, unless it was cancelled while the engine started."""
        try:
            client = self._engine.client()
            with self._lock:
                if not self._subscribed:
                    client.subscribe_topic(worker.EVENTS, self._on_message)
                    self._subscribed = True
                if live.status != "waiting":
                    return
                key = f"run-{live.run_id}"
                live.future = self._engine.submit(worker.run_experiment, live.run_id, live.experiment, key=key)
        except EngineError as error:
            with self._lock:
                self._set(live, "failed", message=str(error))
            return
        live.future.add_done_callback(lambda future: self._on_done(live, future))

    def snapshot(self, run_id: str) -> Snapshot | None:
        """The run as it stands, from memory or from the store; None if there is no such run."""
        with self._lock:
            live = self._live.get(run_id)
            if live is not None:
                return self._snapshot_live(live)
        record = self._store.load(run_id)
        return snapshot_of(record) if record else None

    def cancel(self, run_id: str) -> None:
        """Stop the run: a waiting one leaves the queue, a training one stops at its next look, within 0.25 s."""
        with self._lock:
            live = self._live.get(run_id)
            if live is None or live.status not in ACTIVE:
                return
            waiting = live.status == "waiting"
            self._set(live, "cancelled", message="Cancelled; the epochs trained so far are kept.")
        if live.future is None:
            return
        if waiting:
            live.future.cancel()
        self._engine.stop_run(run_id)

    def _snapshot_live(self, live: _Live) -> Snapshot:
        ahead = [other for other in self._live.values() if other.status == "waiting"]
        last = live.last_epoch
        batch = live.last_batch
        return Snapshot(
            run_id=live.run_id,
            experiment=live.experiment,
            status=live.status,
            history={name: list(values) for name, values in live.history.items()},
            epoch=batch.epoch if batch else 0,
            batch=batch.batch if batch else 0,
            batches=live.batches,
            seconds_left=live.seconds_left(),
            position=ahead.index(live) + 1 if live in ahead else None,
            updates=dict(last.updates) if last else {},
            weights=last.weights if last else None,
            **{**live.outcome, "message": live.unsaved or live.outcome.get("message", "")},
        )

    def _on_message(self, event: tuple[float, Any]) -> None:
        message = event[1]
        with self._lock:
            live = self._live.get(message["run_id"])
            if live is not None and live.status in ACTIVE:
                self._apply(live, from_message(message["event"]))

    def _apply(self, live: _Live, event: Event) -> None:
        if isinstance(event, TrainBegin):  # a second one: the worker was lost, and another begins again
            live.history, live.last_batch, live.last_epoch = {}, None, None
            live.batches, live.began = event.batches, time.monotonic()
            self._set(live, "training", device=event.device)
        elif isinstance(event, BatchEnd):
            live.last_batch = event
        elif isinstance(event, EpochEnd):
            live.last_epoch = event
            for name in ("loss", "accuracy", "val_loss", "val_accuracy"):
                value = getattr(event, name)
                if value is not None:
                    live.history.setdefault(name, []).append(value)
            live.dirty = True

    def _on_done(self, live: _Live, future: Any) -> None:
        """Take the result, or why there is none; runs in a thread of Dask's."""
        result = future.result() if future.status == "finished" else None
        error = future.exception() if future.status == "error" else "its worker was lost"
        with self._lock:
            if result is not None:
                self._take_result(live, result)
            elif live.status in ACTIVE:
                self._set(live, "failed", message=f"Training stopped: {error}.")
        future.release()

    def _take_result(self, live: _Live, result: training.TrainResult) -> None:
        live.history, live.packed = result.history, result.weights
        status: Status = "cancelled" if result.stopped or live.status == "cancelled" else "finished"
        if result.diverged:
            live.outcome["message"] = "The loss became infinite: training was stopped and its history is kept."
        live.outcome |= {"seconds": result.seconds, "device": result.device}
        if status == "finished":
            tested = ("test_accuracy", "wrong", "tested")
            live.outcome |= {name: getattr(result, name) for name in tested}
        self._set(live, status)

    def _set(self, live: _Live, status: Status, **outcome: Any) -> None:
        live.status, live.dirty = status, True
        live.outcome |= outcome
        self._wake.set()

    def _write_forever(self) -> None:
        while True:
            self._wake.wait(WRITE_SECONDS)
            self._wake.clear()
            now = time.monotonic()
            with self._lock:
                beating = [r for r in self._live.values() if r.status in ACTIVE and now - r.written > HEARTBEAT_SECONDS]
                due = {r.run_id: r for r in [*beating, *(r for r in self._live.values() if r.dirty)]}
            for live in due.values():
                self._write(live)
            with self._lock:
                over = [r.run_id for r in self._live.values() if r.status not in ACTIVE and not r.dirty]
                for run_id in over[:-KEPT_IN_MEMORY]:
                    del self._live[run_id]

    def _write(self, live: _Live) -> None:
        with self._lock:
            history = {name: list(values) for name, values in live.history.items()}
            fields: dict[str, Any] = {"status": live.status, "history": history, **live.outcome}
            packed, live.dirty, live.written = live.packed, False, time.monotonic()
        try:
            self._store.update(live.run_id, weights=packed, **fields)
        except StoreError as error:
            with self._lock:
                live.dirty = True  # the next round tries again
                live.unsaved = f"{error} The run is kept in memory as long as the server runs."
        else:
            with self._lock:
                live.unsaved = ""
                if live.packed is packed:  # else the result came while the history was written
                    live.packed = None


@lru_cache(maxsize=1)
def default_jobs() -> Jobs:
    """The runs of this process, on its engine and its store."""
    return Jobs(default_engine(), default_store())
