"""What runs inside the worker processes: the warm-up, a training with its events, and the stop flags."""

from __future__ import annotations

import os
from dataclasses import dataclass

import numpy as np

from nncore.data import dataset
from nncore.networks.build import PRESETS
from nncore.networks.inspection import predict
from nncore.registry import datasets, networks
from nncore.specs.experiment import Experiment
from nncore.storage.run_store import StoreError, open_store
from nncore.training import device, train
from nncore.training.checkpoint import Backup
from nncore.training.events import EpochEnd, Event, to_message
from nncore.training.model_cache import Compiled
from nncore.training.time_estimate import SpeedEstimator

EVENTS = "nncore-events"
PROGRESS = "nncore-progress"
"""The Dask topics on which workers speak."""

NICENESS = int(os.environ.get("NNCORE_NICENESS") or 19)
"""Of a training process, on Unix' scale from 0 (as all others) to 19 (last of all)."""

_stopped: set[str] = set()

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
class Order:
    """What a training worker is to do: one attempt at a run."""

    key: str
    """Of the attempt, for its stop flag."""
    run_id: str
    attempt: int
    experiment: Experiment
    until: int
    """Epochs in all after which it ends."""
    learning_rate: float | None
    """Other than that of the backup; None to leave it."""
    database: str
    """Where the run's backups are, as SQLAlchemy's address."""


def run_experiment(order: Order) -> train.TrainResult:
    """Train from the run's last backup on, with the events on EVENTS; the result without its model."""
    from distributed import get_worker

    worker = get_worker()
    _let_pages_go_first()
    superseded = warm = False

    def send(event: Event) -> None:
        worker.log_event(EVENTS, {"key": order.key, "event": to_message(event)})
        nonlocal warm
        if isinstance(event, EpochEnd):
            if warm:  # the first epoch here also builds what computes
                _pace.saw(order.experiment, event.seconds)
            warm = True

    def keep(backup: Backup) -> None:
        nonlocal superseded
        try:
            superseded = not open_store(order.database).keep_backup(order.run_id, order.attempt, backup)
        except StoreError as error:  # the run goes on without; the server says that the database is in trouble
            worker.log_event(PROGRESS, str(error))

    try:
        result = train.train(
            order.experiment,
            datasets.open_dataset(order.experiment.training.data, order.database),
            on_event=send,
            should_stop=lambda: superseded or order.key in _stopped,
            backup=_last_backup(order),
            keep=keep,
            until=order.until,
            learning_rate=order.learning_rate,
            pace=_pace.factor,
            compiled=_compiled,
        )
    finally:
        _stopped.discard(order.key)
    return result.without_model()


def _last_backup(order: Order) -> Backup | None:
    """The run's, or None before its first epoch; a first attempt begins anew where the database does not answer."""
    try:
        return open_store(order.database).load_backup(order.run_id)
    except StoreError:
        if order.attempt > 1:
            raise
        return None


async def request_stop(key: str) -> None:
    """Have this attempt stop at its next look, if it trains in this process or comes to do so.

    A coroutine, since Dask sends only those without waiting for every worker to answer.
    """
    _stopped.add(key)
