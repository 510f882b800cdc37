"""A run as it stands at one moment: what a page draws, and what a benchmark reads."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nncore.specs import Experiment
from nncore.store import RunRecord, Status

ACTIVE = ("waiting", "training")


@dataclass(frozen=True)
class Snapshot:
    """A run as it stands now. Accuracies are shares from 0 to 1."""

    run_id: str
    experiment: Experiment
    status: Status
    history: dict[str, list[float]]
    epoch: int = 0
    """The epoch that is being trained, from 1; 0 before the first."""
    batch: int = 0
    batches: int = 0
    seconds_left: float | None = None
    position: int | None = None
    """Place in the queue, 1 for the next to train; None if it does not wait."""
    updates: dict[str, float] = field(default_factory=dict)
    """Relative size of the last epoch's change, by layer."""
    weights: NDArray[np.float16] | None = None
    """The first layer's kernel after the last epoch; None for a run that is no longer in memory."""
    test_accuracy: float | None = None
    wrong: int | None = None
    tested: int | None = None
    seconds: float | None = None
    message: str = ""
    device: str = ""

    @property
    def active(self) -> bool:
        """Whether it waits or trains."""
        return self.status in ACTIVE

    @property
    def progress(self) -> float:
        """The trained share of all epochs, 0 to 1."""
        if self.status == "finished":
            return 1.0
        done = len(self.history.get("loss", []))
        begun = self.batch / self.batches if self.batches and self.epoch > done else 0.0
        return min(1.0, (done + begun) / self.experiment.training.epochs)


def snapshot_of(record: RunRecord) -> Snapshot:
    """A run of the store, which trains elsewhere or no more."""
    kept = ("experiment", "status", "history", "test_accuracy", "wrong", "tested", "seconds", "message", "device")
    epoch = len(record.history.get("loss", []))
    return Snapshot(run_id=record.id, epoch=epoch, **{name: getattr(record, name) for name in kept})
