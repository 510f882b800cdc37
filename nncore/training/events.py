"""The events of a training while it runs, as small frozen records."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class TrainBegin:
    """A training has its data and its network, and begins."""

    epochs: int
    """How many epochs the run is to have in all."""
    batches: int
    """Steps an epoch."""
    device: str
    """A line that says what it computes on."""
    epoch: int = 0
    """Epochs that an earlier part of the run has finished."""
    history: dict[str, list[float]] = field(default_factory=dict)
    """The values of each metric in those epochs, as `fit` returns them."""


@dataclass(frozen=True)
class BatchEnd:
    """Some more steps are done; loss and accuracy (0 to 1) are the means of the epoch so far."""

    epoch: int
    """The epoch, counted from 1."""
    batch: int
    """Steps done in this epoch."""
    batches: int
    """Steps an epoch."""
    loss: float
    accuracy: float


@dataclass(frozen=True)
class EpochEnd:
    """An epoch is done. Epochs are counted from 1, accuracies are 0 to 1."""

    epoch: int
    epochs: int
    loss: float
    accuracy: float
    val_loss: float | None
    val_accuracy: float | None
    seconds: float
    """How long the epoch took."""
    updates: dict[str, float] = field(default_factory=dict)
    """For each layer with weights, the length of this epoch's change divided by the length of the weights."""
    weights: NDArray[np.float16] | None = field(default=None, repr=False)
    """The first layer's kernel, (784, units) or (rows, columns, channels, filters)."""


@dataclass(frozen=True)
class TrainEnd:
    """Training has ended; the test follows unless it was stopped."""

    epochs: int
    """How many epochs are finished."""
    seconds: float
    stopped: bool
    diverged: bool


Event = TrainBegin | BatchEnd | EpochEnd | TrainEnd
