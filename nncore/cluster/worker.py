"""What runs inside the worker processes: the warm-up, and a training that reports into its run's row."""

from __future__ import annotations

import os
from dataclasses import dataclass

import numpy as np

from nncore.cluster.run_reporter import RunReporter, patiently
from nncore.data import dataset
from nncore.networks.inspection import predict
from nncore.registry import datasets, networks
from nncore.specs.presets import PRESETS
from nncore.storage.run_record import RunRecord
from nncore.storage.run_store import open_store
from nncore.training import device, train
from nncore.training.events import EpochEnd, Event
from nncore.training.model_cache import Compiled
from nncore.training.time_estimate import SpeedEstimator

PROGRESS = "nncore-progress"
"""The Dask topic on which workers speak of their warm-up."""

NICENESS = int(os.environ.get("NNCORE_NICENESS") or 19)
"""Of a training process, on Unix' scale from 0 (as all others) to 19 (last of all)."""

_compiled = Compiled()
"""What this process has trained."""

_pace = SpeedEstimator(usual=1.0, bounds=(1.0, 20.0))
"""Of the epochs trained in this process: stops are to be heard as soon on a slow or busy machine."""


@dataclass(frozen=True)
class WarmUp:
    """What a worker found when it started."""

    device: str
    source: str
    """Where the digits came from."""
    notes: tuple[str, ...]
    """Sources that did not serve, and why."""
    licence: str
    train_digits: int
    test_digits: int


def warm_up_asking() -> WarmUp:
    """Import Keras, fetch the digits, open the reference networks and read one digit with each.

    One CPU thread an operation: a question is small, and the other cores train.
    """
    from distributed import get_worker

    worker = get_worker()
    worker.log_event(PROGRESS, "Keras is being loaded.")
    used = device.prepare(threads=1)
    digits = dataset.mnist(lambda sentence: worker.log_event(PROGRESS, sentence))
    worker.log_event(PROGRESS, "The reference networks are being opened.")
    for name in PRESETS:
        networks.apply_to_network(predict, name, digits.x_test[0])
    return WarmUp(str(used), digits.source, digits.notes, digits.licence, len(digits.x_train), len(digits.x_test))


def warm_up_training() -> str:
    """Import Keras and set the device up; what it is, in words."""
    _let_pages_go_first()
    return str(device.prepare())


def _let_pages_go_first() -> None:
    """Training takes the processor that pages and questions leave; where nothing else runs, it takes it all."""
    if hasattr(os, "nice") and os.nice(0) < NICENESS:
        os.nice(NICENESS)


def pick_digit(index: int, name: str | None = None) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.uint8]], int]:
    """The test picture of this index, (28, 28) bytes, and its class; the index wraps around.

    Of the set that the named network was trained on; of MNIST without a name.
    """
    digits = datasets.open_dataset(networks.load_network(name).data) if name else dataset.mnist()
    place = index % len(digits.x_test)
    return digits.x_test[place], int(digits.y_test[place])


@dataclass(frozen=True)
class TrainingTask:
    """What a training worker is to do: one attempt at a run, which says in its row what it is."""

    run_id: str
    attempt: int
    database: str
    """Where the run is, as SQLAlchemy's address."""

    @property
    def key(self) -> str:
        """Its name among all tasks."""
        return f"run-{self.run_id}-{self.attempt}"


def run_experiment(task: TrainingTask) -> None:
    """Train from the run's last backup on; all that comes of it is written into the run's row."""
    _let_pages_go_first()
    store = patiently(lambda: open_store(task.database))
    reporter = RunReporter(store, task.run_id, task.attempt)
    record = reporter.begin()
    if record is None:
        return
    with reporter.writing():
        try:
            result = _train(record, reporter, task.database)
        except Exception as error:  # whatever it is, it is the run's end
            reporter.fail(error)
        else:
            reporter.end(result)


def _train(record: RunRecord, reporter: RunReporter, database: str) -> train.TrainResult:
    warm = False

    def hear(event: Event) -> None:
        reporter.hear(event)
        nonlocal warm
        if isinstance(event, EpochEnd):
            if warm:  # the first epoch here also builds what computes
                _pace.observe(record.experiment, event.seconds)
            warm = True

    return train.train(
        record.experiment,
        datasets.open_dataset(record.experiment.training.data, database),
        on_event=hear,
        should_stop=reporter.should_stop,
        backup=reporter.backup,
        keep=reporter.keep,
        until=record.until,
        learning_rate=record.learning_rate,
        pace=_pace.factor,
        compiled=_compiled,
    )
