"""A class on one server, measured into the README: `python -m tests.benchmarks.class_load [SESSIONS ...]`.

Every session acts about once a second. Measured are the round trips of a slider on two pages, without training and
while thirty runs wait, the memory of a session, the time until the last of thirty queued one-epoch runs is done against
the same thirty trained one after the other in a plain process, and questions to the interactive worker.
"""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import NamedTuple

import numpy as np
import psutil

from nncore import networks
from nncore.data import mnist
from nncore.engine import Engine
from nncore.inspection import predict
from nncore.jobs import Jobs
from nncore.models import preset
from nncore.specs import Experiment
from nncore.store import Store
from tests.benchmarks import readme
from tests.benchmarks.visitor import Visitor, act_once_a_second
from tests.browser.conftest import serve

CLASSES = (1, 10, 30, 60)
SLIDERS = {"gradient_descent": ("momentum", 0.0, 0.01, 90), "neuron": ("x1", -4.0, 0.1, 80)}
"""A page, and a slider on it: its key, the first value, the step, and how many there are."""
SECONDS = 12.0
RUNS = 30
"""Queued at once."""
LONG = "preset=model2&epochs=150"
"""A run that is not over while the others are measured."""


class Load(NamedTuple):
    """Round trips in milliseconds, and memory in megabytes."""

    sessions: int
    page: str
    training: bool
    p50: float
    p95: float
    megabytes_a_session: float


def percentiles(seconds: Sequence[float]) -> tuple[float, float]:
    """Median and 95th percentile, in milliseconds."""
    return 1000 * statistics.median(seconds), 1000 * float(np.percentile(seconds, 95))


async def measure_page(address: str, server: psutil.Process, sessions: int, page: str, training: int) -> Load:
    """So many sessions on one page, after `training` of them have each queued a run."""
    key, first, step, count = SLIDERS[page]
    before = server.memory_info().rss
    async with AsyncExitStack() as stack:
        visitors = [await stack.enter_async_context(Visitor(address)) for _ in range(sessions)]
        trainers = [await stack.enter_async_context(Visitor(address)) for _ in range(training)]
        for number, trainer in enumerate(trainers):
            await trainer.open("mlp", f"{LONG}&seed={number}")
            await trainer.press("train")
            await trainer.open("")
        for visitor in visitors:
            await visitor.open(page)
            await visitor.move(key, first)

        async def take_part(number: int, visitor: Visitor) -> list[float]:
            async def act(turn: int) -> float:
                return await visitor.move(key, round(first + step * ((turn * 7 + number) % count + 1), 6))

            return await act_once_a_second(act, SECONDS, number / sessions)

        took = await asyncio.gather(*(take_part(number, visitor) for number, visitor in enumerate(visitors)))
        grown = (server.memory_info().rss - before) / (sessions + training) / 1e6
        if any(visitor.exceptions for visitor in visitors):
            raise AssertionError([visitor.exceptions for visitor in visitors])
    p50, p95 = percentiles([spent for of_one in took for spent in of_one])
    return Load(sessions, page, bool(training), p50, p95, grown)


def measure_classes(sizes: Sequence[int] = CLASSES) -> list[Load]:
    """Each size on each page, first at rest and then while thirty runs are queued, on a new server each time."""
    found = []
    for training in (0, RUNS):
        for page in SLIDERS:
            for sessions in sizes:
                with tempfile.TemporaryDirectory() as folder, serve(Path(folder)) as (address, process):
                    asyncio.run(_warm_up(address))
                    server = psutil.Process(process.pid)
                    found.append(asyncio.run(measure_page(address, server, sessions, page, training)))
                    print(found[-1], flush=True)
    return found


async def _warm_up(address: str) -> None:
    """Until the workers are there and every page has been opened once."""
    async with Visitor(address) as visitor:
        for page in SLIDERS:
            await visitor.open(page)
        await visitor.open("mlp", "epochs=1&train_size=1000")
        await visitor.press("train")
        for _ in range(120):
            await asyncio.sleep(1)
            await visitor.open("mlp")
            if not visitor.widgets["train"][1].disabled and visitor.widgets["cancel"][1].disabled:
                return
    raise AssertionError("the workers did not come up within two minutes")


def one_epoch(seed: int) -> Experiment:
    """Model 1 for one epoch on all digits."""
    spec = preset("model1").training.model_copy(update={"epochs": 1, "seed": seed})
    return preset("model1").model_copy(update={"training": spec})


PLAIN = """
import time
from nncore import data, training
from tests.benchmarks.class_load import RUNS, one_epoch
digits = data.mnist()
training.train(one_epoch(0), digits)
started = time.perf_counter()
for seed in range(RUNS):
    training.train(one_epoch(seed), digits)
print(time.perf_counter() - started)
"""


def measure_queue() -> tuple[float, float]:
    """Seconds for thirty queued one-epoch runs, and for the same thirty in one plain process."""
    with tempfile.TemporaryDirectory() as folder:
        engine, store = Engine(), Store(f"sqlite:///{folder}/runs.db")
        engine.start()
        jobs = Jobs(engine, store)
        _train(jobs, [one_epoch(0)] * engine_lanes(engine))
        served = _train(jobs, [one_epoch(seed) for seed in range(RUNS)])
        jobs.close()
        engine.close()
        store.close()
    plain = subprocess.run([sys.executable, "-c", PLAIN], capture_output=True, text=True, check=True)
    return served, float(plain.stdout.split()[-1])


def engine_lanes(engine: Engine) -> int:
    """Its training workers, once they are warm."""
    while engine.warmed_up() is None:
        time.sleep(0.2)
    return engine.lanes()


def _train(jobs: Jobs, experiments: Sequence[Experiment]) -> float:
    started = time.perf_counter()
    runs = [jobs.submit(experiment) for experiment in experiments]
    for run in runs:
        while (found := jobs.snapshot(run)) is not None and found.active:
            time.sleep(0.02)
    return time.perf_counter() - started


def measure_questions(sessions: int = 10, *, training: bool) -> tuple[float, float]:
    """p50 and p95 in milliseconds of a prediction that so many sessions ask for, each once a second."""
    with tempfile.TemporaryDirectory() as folder:
        engine, store = Engine(), Store(f"sqlite:///{folder}/runs.db")
        engine.start()
        jobs, digits, took = Jobs(engine, store), mnist(), []
        lanes = engine_lanes(engine)
        runs = [jobs.submit(preset("model4")) for _ in range(lanes if training else 0)]
        while any((found := jobs.snapshot(run)) is not None and found.batch == 0 for run in runs):
            time.sleep(0.1)

        def ask(number: int) -> None:
            time.sleep(number / sessions)
            for turn in range(int(SECONDS)):
                started = time.perf_counter()
                engine.ask(networks.examine, predict, "model4", digits.x_test[turn * sessions + number])
                spent = time.perf_counter() - started
                took.append(spent)
                time.sleep(max(0.0, 1.0 - spent))

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(sessions)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        jobs.close()
        engine.close()
        store.close()
    return percentiles(took)


def table(loads: Sequence[Load], queue: tuple[float, float], questions: Sequence[tuple[float, float]]) -> str:
    """All of it as Markdown."""
    lines = [
        "| sessions | page | while 30 runs are queued | p50 | p95 | memory a session |",
        "|---|---|---|---|---|---|",
    ]
    for load in loads:
        queued = "yes" if load.training else "no"
        lines.append(
            f"| {load.sessions} | `/{load.page}` | {queued} | {load.p50:.0f} ms | {load.p95:.0f} ms | "
            f"{load.megabytes_a_session:.1f} MB |"
        )
    served, plain = queue
    lines += [
        "",
        f"Thirty queued one-epoch runs of model 1: {served:.1f} s, against {plain:.1f} s for the same thirty one after "
        f"the other in a plain process ({100 * (served / plain - 1):+.0f} %). A prediction asked for by ten sessions: "
        f"p50 {questions[0][0]:.0f} ms, p95 {questions[0][1]:.0f} ms; while a training runs p50 "
        f"{questions[1][0]:.0f} ms, p95 {questions[1][1]:.0f} ms.",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sizes = tuple(int(argument) for argument in sys.argv[1:]) or CLASSES
    asked = [measure_questions(training=False), measure_questions(training=True)]
    measured = table(measure_classes(sizes), measure_queue(), asked)
    print(measured)
    readme.write(
        "class", f"`make bench-class` ({readme.machine()}), each session acting about once a second:\n\n{measured}"
    )
