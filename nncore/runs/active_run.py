"""A run of this process while it changes: what its events and its result make of it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from nncore.runs.snapshot import Snapshot
from nncore.specs.experiment import Experiment, Segment
from nncore.storage.run_record import RunRecord
from nncore.storage.run_status import ACTIVE, Action, Status, next_status
from nncore.training.events import BatchEnd, EpochEnd, Event, TrainBegin
from nncore.training.train import TrainResult

DIVERGED = "The loss became infinite: training was stopped and its history is kept. Try a smaller learning rate."


@dataclass
class LiveRun:
    """Guarded by the lock of `jobs`."""

    record: RunRecord
    """As it was when this attempt was queued."""
    until: int
    """Epochs after which this attempt ends."""
    learning_rate: float | None = None
    """Other than that of the backup; None to leave it."""
    status: Status = "waiting"
    future: Any = None
    history: dict[str, list[float]] = field(default_factory=dict)
    segments: tuple[Segment, ...] = ()
    last_batch: BatchEnd | None = None
    last_epoch: EpochEnd | None = None
    batches: int = 0
    over: bool = False
    """Whether its worker has returned."""
    began: float = 0.0
    """When its worker began, on the monotonic clock; 0 before."""
    begun_epochs: int = 0
    """Epochs that were finished then."""
    outcome: dict[str, Any] = field(default_factory=dict)
    """test_accuracy, wrong, seconds and so on, once there are any."""
    packed: bytes | None = None
    unsaved: str = ""
    """Why the store did not take the run, as long as it does not."""
    dirty: bool = False
    written: float = 0.0

    def __post_init__(self) -> None:
        """Begin where the record stands."""
        self.history = {name: list(values) for name, values in self.record.history.items()}
        self.segments = self.record.segments

    @property
    def run_id(self) -> str:
        """The record's."""
        return self.record.id

    @property
    def experiment(self) -> Experiment:
        """The record's."""
        return self.record.experiment

    @property
    def key(self) -> str:
        """This attempt's name among all tasks and stop flags."""
        return f"{self.record.id}-{self.record.attempt}"

    @property
    def epochs_done(self) -> int:
        """Finished epochs."""
        return len(self.history.get("loss", []))

    @property
    def active(self) -> bool:
        """Whether it waits or trains."""
        return self.status in ACTIVE

    def act(self, action: Action, **outcome: Any) -> None:
        """Move on to the state after `action`; NotPossibleError if it does not fit."""
        self.status, self.dirty = next_status(self.status, action), True
        self.outcome |= outcome

    def apply(self, event: Event) -> None:
        """What the worker says."""
        if isinstance(event, TrainBegin):
            self._begin(event)
        elif isinstance(event, BatchEnd):
            self.last_batch = event
        elif isinstance(event, EpochEnd):
            self.last_epoch = event
            for name in ("loss", "accuracy", "val_loss", "val_accuracy"):
                value = getattr(event, name)
                if value is not None:
                    self.history.setdefault(name, []).append(value)
            self.dirty = True

    def _begin(self, event: TrainBegin) -> None:
        """A worker has it: from its backup on, which is what counts. A second one has it if the first was lost."""
        restarted = bool(self.began)
        self.history = {name: list(values) for name, values in event.history.items()}
        self.last_batch = self.last_epoch = None
        self.batches, self.began, self.begun_epochs = event.batches, time.monotonic(), event.epoch
        current = self.segments[-1].learning_rate if self.segments else self.experiment.training.learning_rate
        rate = current if self.learning_rate is None else self.learning_rate
        if event.epoch or rate != current:
            earlier = tuple(segment for segment in self.segments if segment.epoch < event.epoch)
            reason = "restarted" if restarted else "continued"
            self.segments = (*earlier, Segment(epoch=event.epoch, learning_rate=rate, reason=reason))
        self.act("begin", device=event.device)

    def take(self, result: TrainResult, stopped_as: Action) -> None:
        """The worker's result; `stopped_as` says what a stop meant."""
        self.history, self.packed = result.history, result.weights
        self.outcome |= {"seconds": (self.record.seconds or 0.0) + result.seconds, "device": result.device}
        self.outcome |= {"versions": result.versions}
        if result.test_accuracy is not None:
            tested = ("test_loss", "test_accuracy", "wrong", "tested")
            self.outcome |= {name: getattr(result, name) for name in tested}
        if result.diverged:
            self.outcome["message"] = DIVERGED
        self.dirty = True
        if self.status == "waiting":  # the result was faster than the events
            self.act("begin")
        if self.active:
            partly = self.epochs_done < self.experiment.training.epochs and not result.diverged
            self.act(stopped_as if result.stopped else "pause" if partly else "finish")

    def seconds_left(self) -> float | None:
        """From the seconds of this attempt's epochs, or within the first from its steps so far."""
        if self.status != "training" or self.last_batch is None:
            return None
        done = self.epochs_done
        begun = self.last_batch.batch / self.last_batch.batches if self.last_batch.epoch > done else 0.0
        trained = max(done + begun - self.begun_epochs, 1e-6)
        return (time.monotonic() - self.began) / trained * max(0.0, self.until - done - begun)

    def fields(self) -> dict[str, Any]:
        """What the store is to know."""
        history = {name: list(values) for name, values in self.history.items()}
        segments = [segment.model_dump(mode="json") for segment in self.segments]
        return {"status": self.status, "history": history, "segments": segments, **self.outcome}

    def snapshot(self, *, position: int | None, seconds_to_start: float | None, foreseen: float) -> Snapshot:
        """As it stands now; `foreseen` are the seconds that it will train, for as long as none have been seen."""
        last, batch = self.last_epoch, self.last_batch
        kept = ("test_accuracy", "wrong", "tested", "seconds", "device")
        known = {name: self.outcome.get(name, getattr(self.record, name)) for name in kept}
        left = self.seconds_left()
        return Snapshot(
            run_id=self.run_id,
            experiment=self.experiment,
            status=self.status,
            history={name: list(values) for name, values in self.history.items()},
            owner=self.record.owner,
            nickname=self.record.nickname,
            segments=self.segments,
            epoch=batch.epoch if batch else self.epochs_done,
            batch=batch.batch if batch else 0,
            batches=self.batches,
            seconds_left=foreseen if left is None and self.active else left,
            position=position,
            seconds_to_start=seconds_to_start,
            updates=dict(last.updates) if last else {},
            weights=last.weights if last else None,
            message=self.unsaved or self.outcome.get("message", ""),
            settled=self.over or not self.began,
            **known,
        )
