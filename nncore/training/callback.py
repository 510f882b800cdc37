"""What Keras reports while it fits, as events and a history; and the looks at the stop flag in between."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nncore import _keras as keras
from nncore.training.events import BatchEnd, EpochEnd, Event


class StoppedError(Exception):
    """Leaves an evaluation in the middle, which Keras' `stop_training` cannot."""


class TrainingProgress:
    """One training as it goes. What diverged is not kept: it goes on from its last sound epoch."""

    def __init__(
        self,
        model: Any,
        epochs: int,
        batches: int,
        on_event: Callable[[Event], None],
        should_stop: Callable[[], bool],
    ) -> None:
        self.model, self.epochs, self.batches = model, epochs, batches
        self.keeper: Any = None
        """Of `backups.make_keeper`, where epochs are to be kept."""
        self.on_event, self.should_stop = on_event, should_stop
        self.record: dict[str, list[float]] = {"loss": [], "accuracy": []}
        self.stopped = self.diverged = False
        self.epoch, self.epoch_started = 0, 0.0
        self.before: dict[str, NDArray[np.float32]] = {}
        self.unannounced: list[Event] = []
        """Epochs whose backup is not kept yet."""

    def begin_epoch(self, epoch: int) -> None:
        """Remember the weights, to see how far they move."""
        self.epoch, self.epoch_started = epoch + 1, time.perf_counter()
        self.before = _kernels(self.model)

    def end_batch(self, batch: int, logs: Any) -> None:
        """Announce the step, counted from 0 within the epoch; end the training if asked to, or if it diverged."""
        loss = float(logs["loss"])
        self.diverged = not math.isfinite(loss)
        self.stopped = self.stopped or self.should_stop()
        if self.diverged or self.stopped:
            self.model.stop_training = True
        done = min(batch + 1, self.batches)  # Keras counts a whole last chunk, also where the epoch ends within it
        self.on_event(BatchEnd(self.epoch, done, self.batches, loss, float(logs["accuracy"])))

    def look_while_testing(self) -> None:
        """Raise StoppedError if the training is to stop."""
        self.stopped = self.stopped or self.should_stop()
        if self.stopped:
            raise StoppedError

    def end_epoch(self, logs: Any) -> None:
        """Record the epoch, and announce it once its backup is kept."""
        if self.stopped:  # an epoch broken off in the middle is no epoch
            return
        for name, value in logs.items():
            self.record.setdefault(name, []).append(float(value))
        after = _kernels(self.model)
        self.unannounced.append(
            EpochEnd(
                self.epoch,
                self.epochs,
                float(logs["loss"]),
                float(logs["accuracy"]),
                logs.get("val_loss"),
                logs.get("val_accuracy"),
                time.perf_counter() - self.epoch_started,
                {name: _relative_change(self.before[name], after[name]) for name in after},
                _half_precision(next(iter(after.values()))),
            )
        )
        last = self.epoch >= self.epochs
        if self.keeper is None or self.diverged or self.keeper.finish_epoch(self.epoch, self.record, last=last):
            self.announce()

    def announce(self) -> None:
        """Say what is unannounced."""
        for event in self.unannounced:
            self.on_event(event)
        self.unannounced = []

    def close(self) -> None:
        """After `fit`: keep and announce what is still to be."""
        if self.keeper is not None:
            self.keeper.close(whole=not self.stopped)
        self.announce()

    def callbacks(self, learning_rate: float | None = None) -> list[Any]:
        """For Keras: the keeper, and itself, which sets a learning rate once a backup has brought its own."""
        progress = self

        class Reporter(keras.callbacks.Callback):  # type: ignore[misc]  # its base class is Keras', which loads late
            def on_train_begin(self, logs: Any = None) -> None:
                if learning_rate is not None:
                    self.model.optimizer.learning_rate = learning_rate

            def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
                progress.begin_epoch(epoch)

            def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
                progress.end_batch(batch, logs)

            def on_test_batch_end(self, batch: int, logs: Any = None) -> None:
                progress.look_while_testing()

            def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
                progress.end_epoch(logs)

        return [*([self.keeper] if self.keeper else []), Reporter()]


def _kernels(model: Any) -> dict[str, NDArray[np.float32]]:
    """Each layer's weights without its bias, by the layer's name."""
    return {layer.name: np.array(layer.get_weights()[0]) for layer in model.layers if layer.get_weights()}


def _relative_change(before: NDArray[np.float32], after: NDArray[np.float32]) -> float:
    """|after - before| / |before|; not a number once the weights have overflowed."""
    with np.errstate(over="ignore", invalid="ignore"):
        length = float(np.linalg.norm(before))
        return float(np.linalg.norm(after - before)) / length if length else 0.0


def _half_precision(weights: NDArray[np.float32]) -> NDArray[np.float16]:
    """For the screen; weights beyond 65,504, of a training that explodes, become infinite."""
    with np.errstate(over="ignore"):
        return weights.astype(np.float16)
