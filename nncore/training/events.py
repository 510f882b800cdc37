"""What a training says while it runs, as small frozen records."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class TrainBegin:
    """The worker has the data and the network, and begins."""

    epochs: int
    batches: int
    """Steps an epoch."""
    device: str
    epoch: int = 0
    """Epochs finished before, where a run goes on."""
    history: dict[str, list[float]] = field(default_factory=dict)
    """Of those epochs, as `fit` returns it."""


@dataclass(frozen=True)
class BatchEnd:
    """Some steps further; loss and accuracy are the means of the epoch so far."""

    epoch: int
    """Counted from 1."""
    batch: int
    """Steps done in this epoch."""
    batches: int
    loss: float
    accuracy: float


@dataclass(frozen=True)
class EpochEnd:
    """An epoch is done. Accuracies are shares from 0 to 1."""

    epoch: int
    epochs: int
    loss: float
    accuracy: float
    val_loss: float | None
    val_accuracy: float | None
    seconds: float
    updates: dict[str, float] = field(default_factory=dict)
    """For each layer with weights: length of this epoch's change divided by the length of the weights."""
    weights: NDArray[np.float16] | None = field(default=None, repr=False)
    """The first layer's kernel, (784, units) or (rows, columns, channels, filters)."""


@dataclass(frozen=True)
class TrainEnd:
    """Training is over; the test follows unless it was stopped."""

    epochs: int
    """Finished epochs."""
    seconds: float
    stopped: bool
    diverged: bool


Event = TrainBegin | BatchEnd | EpochEnd | TrainEnd
