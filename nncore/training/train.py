"""Train one experiment, here and now: `train` calls Keras' `fit` once and says what happens while it runs.

It is synchronous and keeps no state; `worker` runs it in a process of its own. A training that goes on from a backup is
one more call: the same experiment, and how far it got.
"""

from __future__ import annotations

import math
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

from nncore import _keras as keras
from nncore.data.dataset import Dataset
from nncore.networks import build
from nncore.specs.experiment import Experiment, NetworkSpec, TrainingSpec
from nncore.training import device
from nncore.training.callback import StoppedError, TrainingProgress
from nncore.training.checkpoint import Backup, make_keeper
from nncore.training.data_adapter import feed
from nncore.training.events import Event, TrainBegin, TrainEnd
from nncore.training.model_cache import Compiled
from nncore.training.time_estimate import step_seconds

CHUNK_SECONDS = 0.1
"""Aim for a look at the stop flag, and an event, this often: a quarter of a second at worst."""

TEST_BATCH = 32
"""Keras' own, where `evaluate` is not told."""


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


def train(
    experiment: Experiment,
    dataset: Dataset,
    *,
    on_event: Callable[[Event], None] = lambda event: None,
    should_stop: Callable[[], bool] = lambda: False,
    backup: Backup | None = None,
    keep: Callable[[Backup], None] | None = None,
    until: int | None = None,
    learning_rate: float | None = None,
    pace: float = 1.0,
    compiled: Compiled | None = None,
) -> TrainResult:
    """Train as specified and test on all test pictures.

    With the same seed the history equals that of a plain Keras script on the same machine. `should_stop` is
    asked at least four times a second; a stopped training returns what it has, untested. Keras' random state is
    set for the whole process, so one training at a time.

    With `keep` the training hands over a backup after its epochs, and an epoch is announced only once it is kept.
    With `backup` it goes on from there, with `seed` + its epochs as the seed and, if given, another
    `learning_rate`. It ends after `until` epochs in all, at most those of the experiment, and is then not tested.
    `pace` says how many times as long a step takes here as `speed.step_seconds` foresees. With `compiled` the model
    may be one that was trained before, set back; it then trains on when the next training takes it.
    """
    spec = experiment.training
    keras.utils.set_random_seed(spec.seed)
    size = min(spec.train_size, len(dataset.x_train))
    x_train = build.prepare_inputs(dataset.x_train[:size], experiment.network, scale=spec.scale)
    batches = math.ceil(int(size * (1 - spec.validation_split)) / spec.batch_size)
    chunk = min(steps_per_event(experiment.network, spec.batch_size, pace), batches)
    compiled = compiled or Compiled()
    model = compiled.prepare(experiment, chunk)
    used, begun = str(device.prepare()), backup.epoch if backup else 0
    progress = TrainingProgress(model, min(until or spec.epochs, spec.epochs), batches, on_event, should_stop)
    progress.record |= {name: list(values) for name, values in (backup.history if backup else {}).items()}
    on_event(TrainBegin(spec.epochs, batches, used, begun, backup.history if backup else {}))
    keras.utils.set_random_seed(spec.seed + begun)
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="nncore-") as scratch:
        if backup or keep:
            progress.keeper = make_keeper(model, scratch, backup, keep or (lambda backup: None))
        _fit(model, x_train, build.one_hot(dataset.y_train[:size]), spec, progress, learning_rate)
    seconds, epochs = time.perf_counter() - started, len(progress.record["loss"])
    on_event(TrainEnd(epochs, seconds, progress.stopped, progress.diverged))
    whole = not progress.stopped and (epochs >= spec.epochs or progress.diverged)
    score = _test(model, experiment, dataset, progress) if whole else None
    compiled.keep(experiment, model)
    return _sum_up(progress, score, len(dataset.x_test), seconds, used)


def _sum_up(
    progress: TrainingProgress, score: tuple[float, float] | None, tested: int, seconds: float, used: str
) -> TrainResult:
    """The result of a training that has ended; `score` is its loss and accuracy on so many test pictures."""
    return TrainResult(
        history=progress.record,
        test_loss=score[0] if score else None,
        test_accuracy=score[1] if score else None,
        wrong=round((1 - score[1]) * tested) if score else None,
        tested=tested,
        seconds=seconds,
        stopped=progress.stopped,
        diverged=progress.diverged,
        weights=build.pack_weights(progress.model),
        device=used,
        versions=device.versions(),
        model=progress.model,
    )


def _fit(
    model: Any,
    x_train: NDArray[Any],
    y_train: NDArray[Any],
    spec: TrainingSpec,
    progress: TrainingProgress,
    learning_rate: float | None,
) -> None:
    """Keras' own `fit`, once; what it came to is in `progress`."""
    fitted = int(len(x_train) * (1 - spec.validation_split))  # the first ones, as Keras' `validation_split` has it
    held_out = feed(x_train[fitted:], y_train[fitted:], spec.batch_size) if spec.validation_split else None
    with suppress(StoppedError):
        model.fit(
            feed(x_train[:fitted], y_train[:fitted], spec.batch_size, shuffle=True),
            epochs=progress.epochs,
            validation_data=held_out,
            callbacks=progress.callbacks(learning_rate),
            verbose=0,
        )
    progress.close()


def steps_per_event(network: NetworkSpec, batch_size: int, pace: float = 1.0) -> int:
    """Steps that take about CHUNK_SECONDS where they take `pace` times as long as on two CPU cores."""
    return max(1, int(CHUNK_SECONDS / (step_seconds(network, batch_size) * pace)))


def _test(
    model: Any, experiment: Experiment, dataset: Dataset, progress: TrainingProgress
) -> tuple[float, float] | None:
    """Loss and accuracy on the test pictures, or None if stopped on the way."""
    x_test = build.prepare_inputs(dataset.x_test, experiment.network, scale=experiment.training.scale)
    try:
        tests = feed(x_test, build.one_hot(dataset.y_test), TEST_BATCH)
        loss, accuracy = model.evaluate(tests, verbose=0, callbacks=progress.callbacks())
    except StoppedError:
        return None
    return float(loss), float(accuracy)
