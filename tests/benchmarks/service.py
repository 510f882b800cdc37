"""What the training service costs: thirty queued runs against the same in a plain process; predictions; stops.

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

import numpy as np

from nncore import networks
from nncore.data import mnist
from nncore.engine import Engine
from nncore.inspection import predict
from nncore.jobs import Jobs
from nncore.models import PRESETS, preset
from nncore.specs import Experiment
from nncore.store import Store
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


PLAIN = """
import sys, time
from nncore import data, device, training
from tests.benchmarks.service import one_epoch
device.prepare()
digits = data.mnist()
training.train(one_epoch(0), digits)
for line in sys.stdin:
    started = time.perf_counter()
    for seed in range(int(line)):
        training.train(one_epoch(seed), digits)
    print(time.perf_counter() - started, flush=True)
"""


@contextmanager
def service() -> Iterator[tuple[Engine, Jobs]]:
    """Workers, warm, with a store of their own."""
    with tempfile.TemporaryDirectory() as folder:
        engine, store = Engine(), Store(f"sqlite:///{folder}/runs.db")
        engine.start()
        while engine.warmed_up() is None:
            time.sleep(0.2)
        jobs = Jobs(engine, store)
        try:
            yield engine, jobs
        finally:
            jobs.close()
            engine.close()
            store.close()


def measure_queue() -> tuple[float, float, float, int]:
    """Seconds of thirty queued one-epoch runs, and of the same thirty in one plain process; ratio; training workers.

    All three are medians over turns, in which each of the two trains a few runs: one goes first, then the other.
    """
    plain = subprocess.Popen([sys.executable, "-c", PLAIN], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert plain.stdin is not None
    assert plain.stdout is not None
    served, bare = [], []
    with service() as (engine, jobs):
        lanes = engine.lanes()
        _train(jobs, [one_epoch(0)] * lanes)
        for turn in range(TURNS):
            for queued in (True, False) if turn % 2 else (False, True):
                if queued:
                    served.append(_train(jobs, [one_epoch(seed) for seed in range(TOGETHER)]))
                else:
                    plain.stdin.write(f"{TOGETHER}\n")
                    plain.stdin.flush()
                    bare.append(float(plain.stdout.readline()))
            print(f"queued {served[-1]:.2f} s, plain {bare[-1]:.2f} s", file=sys.stderr, flush=True)
    plain.kill()
    plain.communicate()
    ratio = statistics.median(one / other for one, other in zip(served, bare, strict=True))
    all_of_them = RUNS / TOGETHER
    return all_of_them * statistics.median(served), all_of_them * statistics.median(bare), ratio, lanes


def _train(jobs: Jobs, experiments: Sequence[Experiment]) -> float:
    started = time.perf_counter()
    runs = [jobs.submit(experiment) for experiment in experiments]
    for run in runs:
        while (found := jobs.snapshot(run)) is not None and found.active:
            time.sleep(0.02)
    return time.perf_counter() - started


def measure_questions(*, training: bool) -> tuple[float, float]:
    """p50 and p95 in milliseconds of a prediction that ten sessions ask for, each once a second."""
    with service() as (engine, jobs):
        digits, took = mnist(), []
        runs = [jobs.submit(preset("model4")) for _ in range(engine.lanes() if training else 0)]
        while any((found := jobs.snapshot(run)) is not None and found.batch == 0 for run in runs):
            time.sleep(0.1)

        def ask(number: int) -> None:
            time.sleep(number / ASKING)
            for turn in range(QUESTIONS):
                started = time.perf_counter()
                engine.ask(networks.examine, predict, "model4", digits.x_test[turn * ASKING + number])
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
    with service() as (_, jobs):
        for model in PRESETS:
            spec = preset(model).training.model_copy(update={"epochs": 60})
            took = []
            for number in range(STOPS):
                run = jobs.submit(preset(model).model_copy(update={"training": spec}))
                _wait(lambda run=run: jobs.snapshot(run).batch > 0)  # type: ignore[misc]
                time.sleep(chance.random())
                started = time.perf_counter()
                (jobs.cancel if number % 2 else jobs.pause)(run)
                _wait(lambda run=run: jobs.snapshot(run).seconds is not None)  # type: ignore[misc]
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
    with service() as (_, jobs):
        for model, count in epochs.items():
            spec = preset(model).training.model_copy(update={"epochs": count})
            found[model] = count, _train(jobs, [preset(model).model_copy(update={"training": spec})])
    return found


def workers_needed(seconds: float, students: int) -> int:
    """Training workers of this kind, so that the last of so many runs of so many seconds is done in time."""
    return math.ceil(students * seconds / (60 * PATIENCE_MINUTES))


def measure_all() -> list[Row]:
    """Overhead of the queue, predictions, and the workers that a class needs."""
    served, plain, ratio, lanes = measure_queue()
    rest, busy = measure_questions(training=False), measure_questions(training=True)
    rows = [
        Row(
            f"{RUNS} queued one-epoch runs of model 1 on {lanes} worker, against the same in a plain process",
            f"{served:.1f} s against {plain:.1f} s ({100 * (ratio - 1):+.0f} %)",
            "at most +5 %",
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
