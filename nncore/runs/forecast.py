"""What runs are going to take: from the pace of the last epochs here, and from who is ahead in the queue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nncore.specs.experiment import Experiment
from nncore.storage.run_record import RunRecord
from nncore.training.time_estimate import SpeedEstimator


@dataclass(frozen=True)
class Estimate:
    """What a run would take, foreseen."""

    ahead: int
    """Runs that wait or train now."""
    seconds_to_start: float
    seconds: float
    """Of its own training."""


class Forecast:
    """What one process foresees. Active runs are always given as `Store.load_active` has them."""

    def __init__(self) -> None:
        self._pace = SpeedEstimator()
        self._epochs: dict[str, int] = {}

    def observe(self, active: Sequence[RunRecord]) -> None:
        """Learn the pace from what these runs have trained since they were last looked at."""
        training = [run for run in active if run.status == "training" and run.epoch_seconds is not None]
        for run in training:
            if run.epoch_seconds and run.epochs_done > self._epochs.get(run.id, 0):
                self._pace.observe(run.experiment, run.epoch_seconds)
        self._epochs = {run.id: run.epochs_done for run in training}

    def seconds(self, experiment: Experiment, epochs: int) -> float:
        """Of so many epochs of this experiment."""
        return self._pace.seconds(experiment, epochs)

    def seconds_left(self, run: RunRecord) -> float:
        """Of this attempt's training: as its worker sees it, or foreseen."""
        if run.status == "training" and run.seconds_left is not None:
            return run.seconds_left
        return self.seconds(run.experiment, max(0, run.last_epoch - run.epochs_done))

    def estimate(self, experiment: Experiment, epochs: int, active: Sequence[RunRecord], lanes: int) -> Estimate:
        """Of so many epochs of this experiment, if they were queued now; `lanes` runs train at once."""
        return Estimate(len(active), self._until_done(active, lanes), self.seconds(experiment, epochs))

    def place(self, run: RunRecord, active: Sequence[RunRecord], lanes: int) -> tuple[int, float]:
        """A waiting run's place in the queue, 1 for the next to train, and seconds until it is to start."""
        others = [other for other in active if other.id != run.id]
        ahead = [other for other in others if other.status == "training" or other.queued < run.queued]
        return 1 + sum(other.status == "waiting" for other in ahead), self._until_done(ahead, lanes)

    def _until_done(self, ahead: Sequence[RunRecord], lanes: int) -> float:
        """Seconds until so many runs are over, with all training workers at them."""
        lanes = max(1, lanes)
        return sum(map(self.seconds_left, ahead)) / lanes if len(ahead) >= lanes else 0.0
