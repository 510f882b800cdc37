"""What the training service costs: thirty queued runs against a plain Keras script; predictions; stops.

From the time that a queued epoch takes follows how many workers a class needs.
"""

from __future__ import annotations

import math
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np

from nncore.cluster.engine import Engine
from nncore.data.dataset import mnist
from nncore.networks.inspection import predict
from nncore.registry import networks
from nncore.runs.service import RunService
from nncore.specs.experiment import Experiment
from nncore.specs.presets import PRESETS, preset
from nncore.storage.run_status import ACTIVE
from nncore.storage.run_store import Store
from tests.benchmarks.readme import Row

RUNS = 30
"""Queued at once: a class."""
TURNS, TOGETHER = 18, 5
"""The two are compared so often, so many runs at a time: a machine's pace changes from minute to minute, and the
difference that is looked for is smaller."""
ASKING = 10
"""Sessions that ask for predictions."""
STOPS = 20
"""Of each model, pauses and cancellations in turns, at any time within a second after the first batch."""
QUESTIONS = 12
"""Of each of them, one a second."""
CLASSES = (30, 100, 300)
PATIENCE_MINUTES = 5
"""What the last of a class waits for, with the workers that the table says."""


def percentiles(seconds: Sequence[float]) -> tuple[float, float]:
    """Median and 95th percentile, in milliseconds."""
    return 1000 * statistics.median(seconds), 1000 * float(np.percentile(seconds, 95))


def one_epoch(seed: int, model: str = "model1") -> Experiment:
    """The model for one epoch on all digits."""
    spec = preset(model).training.model_copy(update={"epochs": 1, "seed": seed})
    return preset(model).model_copy(update={"training": spec})


DIGITS = """
import sys, time
from nncore.data import dataset
from nncore.training import device
device.prepare()
digits = dataset.mnist()
def train(seed):
"""
TAKING_TURNS = """
train(0)
for line in sys.stdin:
    started = time.perf_counter()
    for seed in range(int(line)):
        train(seed)
    print(time.perf_counter() - started, flush=True)
"""
PLAIN_KERAS = f"""
{DIGITS}
    import keras
    keras.utils.set_random_seed(seed)
    x_train, x_test = digits.x_train.reshape(-1, 784), digits.x_test.reshape(-1, 784)
    y_train, y_test = (keras.utils.to_categorical(labels, 10) for labels in (digits.y_train, digits.y_test))
    model = keras.models.Sequential()
    model.add(keras.layers.Input((784,)))
    model.add(keras.layers.Dense(30, activation="sigmoid"))
    model.add(keras.layers.Dense(10, activation="sigmoid"))
    model.compile(loss="mean_squared_error", optimizer="sgd", metrics=["accuracy"])
    model.fit(x_train, y_train, epochs=1, batch_size=128, verbose=0)
    model.evaluate(x_test, y_test, verbose=0)
{TAKING_TURNS}
"""
"""The lecture's script of model 1, nothing of ours but the digits."""
OURS_ALONE = f"""
from nncore.training import train
from nncore.training.model_cache import Compiled
from tests.benchmarks.service import one_epoch
compiled = Compiled()
{DIGITS}
    train.train(one_epoch(seed), digits, compiled=compiled)
{TAKING_TURNS}
"""
"""What a worker does, without queue, events, backups and server."""
REPORTED = f"""
import sys
from nncore.training import train
from nncore.training.model_cache import Compiled
from nncore.cluster.run_reporter import RunReporter
from nncore.storage.run_store import Store
from tests.benchmarks.service import reported
store, compiled, reports = Store(sys.argv[2]), Compiled(), sys.argv[1] == "reported"
{DIGITS}
    experiment = reported(seed)
    reporter = RunReporter(store, store.create(f"{{time.time_ns()}}", experiment).id, 1)
    reporter.begin()
    if not reports:
        train.train(experiment, digits, compiled=compiled, keep=lambda backup: None)
        return
    with reporter.writing():
        hear = {{"on_event": reporter.hear, "should_stop": reporter.should_stop, "keep": reporter.keep}}
        reporter.end(train.train(experiment, digits, compiled=compiled, **hear))
{TAKING_TURNS}
"""
"""A training that writes its run's row, or one that makes the same backups and writes nothing."""


class Alone:
    """A process that trains when it is told to."""

    def __init__(self, script: str, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", script, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def train(self, runs: int) -> float:
        """Seconds of so many runs, one after the other."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{runs}\n")
        self._process.stdin.flush()
        return float(self._process.stdout.readline())

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


@contextmanager
def service() -> Iterator[tuple[Engine, RunService, Store]]:
    """Workers, warm, with a store of their own."""
    with tempfile.TemporaryDirectory() as folder:
        engine, store = Engine(), Store(f"sqlite:///{folder}/runs.db")
        engine.start()
        while engine.warmed_up() is None:
            time.sleep(0.2)
        jobs = RunService(engine, store)
        try:
            yield engine, jobs, store
        finally:
            jobs.close()
            engine.close()
            store.close()


class Queue(NamedTuple):
    """Seconds of thirty one-epoch runs, medians over turns; ratios of what was measured in the same turn."""

    queued: float
    keras: float
    over_keras: float
    ours: float
    over_ours: float
    lanes: int
    """Training workers."""


def measure_queue() -> Queue:
    """Thirty queued runs, against the lecture's script and against our own training without a queue.

    In turns, in which each of them trains a few runs; who goes first changes.
    """
    keras, ours = Alone(PLAIN_KERAS), Alone(OURS_ALONE)
    turns = []
    with service() as (engine, jobs, store):
        lanes = engine.lanes()
        _train(jobs, store, [one_epoch(0)] * lanes)
        contenders = {
            "queued": lambda: _train(jobs, store, [one_epoch(seed) for seed in range(TOGETHER)]),
            "keras": lambda: keras.train(TOGETHER),
            "ours": lambda: ours.train(TOGETHER),
        }
        for turn in range(TURNS):
            names = list(contenders)
            names = names[turn % 3 :] + names[: turn % 3]
            turns.append({name: contenders[name]() for name in names})
            print(turns[-1], file=sys.stderr, flush=True)
    keras.close()
    ours.close()

    def seconds(name: str) -> float:
        return RUNS / TOGETHER * statistics.median(turn[name] for turn in turns)

    def over(name: str) -> float:
        return statistics.median(turn["queued"] / turn[name] for turn in turns)

    return Queue(seconds("queued"), seconds("keras"), over("keras"), seconds("ours"), over("ours"), lanes)


def _train(jobs: RunService, store: Store, experiments: Sequence[Experiment]) -> float:
    """Seconds of these runs; what pages see of them is up to a quarter of a second older than what the store has."""
    started = time.perf_counter()
    runs = [jobs.submit(experiment) for experiment in experiments]
    for run in runs:
        while (found := store.load(run)) is not None and found.status in ACTIVE:
            time.sleep(0.02)
    return time.perf_counter() - started


def reported(seed: int) -> Experiment:
    """Five epochs of model 1, whose epochs are the shortest."""
    return one_epoch(seed).model_copy(update={"training": one_epoch(seed).training.model_copy(update={"epochs": 5})})


def measure_reports() -> float:
    """How many times as long a training takes that writes its run's row: the median over pairs."""
    with tempfile.TemporaryDirectory() as folder:
        pair = [Alone(REPORTED, kind, f"sqlite:///{folder}/{kind}.db") for kind in ("reported", "silent")]
        ratios = []
        for turn in range(TURNS):
            seconds = {number: pair[number].train(1) for number in ((0, 1) if turn % 2 else (1, 0))}
            ratios.append(seconds[0] / seconds[1])
            print(seconds, file=sys.stderr, flush=True)
        for process in pair:
            process.close()
    return statistics.median(ratios)


def measure_questions(*, training: bool) -> tuple[float, float]:
    """p50 and p95 in milliseconds of a prediction that ten sessions ask for, each once a second."""
    with service() as (engine, jobs, _):
        digits, took = mnist(), []
        runs = [jobs.submit(preset("model4")) for _ in range(engine.lanes() if training else 0)]
        while any((found := jobs.snapshot(run)) is not None and found.batch == 0 for run in runs):
            time.sleep(0.1)

        def ask(number: int) -> None:
            time.sleep(number / ASKING)
            for turn in range(QUESTIONS):
                started = time.perf_counter()
                engine.ask(networks.apply_to_network, predict, "model4", digits.x_test[turn * ASKING + number])
                spent = time.perf_counter() - started
                took.append(spent)
                time.sleep(max(0.0, 1.0 - spent))

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(ASKING)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return percentiles(took)


def measure_stops() -> dict[str, tuple[float, float]]:
    """Of each model, p50 and p95 in milliseconds from a pause or a cancellation until the worker is free for others."""
    found, chance = {}, random.Random(0)
    with service() as (_, jobs, store):
        for model in PRESETS:
            spec = preset(model).training.model_copy(update={"epochs": 60})
            took = []
            for number in range(STOPS):
                run = jobs.submit(preset(model).model_copy(update={"training": spec}))
                _wait(lambda run=run: store.load(run).batch > 0)  # type: ignore[misc]
                time.sleep(chance.random())
                started = time.perf_counter()
                (jobs.cancel if number % 2 else jobs.pause)(run)
                _wait(lambda run=run: store.load(run).seconds is not None)  # type: ignore[misc]
                took.append(time.perf_counter() - started)
            found[model] = percentiles(took)
    return found


def _wait(until: Callable[[], bool]) -> None:
    while not until():
        time.sleep(0.005)


def measure_models() -> dict[str, tuple[int, float]]:
    """Of each model: how many epochs a lesson trains it for, and seconds of a queued run of so many."""
    epochs = {"model1": 20, "model2": 10, "model3": 3, "model4": 3}
    found = {}
    with service() as (_, jobs, store):
        for model, count in epochs.items():
            spec = preset(model).training.model_copy(update={"epochs": count})
            found[model] = count, _train(jobs, store, [preset(model).model_copy(update={"training": spec})])
    return found


def workers_needed(seconds: float, students: int) -> int:
    """Training workers of this kind, so that the last of so many runs of so many seconds is done in time."""
    return math.ceil(students * seconds / (60 * PATIENCE_MINUTES))


def measure_all() -> list[Row]:
    """Overhead of the queue, predictions, and the workers that a class needs."""
    queue = measure_queue()
    rest, busy = measure_questions(training=False), measure_questions(training=True)
    rows = [
        Row(
            f"{RUNS} queued one-epoch runs of model 1 on {queue.lanes} worker, against a plain Keras script",
            f"{queue.queued:.1f} s against {queue.keras:.1f} s ({100 * (queue.over_keras - 1):+.0f} %)",
            "at most +5 %",
        ),
        Row(
            "the same against our own training in one process, without queue, events, backups and server",
            f"{queue.queued:.1f} s against {queue.ours:.1f} s ({100 * (queue.over_ours - 1):+.0f} %)",
        ),
        Row(
            "a training of model 1 that writes its run's row, against one that does not",
            f"{100 * (measure_reports() - 1):+.1f} %",
            "at most +3 %",
        ),
        Row(f"a prediction, {ASKING} sessions asking", f"p50 {rest[0]:.0f} ms, p95 {rest[1]:.0f} ms", "p95 50 ms"),
        Row("the same while a training runs", f"p50 {busy[0]:.0f} ms, p95 {busy[1]:.0f} ms", "p95 50 ms"),
    ]
    for model, (half, most) in measure_stops().items():
        words = f"a pause or cancellation of model {model[-1]}, until its worker is free"
        rows.append(Row(words, f"p50 {half:.0f} ms, p95 {most:.0f} ms", "p95 500 ms"))
    for model, (epochs, seconds) in measure_models().items():
        needed = ", ".join(f"{workers_needed(seconds, size)} for {size}" for size in CLASSES)
        rows.append(
            Row(
                f"workers so that everybody of a class has trained model {model[-1]} for {epochs} epochs within "
                f"{PATIENCE_MINUTES} minutes",
                f"{needed} students, at {seconds:.1f} s a run",
            )
        )
    return rows
