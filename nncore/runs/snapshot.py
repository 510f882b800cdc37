"""A run as it stands at one moment: what a page draws, and what a benchmark reads."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nncore.specs.experiment import Experiment, Segment
from nncore.storage.run_record import RunRecord, owner_mark
from nncore.storage.run_status import ACTIVE, Action, Status, is_possible


@dataclass(frozen=True)
class Snapshot:
    """A run as it stands now. Accuracies are shares from 0 to 1."""

    run_id: str
    experiment: Experiment
    status: Status
    history: dict[str, list[float]]
    owner: str = ""
    """`owner_mark` of the token that may change it; empty where everybody may."""
    nickname: str = ""
    segments: tuple[Segment, ...] = ()
    epoch: int = 0
    """The epoch that is being trained, from 1; 0 before the first."""
    batch: int = 0
    batches: int = 0
    seconds_left: float | None = None
    """Of training; for a waiting run, foreseen."""
    position: int | None = None
    """Place in the queue, 1 for the next to train; None if it does not wait."""
    seconds_to_start: float | None = None
    """Foreseen, for a waiting run."""
    updates: dict[str, float] = field(default_factory=dict)
    """Relative size of the last epoch's change, by layer."""
    weights: NDArray[np.float16] | None = None
    """The first layer's kernel after the last epoch; None before it."""
    test_accuracy: float | None = None
    wrong: int | None = None
    tested: int | None = None
    seconds: float | None = None
    message: str = ""
    device: str = ""
    settled: bool = True
    """Whether all is known: the worker of a run that was just stopped has still to write its last whole epoch."""

    @property
    def active(self) -> bool:
        """Whether it waits or trains."""
        return self.status in ACTIVE

    @property
    def epochs_done(self) -> int:
        """Finished epochs."""
        return len(self.history.get("loss", []))

    @property
    def learning_rate(self) -> float:
        """The one of its last stretch."""
        return self.segments[-1].learning_rate if self.segments else self.experiment.training.learning_rate

    @property
    def progress(self) -> float:
        """The trained share of all epochs, 0 to 1."""
        if self.status == "finished":
            return 1.0
        begun = self.batch / self.batches if self.batches and self.epoch > self.epochs_done else 0.0
        return min(1.0, (self.epochs_done + begun) / self.experiment.training.epochs)

    def belongs_to(self, token: str) -> bool:
        """Whether the holder of this owner's token may change it."""
        return not self.owner or self.owner == owner_mark(token)

    def can(self, action: Action) -> bool:
        """Whether its state allows the action."""
        return is_possible(self.status, action)


def snapshot_of(record: RunRecord, **beside: Any) -> Snapshot:
    """The run as its row says; `beside` are fields of Snapshot that the row does not have, or says otherwise."""
    kept = {found.name for found in fields(Snapshot)} & RunRecord.model_fields.keys()
    known = {name: getattr(record, name) for name in kept}
    return Snapshot(**{"run_id": record.id, **known, "settled": not record.request, **beside})
