"""Runs from the page's side: submit an experiment, follow it, pause it, go on with it, cancel it.

A run is its row in the database. The worker that trains it writes the row, and reads there whether to stop
(`cluster/run_reporter.py`); here the row is inserted, asked to stop, and read for the pages (`run_cache.py`).
`storage/run_status.py` says what may happen to a run, `dispatcher.py` takes it to a worker. Here are the rules for
people: who may do what, and when it is refused.
"""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from typing import Any, Literal

from nncore.cluster.engine import Engine, EngineError, default_engine
from nncore.runs.dispatcher import RunDispatcher
from nncore.runs.forecast import Estimate, Forecast
from nncore.runs.housekeeping import Housekeeper
from nncore.runs.run_cache import RunCache
from nncore.runs.snapshot import Snapshot, snapshot_of
from nncore.specs.experiment import Experiment
from nncore.storage.run_record import RunRecord, new_id, owner_mark
from nncore.storage.run_status import ACTIVE, WORDS, Status, next_status
from nncore.storage.run_store import Store, default_store

MAX_SECONDS = 1800.0
"""A run that would train longer is refused: it would keep a class waiting."""

STOPPABLE: dict[Status, tuple[Status, ...]] = {
    "waiting": ("waiting",),
    "interrupted": (*ACTIVE, "interrupted"),
    "paused": (*ACTIVE, "paused"),
}
"""How a run that no worker has can stand in the database, by what is seen of it."""


class RefusedError(ValueError):
    """A run that is not accepted, or may not be changed; the message is a sentence for the page."""


class BusyError(RefusedError):
    """The owner has a run that waits or trains: `run_id`."""

    def __init__(self, run_id: str) -> None:
        super().__init__("You have a run that is not over yet: a second one would make others wait.")
        self.run_id = run_id


class RunService:
    """The runs of this process on one engine and one store."""

    def __init__(self, engine: Engine, store: Store, *, background: bool = True) -> None:
        """With `background`, a thread looks after the runs; without, `look_after` is to be called."""
        self._engine, self._store = engine, store
        self._forecast, self._housekeeper = Forecast(), Housekeeper(store)
        self._cache = RunCache(store, self._forecast)
        self._dispatcher = RunDispatcher(engine, store, self._housekeeper)
        if background:
            self._dispatcher.start()

    def submit(self, experiment: Experiment, *, owner: str = "", nickname: str = "", replace: bool = False) -> str:
        """Queue the experiment; the new run's id. `owner` is the token of who may change it, "" for everybody.

        RefusedError if it would train over half an hour; BusyError if the owner's last run is not over, unless
        that is to be replaced; EngineError or StoreError if it cannot be queued or kept. While the workers still
        start, the run waits for them in the background and this returns at once.
        """
        self._refuse_if_long(experiment, experiment.training.epochs)
        busy = self.active_run(owner)
        if busy and not replace:
            raise BusyError(busy)
        if self._engine.started():
            self._engine.client()
        if busy:
            self.cancel(busy, owner)
        record = self._store.create(new_id(), experiment, owner_mark(owner), nickname)
        self._queue(record)
        return record.id

    def resume(
        self,
        run_id: str,
        owner: str = "",
        *,
        one_epoch: bool = False,
        epochs: int = 0,
        learning_rate: float | None = None,
    ) -> None:
        """Queue a run again that is paused, interrupted, failed or finished; it goes on from its last epoch.

        With `one_epoch` it trains one and pauses, with `epochs` it has so many in all if those are more, and a
        `learning_rate` holds from here on. RefusedError if it is not the owner's, has nothing left to train, or would
        train over half an hour; NotPossibleError if it is not at rest; EngineError or StoreError as for `submit`.
        """
        record = self._own_record(run_id, owner)
        next_status(record.status, "continue")
        busy = self.active_run(owner)
        if busy:
            raise BusyError(busy)
        done, planned = self._store.kept_epochs(run_id), record.experiment.training.epochs
        total = max(planned, epochs, done + 1 if one_epoch else 0)
        until = min(done + 1, total) if one_epoch else total
        trained = len(record.history.get("loss", []))
        if record.status == "finished" and (done >= total or trained >= planned > done):  # without a backup, done is 0
            raise RefusedError(f"All {planned} epochs are trained: add one, or ask for more epochs.")
        spec = record.experiment.training.model_copy(update={"epochs": total})
        experiment = record.experiment.model_copy(update={"training": spec})
        self._refuse_if_long(experiment, until - done)
        if self._engine.started():
            self._engine.client()
        untested = dict.fromkeys(("test_loss", "test_accuracy", "wrong", "tested"))
        changed = {"experiment": experiment, "until": until, "learning_rate": learning_rate, "message": ""}
        taken = self._store.claim(record, **changed, **untested)
        if taken is None:
            raise RefusedError("This run was continued at the same moment from another page.")
        self._queue(taken)

    def snapshot(self, run_id: str) -> Snapshot | None:
        """The run as it stands, at most a quarter of a second old; None if there is no such run.

        Where the database does not answer it is older, and its message says so; StoreError if nothing is known of it.
        """
        self._housekeeper.note_shown(run_id)
        seen = self._cache.look(run_id)
        if seen is None:
            return None
        run = seen.record
        beside: dict[str, Any] = {"weights": seen.kernel, "message": seen.trouble or run.message}
        if run.status == "waiting":
            place, seconds = self._forecast.place(run, self._cache.active(), self._engine.lanes())
            beside |= {"position": place, "seconds_to_start": seconds}
        left = self._forecast.seconds_left(run) if run.status in ACTIVE else None
        return snapshot_of(run, **beside, seconds_left=left)

    def pause(self, run_id: str, owner: str = "") -> None:
        """Give the run's worker back, within 0.5 s; its last whole epoch is kept and it can go on from there."""
        self._stop(run_id, owner, "pause")

    def cancel(self, run_id: str, owner: str = "") -> None:
        """End the run for good, as quickly; its epochs are kept to be looked at."""
        self._stop(run_id, owner, "cancel")

    def delete(self, run_id: str, owner: str = "") -> None:
        """Remove a run that is at rest, with its weights."""
        if self._own_record(run_id, owner).status in ACTIVE:
            raise RefusedError("A run that is not over cannot be deleted: cancel it first.")
        self._store.delete(run_id)
        self._cache.expire()

    def active_run(self, owner: str) -> str | None:
        """The owner's run that waits or trains, on any server; None without an owner."""
        mark = owner_mark(owner)
        if not mark:
            return None
        return next((run.id for run in self._store.load_active() if run.owner == mark), None)

    def estimate(self, experiment: Experiment) -> Estimate:
        """What a run of this experiment would take if it were submitted now."""
        active, lanes = self._cache.active(), self._engine.lanes()
        return self._forecast.estimate(experiment, experiment.training.epochs, active, lanes)

    def continue_interrupted(self) -> list[str]:
        """Queue all runs again whose server and worker are gone; their ids. For the start of a server."""
        if not self._interrupted():
            return []
        with suppress(EngineError):  # a scheduler elsewhere may have some of them in its queue still
            self._engine.client()
        self.look_after()
        lost = self._interrupted()
        continued = [taken for record in reversed(lost) if (taken := self._store.claim(record)) is not None]
        for record in continued:
            self._queue(record)
        return [record.id for record in continued]

    def look_after(self) -> None:
        """Once what the thread in the background does every second: see that every run has somebody who has it."""
        self._dispatcher.look_after()

    def _interrupted(self) -> list[RunRecord]:
        return [record for record in self._store.load_all() if record.status == "interrupted"]

    def close(self) -> None:
        """End. Runs whose workers end with this server can be continued on another one; others train on."""
        self._dispatcher.close()

    def _queue(self, record: RunRecord) -> None:
        self._dispatcher.queue(record)
        self._cache.expire()

    def _stop(self, run_id: str, owner: str, action: Literal["pause", "cancel"]) -> None:
        """Ask the worker that has the run, or move the run on if none has it; again if that changes meanwhile."""
        state: tuple[Status, ...]
        change: dict[str, Any]
        done = False
        while not done:
            record = self._own_record(run_id, owner)
            if (record.status, action) in (("paused", "pause"), ("cancelled", "cancel")):
                return
            following = next_status(record.status, action)
            if record.status == "training" or record.request:
                state, change = ("training",), {"request": action}
            else:
                state = STOPPABLE[record.status]
                change = {"status": following, "message": WORDS[action], "request": ""}
            done = self._store.update(run_id, attempt=record.attempt, while_in=state, **change)
        self._cache.expire()

    def _own_record(self, run_id: str, owner: str) -> RunRecord:
        """The run as it stands, if the holder of this token may change it; RefusedError if not."""
        record = self._store.load(run_id)
        if record is None:
            raise RefusedError("This run is not known here any more.")
        if record.owner and record.owner != owner_mark(owner):
            raise RefusedError("This run is somebody else's: only its owner may change it. Press Train for your own.")
        return record

    def _refuse_if_long(self, experiment: Experiment, epochs: int) -> None:
        seconds = self._forecast.seconds(experiment, epochs)
        if seconds > MAX_SECONDS:
            raise RefusedError(
                f"{epochs} epochs would take about {seconds / 60:.0f} minutes here, and a run may take "
                f"{MAX_SECONDS / 60:.0f}: ask for at most {max(1, int(epochs * MAX_SECONDS / seconds))} epochs, fewer "
                "training pictures, larger batches or a smaller network."
            )


@lru_cache(maxsize=1)
def default_runs() -> RunService:
    """The runs of this process, on its engine and its store."""
    return RunService(default_engine(), default_store())
