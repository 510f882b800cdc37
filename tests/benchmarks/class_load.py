"""A class on one server: the round trips of a slider, at rest and while thirty runs are queued; memory a session.

Every session acts about once a second and speaks Streamlit's own protocol, so that sixty fit on one machine. The
larger classes are also measured on two server processes with one database and one scheduler, as `make class` starts
them on two cores; who goes to which is settled beforehand here, as HAProxy's cookie settles it there.
"""

from __future__ import annotations

import asyncio
import itertools
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import psutil
import uvloop

from nncore.cluster.certificates import write_certificates
from tests.benchmarks.readme import Row
from tests.benchmarks.service import RUNS, percentiles
from tests.benchmarks.visitor import Visitor, act_once_a_second
from tests.browser.conftest import serve
from tests.support.scheduler import serve_scheduler

CLASSES = (1, 10, 30, 60)


class Slider(NamedTuple):
    """What is moved on a page: its key, the first value, the step, how many there are, and what element it is in."""

    key: str
    first: float
    step: float
    count: int
    element: str = ""
    """Of our own (pages/ui/interactive_figure/element.py), by its key; nothing for a slider of Streamlit's."""


SLIDERS = {
    "gradient_descent": Slider("momentum", 0.0, 0.01, 90),
    "neuron": Slider("w1", -4.5, 0.1, 90, "drag_neuron_neuron"),
}
TARGETS = {(1, False): 30, (30, False): 60, (30, True): 200, (60, True): 200}
"""Milliseconds at p95, by the number of sessions and whether runs are queued."""
SECONDS = 12.0
PROCESSES = 2
LONG = "preset=model2&epochs=150"
"""A run that is not over while the others are measured."""


class Load(NamedTuple):
    """Round trips in milliseconds, and memory in megabytes."""

    sessions: int
    page: str
    p50: float
    p95: float
    megabytes_a_session: float


async def act_on(visitor: Visitor, slider: Slider, turn: int) -> float:
    """Move the slider to the place of this turn; seconds until what follows it is complete."""
    value = round(slider.first + slider.step * (turn % slider.count), 6)
    if slider.element:
        return await visitor.let_go(slider.element, slider.key, value)
    return await visitor.move(slider.key, value)


async def measure_page(addresses: Sequence[str], server: psutil.Process, sessions: int, page: str) -> Load:
    """So many sessions on one page, each of them new, in turns at each address; the memory of the first server."""
    slider = SLIDERS[page]
    before = server.memory_info().rss
    async with AsyncExitStack() as stack:
        turns = itertools.islice(itertools.cycle(addresses), sessions)
        visitors = [await stack.enter_async_context(Visitor(address)) for address in turns]
        for visitor in visitors:
            await visitor.open(page)
            for turn in range(3):  # what is computed once a session is not what is measured
                await act_on(visitor, slider, turn)

        async def take_part(number: int, visitor: Visitor) -> list[float]:
            async def act(turn: int) -> float:
                return await act_on(visitor, slider, turn * 7 + number + 1)

            return await act_once_a_second(act, SECONDS, number / sessions)

        took = await asyncio.gather(*(take_part(number, visitor) for number, visitor in enumerate(visitors)))
        grown = (server.memory_info().rss - before) / sessions / 1e6
        if any(visitor.exceptions for visitor in visitors):
            raise AssertionError([visitor.exceptions for visitor in visitors])
    p50, p95 = percentiles([spent for of_one in took for spent in of_one])
    return Load(sessions, page, p50, p95, grown)


async def measure_classes(
    addresses: Sequence[str], server: psutil.Process, sizes: Sequence[int], training: int
) -> list[Load]:
    """Each size on each page, the largest first since memory that was once taken is used again."""
    for address in addresses:
        await _warm_up(address)
    async with AsyncExitStack() as stack:
        for number in range(training):
            trainer = await stack.enter_async_context(Visitor(addresses[number % len(addresses)]))
            await trainer.open("mlp", f"{LONG}&seed={number}")
            await trainer.press("train")
            await trainer.open("")
        found = []
        for page in SLIDERS:
            for sessions in sorted(sizes, reverse=True):
                found.append(await measure_page(addresses, server, sessions, page))
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


@contextmanager
def servers(processes: int) -> Iterator[tuple[list[str], psutil.Process]]:
    """The addresses of so many server processes, and the first of them; several share a database and a scheduler."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder, shared = Path(name), {}
        if processes > 1:
            files = [str(path) for path in write_certificates(folder / "tls")]
            shared = dict(zip(("NNCORE_TLS_CA", "NNCORE_TLS_CERT", "NNCORE_TLS_KEY"), files, strict=True))
            shared["NNCORE_SCHEDULER"] = stack.enter_context(serve_scheduler(files))
        started = [stack.enter_context(serve(folder, **shared)) for _ in range(processes)]
        yield [address for address, _ in started], psutil.Process(started[0][1].pid)


def measure_all(sizes: Sequence[int] = CLASSES) -> list[Row]:
    """All of it at rest and with a full queue, on servers of their own."""
    rows = []
    for training in (0, RUNS):
        for processes, classes in ((1, sizes), (PROCESSES, sizes[-2:])):
            with servers(processes) as (addresses, first):
                found = uvloop.run(measure_classes(addresses, first, classes, training))
            rows += [
                _row(load, processes, training) for load in sorted(found, key=lambda load: (load.page, load.sessions))
            ]
            if processes == 1 and not training:
                first_load = found[0]  # the largest class on a server that had nobody yet
                words = f"memory a session, {first_load.sessions} sessions on `/{first_load.page}`"
                rows.append(Row(words, f"{first_load.megabytes_a_session:.1f} MB", "under 5 MB"))
    return rows


def _row(load: Load, processes: int, training: int) -> Row:
    people = f"{load.sessions} session" + ("s" if load.sessions > 1 else "")
    what = f"a slider on `/{load.page}`, {people}"
    what += f" on {processes} server processes" if processes > 1 else ""
    what += f" while {training} runs are queued" if training else ""
    bound = TARGETS.get((load.sessions, bool(training)))
    return Row(what, f"p50 {load.p50:.0f} ms, p95 {load.p95:.0f} ms", f"p95 {bound} ms" if bound else "")
