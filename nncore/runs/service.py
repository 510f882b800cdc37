"""Runs from the page's side: submit an experiment, follow it, pause it, go on with it, cancel it.

A run lives in this process while it trains (events arrive through a Dask topic) and in the store for good: see
`live_run` for what it is, `lifecycle` for what may happen to it, `dispatch` for its way to a worker and back, `ledger`
for its way to the store. Here are the rules for people: who may do what, and when it is refused.
"""

from __future__ import annotations

from functools import lru_cache

from nncore.cluster.engine import Engine, default_engine
from nncore.runs.active_run import LiveRun
from nncore.runs.dispatcher import WORDS, Dispatcher, Estimate
from nncore.runs.snapshot import Snapshot, snapshot_of
from nncore.specs.experiment import Experiment
from nncore.storage.run_record import RunRecord, new_id, owner_mark
from nncore.storage.run_status import ACTIVE, Action, next_status
from nncore.storage.run_store import Store, default_store

MAX_SECONDS = 1800.0
"""A run that would train longer is refused: it would keep a class waiting."""


class RefusedError(ValueError):
    """A run that is not accepted, or may not be changed; the message is a sentence for the page."""


class BusyError(RefusedError):
    """The owner has a run that waits or trains: `run_id`."""

    def __init__(self, run_id: str) -> None:
        super().__init__("You have a run that is not over yet: a second one would make others wait.")
        self.run_id = run_id


class Jobs:
    """The runs of this process on one engine and one store."""

    def __init__(self, engine: Engine, store: Store) -> None:
        self._engine, self._store = engine, store
        self._dispatcher = Dispatcher(engine, store)

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
        self._dispatcher.queue(LiveRun(record, experiment.training.epochs))
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
        taken = self._store.claim(record, experiment=experiment, message="", **untested)
        if taken is None:
            raise RefusedError("This run was continued at the same moment from another page.")
        self._dispatcher.queue(LiveRun(taken, until, learning_rate))

    def snapshot(self, run_id: str) -> Snapshot | None:
        """The run as it stands, from memory or from the store; None if there is no such run."""
        live = self._dispatcher.snapshot(run_id)
        if live is not None:
            return live
        record = self._store.load(run_id)
        return snapshot_of(record) if record else None

    def pause(self, run_id: str, owner: str = "") -> None:
        """Give the run's worker back, within 0.25 s; its last whole epoch is kept and it can go on from there."""
        self._stop(run_id, owner, "pause")

    def cancel(self, run_id: str, owner: str = "") -> None:
        """End the run for good, as quickly; its epochs are kept to be looked at."""
        self._stop(run_id, owner, "cancel")

    def delete(self, run_id: str, owner: str = "") -> None:
        """Remove a run that is at rest, with its weights."""
        if self._own_record(run_id, owner).status in ACTIVE:
            raise RefusedError("A run that is not over cannot be deleted: cancel it first.")
        self._dispatcher.forget(run_id)
        self._store.delete(run_id)

    def active_run(self, owner: str) -> str | None:
        """The owner's run that waits or trains, on any server; None without an owner."""
        mark = owner_mark(owner)
        if not mark:
            return None
        here = self._dispatcher.owned_by(mark)
        there = {record.id: True for record in self._store.load_active() if record.owner == mark}
        return next((run_id for run_id, active in (there | here).items() if active), None)

    def estimate(self, experiment: Experiment) -> Estimate:
        """What a run of this experiment would take if it were submitted now."""
        return self._dispatcher.estimate(experiment, experiment.training.epochs)

    def continue_interrupted(self) -> list[str]:
        """Queue all runs again whose server is gone; their ids. For the start of a server that is set so."""
        lost = [record for record in self._store.load_all() if record.status == "interrupted"]
        continued = []
        for record in reversed(lost):
            taken = self._store.claim(record)
            if taken is not None:
                self._dispatcher.queue(LiveRun(taken, record.experiment.training.epochs))
                continued.append(record.id)
        return continued

    def close(self) -> None:
        """Write everything down and end; runs that are not over can be continued on another server."""
        self._dispatcher.close()

    def _stop(self, run_id: str, owner: str, action: Action) -> None:
        record = self._own_record(run_id, owner)
        if (record.status, action) in (("paused", "pause"), ("cancelled", "cancel")):
            return
        following = next_status(record.status, action)
        if self._dispatcher.stop(run_id, action):
            return
        if record.status not in ACTIVE:
            self._store.update(run_id, attempt=record.attempt, status=following, message=WORDS[action])
            return
        self._store.update(run_id, attempt=record.attempt, request=action)  # for the server that has the run
        if self._engine.started():
            self._engine.stop_run(f"{run_id}-{record.attempt}")

    def _own_record(self, run_id: str, owner: str) -> RunRecord:
        """The run as it stands, if the holder of this token may change it; RefusedError if not."""
        record = self._dispatcher.record(run_id) or self._store.load(run_id)
        if record is None:
            raise RefusedError("This run is not known here any more.")
        if record.owner and record.owner != owner_mark(owner):
            raise RefusedError("This run is somebody else's: only its owner may change it. Press Train for your own.")
        return record

    def _refuse_if_long(self, experiment: Experiment, epochs: int) -> None:
        seconds = self._dispatcher.estimate(experiment, epochs).seconds
        if seconds > MAX_SECONDS:
            raise RefusedError(
                f"{epochs} epochs would take about {seconds / 60:.0f} minutes here, and a run may take "
                f"{MAX_SECONDS / 60:.0f}: ask for at most {max(1, int(epochs * MAX_SECONDS / seconds))} epochs, fewer "
                "training pictures, larger batches or a smaller network."
            )


@lru_cache(maxsize=1)
def default_jobs() -> Jobs:
    """The runs of this process, on its engine and its store."""
    return Jobs(default_engine(), default_store())
