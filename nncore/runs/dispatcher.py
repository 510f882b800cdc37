"""The way of a run to a worker and back: queued, sent, followed by its events, ended by its result or a loss."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nncore.cluster import worker
from nncore.cluster.engine import START_SECONDS, Engine, EngineError
from nncore.runs.active_run import LiveRun
from nncore.runs.snapshot import Snapshot
from nncore.runs.writer import Ledger
from nncore.specs.experiment import Experiment
from nncore.storage.run_record import RunRecord
from nncore.storage.run_status import Action
from nncore.storage.run_store import Store
from nncore.training.events import EpochEnd, from_message
from nncore.training.time_estimate import SpeedEstimator

WORDS: dict[str, str] = {
    "pause": "Paused: the worker is free for others.",
    "cancel": "Cancelled; the epochs trained so far are kept.",
}
OUT_OF_MEMORY = (
    "The worker process ended several times while it trained, most likely because its memory was full. The epochs "
    "trained so far are kept: take smaller batches, fewer units or fewer feature maps."
)
DISCONNECTED = "The connection to the workers was lost. The epochs trained so far are kept: continue the run later."
STOPPED = "The server was stopped. The epochs trained so far are kept: press Continue."

AGAIN_SECONDS = 0.5
"""How often a run of the server's first seconds asks whether the workers are there."""


@dataclass(frozen=True)
class Estimate:
    """What a run would take, foreseen."""

    ahead: int
    """Runs that wait or train now."""
    seconds_to_start: float
    seconds: float
    """Of its own training."""


class Dispatcher:
    """The runs of this process between its engine and its store."""

    def __init__(self, engine: Engine, store: Store) -> None:
        self._engine, self._store = engine, store
        self._ledger = Ledger(store, self._on_request)
        self._lock, self._runs = self._ledger.lock, self._ledger.runs
        self._pace = SpeedEstimator()
        self._subscribed_to: Any = None

    def queue(self, run: LiveRun) -> None:
        """Have a worker train it; at once if the workers are there, else as soon as they are."""
        with self._lock:
            self._runs.pop(run.run_id, None)  # to the end, where the last in the queue is
            self._runs[run.run_id] = run
        if self._engine.started():
            self._send(run)
        else:
            threading.Thread(target=self._send_at_start, args=(run,), daemon=True).start()

    def _send_at_start(self, run: LiveRun) -> None:
        """The scheduler may come up later than this server, and the engine tries again: the run waits for both."""
        patience = time.monotonic() + START_SECONDS
        while run.status == "waiting" and time.monotonic() < patience:
            try:
                self._engine.client()
            except EngineError:
                time.sleep(AGAIN_SECONDS)
            else:
                break
        self._send(run)

    def _send(self, run: LiveRun) -> None:
        """Hand the run to the engine, unless it was stopped while the engine started."""
        it = run.record
        order = worker.Order(run.key, it.id, it.attempt, it.experiment, run.until, run.learning_rate, self._store.url)
        try:
            client = self._engine.client()
            with self._lock:
                if self._subscribed_to is not client:
                    client.subscribe_topic(worker.EVENTS, self._on_message)
                    self._subscribed_to = client
                if run.status != "waiting":
                    return
                run.future = self._engine.submit(worker.run_experiment, order, key=f"run-{run.key}")
        except EngineError as error:
            with self._lock:
                self._act(run, "fail", message=str(error))
            return
        run.future.add_done_callback(lambda future: self._on_done(run, future))

    def snapshot(self, run_id: str) -> Snapshot | None:
        """A run of this process as it stands, or None; it counts as shown either way."""
        self._ledger.note_shown(run_id)
        with self._lock:
            run = self._runs.get(run_id)
            if run is None:
                return None
            foreseen = self._pace.seconds(run.experiment, run.until - run.epochs_done)
            if run.status != "waiting":
                return run.snapshot(position=None, seconds_to_start=None, foreseen=foreseen)
            ahead = self._ahead_of(run)
            place = 1 + sum(status == "waiting" for status, _ in ahead)
            return run.snapshot(position=place, seconds_to_start=self._wait_for(ahead), foreseen=foreseen)

    def record(self, run_id: str) -> RunRecord | None:
        """A run of this process as the store is going to have it, or None."""
        with self._lock:
            run = self._runs.get(run_id)
            if run is None:
                return None
            return run.record.model_copy(update={**run.fields(), "segments": run.segments}).as_seen_now()

    def owned_by(self, mark: str) -> dict[str, bool]:
        """The owner's runs of this process, and whether they wait or train."""
        with self._lock:
            return {run.run_id: run.active for run in self._runs.values() if run.record.owner == mark}

    def estimate(self, experiment: Experiment, epochs: int) -> Estimate:
        """What so many epochs of this experiment would take if they were queued now."""
        with self._lock:
            ahead = self._ahead_of(None)
            return Estimate(len(ahead), self._wait_for(ahead), self._pace.seconds(experiment, epochs))

    def stop(self, run_id: str, action: Action) -> bool:
        """Pause or cancel a run of this process: a waiting one leaves the queue, a training one stops at its next look.

        False if this process does not have the run; NotPossibleError if its state does not allow it.
        """
        with self._lock:
            run = self._runs.get(run_id)
            if run is None:
                return False
            waiting, active = run.status == "waiting", run.active
            self._act(run, action, message=WORDS[action])
        if active and run.future is not None:
            if waiting:
                run.future.cancel()
            self._engine.stop_run(run.key)
        return True

    def forget(self, run_id: str) -> None:
        """The run is deleted."""
        with self._lock:
            self._runs.pop(run_id, None)

    def close(self) -> None:
        """The server stops: what is not over can be continued on the next one."""
        with self._lock:
            for run in self._runs.values():
                if run.active:
                    self._act(run, "lose", message=STOPPED)
        self._ledger.close()

    def _ahead_of(self, run: LiveRun | None) -> list[tuple[str, float]]:
        """Status and foreseen seconds of the runs that a worker gets first; of all that there are for None."""
        found: list[tuple[str, float]] = []
        for record in self._ledger.elsewhere:
            if run is None or record.status == "training" or record.updated < run.record.updated:
                left = record.experiment.training.epochs - len(record.history.get("loss", []))
                found.append((record.status, self._pace.seconds(record.experiment, left)))
        for other in self._runs.values():
            if other is run:
                break
            if other.active:
                foreseen = self._pace.seconds(other.experiment, other.until - other.epochs_done)
                left_seen = other.seconds_left()
                found.append((other.status, foreseen if left_seen is None else left_seen))
        return found

    def _wait_for(self, ahead: Sequence[tuple[str, float]]) -> float:
        """Seconds until so many runs are over, with all training workers at them."""
        lanes = max(1, self._engine.lanes())
        return sum(seconds for _, seconds in ahead) / lanes if len(ahead) >= lanes else 0.0

    def _on_message(self, event: tuple[float, Any]) -> None:
        message = event[1]
        with self._lock:
            run = self._runs.get(message["key"].rpartition("-")[0])
            if run is None or run.key != message["key"] or not run.active:
                return
            happened = from_message(message["event"])
            run.apply(happened)
            if isinstance(happened, EpochEnd):
                self._pace.saw(run.experiment, happened.seconds)

    def _on_done(self, run: LiveRun, future: Any) -> None:
        """Take the result, or say why there is none; runs in a thread of Dask's."""
        result = future.result() if future.status == "finished" else None
        error = future.exception() if future.status == "error" else None
        with self._lock:
            run.over = True
            if result is not None:
                run.take(result, self._meaning_of_a_stop(run))
                self._ledger.write_soon()
            elif run.active and error is not None:
                self._act(run, "fail", message=_sentence(error))
            elif run.active:
                self._act(run, "lose", message=DISCONNECTED)
        future.release()

    def _meaning_of_a_stop(self, run: LiveRun) -> Action:
        """A stop that nobody here asked for was asked for on another server: pause unless it says otherwise."""
        if not run.active:
            return "pause"
        record = self._store.load(run.run_id)
        return "cancel" if record is not None and record.request == "cancel" else "pause"

    def _on_request(self, run: LiveRun, request: str) -> None:
        """A page of another server asks."""
        if request in ("pause", "cancel"):
            threading.Thread(target=self.stop, args=(run.run_id, request), daemon=True).start()

    def _act(self, run: LiveRun, action: Action, **outcome: Any) -> None:
        try:
            run.act(action, **outcome)
        finally:
            self._ledger.write_soon()


def _sentence(error: BaseException) -> str:
    """Why a training failed, for the page."""
    kind = type(error).__name__
    if kind in ("KilledWorker", "MemoryError", "ResourceExhaustedError"):
        return OUT_OF_MEMORY
    return f"Training stopped: {str(error).rstrip('.')}."
