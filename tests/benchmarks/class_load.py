"""A class on one server: the round trips of a slider, at rest and while thirty runs are queued; memory a session.

Every session acts about once a second and speaks Streamlit's own protocol, so that sixty fit on one machine.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import NamedTuple

import psutil
import uvloop

from tests.benchmarks.readme import Row
from tests.benchmarks.service import RUNS, percentiles
from tests.benchmarks.visitor import Visitor, act_once_a_second
from tests.browser.conftest import serve

CLASSES = (1, 10, 30, 60)
SLIDERS = {"gradient_descent": ("momentum", 0.0, 0.01, 90), "neuron": ("", 0.0, 0.0, 1)}
"""A page, and a slider on it: its key, the first value, the step, and how many there are. Without a key the page is run
again as it stands: the controls of `/neuron` are elements of our own, which speak no slider's protocol."""
TARGETS = {(1, False): 30, (30, False): 60, (30, True): 200, (60, True): 200}
"""Milliseconds at p95, by the number of sessions and whether runs are queued."""
SECONDS = 12.0
LONG = "preset=model2&epochs=150"
"""A run that is not over while the others are measured."""


class Load(NamedTuple):
    """Round trips in milliseconds, and memory in megabytes."""

    sessions: int
    page: str
    p50: float
    p95: float
    megabytes_a_session: float


async def act_on(visitor: Visitor, key: str, value: float) -> float:
    """Move the slider, or run the page again where there is none; seconds until the page is complete."""
    return await (visitor.move(key, value) if key else visitor.run_again())


async def measure_page(address: str, server: psutil.Process, sessions: int, page: str) -> Load:
    """So many sessions on one page, each of them new."""
    key, first, step, count = SLIDERS[page]
    before = server.memory_info().rss
    async with AsyncExitStack() as stack:
        visitors = [await stack.enter_async_context(Visitor(address)) for _ in range(sessions)]
        for visitor in visitors:
            await visitor.open(page)
            for turn in range(3):  # what is computed once a session is not what is measured
                await act_on(visitor, key, round(first + step * turn, 6))

        async def take_part(number: int, visitor: Visitor) -> list[float]:
            async def act(turn: int) -> float:
                return await act_on(visitor, key, round(first + step * ((turn * 7 + number) % count + 1), 6))

            return await act_once_a_second(act, SECONDS, number / sessions)

        took = await asyncio.gather(*(take_part(number, visitor) for number, visitor in enumerate(visitors)))
        grown = (server.memory_info().rss - before) / sessions / 1e6
        if any(visitor.exceptions for visitor in visitors):
            raise AssertionError([visitor.exceptions for visitor in visitors])
    p50, p95 = percentiles([spent for of_one in took for spent in of_one])
    return Load(sessions, page, p50, p95, grown)


async def measure_classes(address: str, server: psutil.Process, sizes: Sequence[int], training: int) -> list[Load]:
    """Each size on each page, the largest first since memory that was once taken is used again."""
    await _warm_up(address)
    async with AsyncExitStack() as stack:
        for number in range(training):
            trainer = await stack.enter_async_context(Visitor(address))
            await trainer.open("mlp", f"{LONG}&seed={number}")
            await trainer.press("train")
            await trainer.open("")
        found = []
        for page in SLIDERS:
            for sessions in sorted(sizes, reverse=True):
                found.append(await measure_page(address, server, sessions, page))
                print(training, found[-1], file=sys.stderr, flush=True)
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


def measure_all(sizes: Sequence[int] = CLASSES) -> list[Row]:
    """All of it at rest and with a full queue, on a server each."""
    rows = []
    for training in (0, RUNS):
        with tempfile.TemporaryDirectory() as folder, serve(Path(folder)) as (address, process):
            found = uvloop.run(measure_classes(address, psutil.Process(process.pid), sizes, training))
        for load in sorted(found, key=lambda load: (load.page, load.sessions)):
            bound = TARGETS.get((load.sessions, bool(training)))
            people = f"{load.sessions} session" + ("s" if load.sessions > 1 else "")
            rows.append(
                Row(
                    f"a slider on `/{load.page}`, {people}"
                    + (f" while {training} runs are queued" if training else ""),
                    f"p50 {load.p50:.0f} ms, p95 {load.p95:.0f} ms",
                    f"p95 {bound} ms" if bound else "",
                )
            )
        if not training:
            first = found[0]  # the largest class on a server that had nobody yet
            words = f"memory a session, {first.sessions} sessions on `/{first.page}`"
            rows.append(Row(words, f"{first.megabytes_a_session:.1f} MB", "under 5 MB"))
    return rows
