"""Train one experiment, here and now: `train` calls Keras' `fit` once and says what happens while it runs.

It is synchronous and keeps no state; `jobs` runs it in a worker process.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nncore import _keras as keras
from nncore import device, models
from nncore.data import Dataset
from nncore.events import BatchEnd, EpochEnd, Event, TrainBegin, TrainEnd
from nncore.layers import Conv2D, Dense
from nncore.specs import Experiment, NetworkSpec

CHUNK_SECONDS = 0.1
"""Aim for a look at the stop flag, and an event, this often: a quarter of a second at worst."""

STEP_SECONDS = 2e-4
MULTIPLY_ADDS_PER_SECOND = 1.5e10
"""Measured on two cores for model 1 (0.4 ms a step) and model 4 (10 ms a step), batch 128."""


@dataclass(frozen=True)
class TrainResult:
    """What a training came to. Accuracies are shares from 0 to 1."""

    history: dict[str, list[float]]
    """As `fit` returns it: loss and accuracy an epoch, with validation val_loss and val_accuracy."""
    test_loss: float | None
    test_accuracy: float | None
    wrong: int | None
    """Misread test pictures."""
    tested: int
    """Test pictures in all."""
    seconds: float
    stopped: bool
    diverged: bool
    weights: bytes = field(repr=False)
    device: str
    versions: dict[str, str] = field(repr=False)
    model: Any = field(default=None, repr=False, compare=False)

    def without_model(self) -> TrainResult:
        """The same without the Keras model, to cross a process border."""
        return replace(self, model=None)


def train(
    experiment: Experiment,
    dataset: Dataset,
    *,
    on_event: Callable[[Event], None] = lambda event: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> TrainResult:
    """Train as specified and test on all test pictures.

    With the same seed the history equals that of a plain Keras script on the same machine. `should_stop` is
    asked at least four times a second; a stopped training returns what it has, untested. Keras' random state is
    set for the whole process, so one training at a time.
    """
    spec = experiment.training
    keras.utils.set_random_seed(spec.seed)
    model = models.build_model(experiment.network, seed=spec.seed)
    size = min(spec.train_size, len(dataset.x_train))
    x_train = models.prepare_inputs(dataset.x_train[:size], experiment.network, scale=spec.scale)
    batches = math.ceil(int(size * (1 - spec.validation_split)) / spec.batch_size)
    chunk = min(steps_per_event(experiment.network, spec.batch_size), batches)
    models.compile_model(model, spec, steps_per_execution=chunk)
    used = str(device.prepare())
    on_event(TrainBegin(spec.epochs, batches, used))
    reporter = _reporter(model, spec.epochs, batches, on_event, should_stop)
    started = time.perf_counter()
    with suppress(_StoppedError):
        model.fit(
            x_train,
            models.one_hot(dataset.y_train[:size]),
            epochs=spec.epochs,
            batch_size=spec.batch_size,
            validation_split=spec.validation_split,
            callbacks=[reporter],
            verbose=0,
        )
    seconds = time.perf_counter() - started
    history = reporter.record
    on_event(TrainEnd(len(history["loss"]), seconds, reporter.stopped, reporter.diverged))
    score = None if reporter.stopped else _test(model, experiment, dataset, reporter)
    return TrainResult(
        history=history,
        test_loss=score[0] if score else None,
        test_accuracy=score[1] if score else None,
        wrong=round((1 - score[1]) * len(dataset.x_test)) if score else None,
        tested=len(dataset.x_test),
        seconds=seconds,
        stopped=reporter.stopped,
        diverged=reporter.diverged,
        weights=models.pack_weights(model),
        device=used,
        versions=device.versions(),
        model=model,
    )


def steps_per_event(network: NetworkSpec, batch_size: int) -> int:
    """Steps that take about CHUNK_SECONDS on two CPU cores, from the multiplications they need."""
    shape, multiply_adds = network.input_shape, 0
    for layer, output in zip(network.layers, network.shapes(), strict=True):
        if isinstance(layer, Dense):
            multiply_adds += shape[0] * layer.units
        elif isinstance(layer, Conv2D):
            multiply_adds += int(np.prod(output)) * layer.kernel_size**2 * shape[2]
        shape = output
    forward_and_backward = 3 * multiply_adds * batch_size
    return max(1, int(CHUNK_SECONDS / (STEP_SECONDS + forward_and_backward / MULTIPLY_ADDS_PER_SECOND)))


class _StoppedError(Exception):
    """Leaves an evaluation in the middle, which Keras' `stop_training` cannot."""


def _test(model: Any, experiment: Experiment, dataset: Dataset, reporter: Any) -> tuple[float, float] | None:
    """Loss and accuracy on the test pictures, or None if stopped on the way."""
    x_test = models.prepare_inputs(dataset.x_test, experiment.network, scale=experiment.training.scale)
    try:
        loss, accuracy = model.evaluate(x_test, models.one_hot(dataset.y_test), verbose=0, callbacks=[reporter])
    except _StoppedError:
        return None
    return float(loss), float(accuracy)


def _reporter(
    model: Any, epochs: int, batches: int, on_event: Callable[[Event], None], should_stop: Callable[[], bool]
) -> Any:
    """The Keras callback that turns progress into events; made here because its base class is Keras'."""

    class Reporter(keras.callbacks.Callback):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.record: dict[str, list[float]] = {"loss": [], "accuracy": []}
            self.stopped = self.diverged = False
            self.epoch = 0
            self.epoch_started = 0.0
            self.before: dict[str, NDArray[np.float32]] = {}

        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            self.epoch, self.epoch_started = epoch + 1, time.perf_counter()
            self.before = _kernels(model)

        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            loss = float(logs["loss"])
            self.diverged = not math.isfinite(loss)
            self.stopped = self.stopped or should_stop()
            if self.diverged or self.stopped:
                model.stop_training = True
            done = min(batch + 1, batches)  # Keras counts a whole last chunk, also where the epoch ends within it
            on_event(BatchEnd(self.epoch, done, batches, loss, float(logs["accuracy"])))

        def on_test_batch_end(self, batch: int, logs: Any = None) -> None:
            self.stopped = self.stopped or should_stop()
            if self.stopped:
                raise _StoppedError

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            if self.stopped:  # an epoch broken off in the middle is no epoch
                return
            for name, value in logs.items():
                self.record.setdefault(name, []).append(float(value))
            after = _kernels(model)
            on_event(
                EpochEnd(
                    epoch + 1,
                    epochs,
                    float(logs["loss"]),
                    float(logs["accuracy"]),
                    logs.get("val_loss"),
                    logs.get("val_accuracy"),
                    time.perf_counter() - self.epoch_started,
                    {name: _relative_change(self.before[name], after[name]) for name in after},
                    _half_precision(next(iter(after.values()))),
                )
            )

    return Reporter()


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
