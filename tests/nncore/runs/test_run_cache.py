"""What the pages of one process cost the database, and what they are told while that does not answer."""

import threading

import numpy as np
import pytest
from sqlalchemy import Engine, event

from nncore.runs import run_cache
from nncore.runs.forecast import Forecast
from nncore.runs.run_cache import RunCache
from nncore.runs.service import RunService
from nncore.specs.presets import preset
from nncore.storage.run_store import Store, StoreError
from tests.nncore.runs.acted import KERNEL, ActedEngine

PAGES = 30


class Clock:
    """Time that passes when it is told to."""

    def __init__(self):
        self.now = 1000.0

    def monotonic(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    made = Clock()
    monkeypatch.setattr(run_cache, "time", made)
    return made


@pytest.fixture
def statements(store):
    """What the database is asked from here on."""
    found = []

    def note(connection, cursor, statement, *more):
        found.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield found
    event.remove(Engine, "before_cursor_execute", note)


@pytest.fixture
def cache(store):
    return RunCache(store, Forecast())


def test_thirty_pages_that_follow_thirty_runs_cost_a_few_reads_a_second(store, clock, statements, cache):
    engine = ActedEngine(store, lanes=PAGES)
    jobs = RunService(engine, store, background=False)
    runs = [jobs.submit(preset("model1")) for _ in range(PAGES)]
    engine.train()
    for run in runs:
        cache.look(run)
    del statements[:]
    for tick in range(2 * PAGES):  # a second, in which every page looks twice and every run gets four epochs further
        clock.now += 1 / (2 * PAGES)
        if tick % (PAGES // 2) == 0:
            written = len(statements)
            engine.train()
            del statements[written:]
        seen = cache.look(runs[tick % PAGES])
        assert seen.record.status == "training"
        np.testing.assert_array_equal(seen.kernel, KERNEL)
    assert seen.record.epochs_done > 1
    assert 4 <= len(statements) <= 8


@pytest.fixture
def readings(store, monkeypatch):
    """Which runs are asked for, reading by reading; `going_on` holds a reading up while it is not set."""
    found, read, going_on = [], store.load_followed, threading.Event()
    going_on.set()

    def note(run_ids):
        found.append(set(run_ids))
        assert going_on.wait(10)
        return read(run_ids)

    monkeypatch.setattr(store, "load_followed", note)
    return found, going_on


def test_pages_do_not_wait_for_one_that_reads(store, clock, cache, readings):
    found, going_on = readings
    store.create("a", preset("model1"))
    cache.look("a")
    going_on.clear()
    clock.now += 1
    reader = threading.Thread(target=cache.look, args=("a",))
    reader.start()
    while len(found) < 2:
        assert reader.is_alive()
    for _ in range(PAGES):
        assert cache.look("a").record.status == "waiting"
    going_on.set()
    reader.join(10)
    assert len(found) == 2


def test_what_is_written_here_is_seen_at_once(store, clock, cache):
    store.create("a", preset("model1"))
    assert cache.look("a").record.status == "waiting"
    store.update("a", status="paused")
    assert cache.look("a").record.status == "waiting"
    cache.expire()
    assert cache.look("a").record.status == "paused"


def test_what_another_server_writes_is_seen_within_a_quarter_of_a_second(store, path, clock, cache):
    store.create("a", preset("model1"))
    cache.look("a")
    other = Store(f"sqlite:///{path}")
    other.update("a", status="paused")
    other.close()
    clock.now += run_cache.READ_SECONDS
    assert run_cache.READ_SECONDS <= 0.25
    assert cache.look("a").record.status == "paused"


def test_a_run_that_is_not_there_is_none_and_is_not_asked_for_again_and_again(store, clock, statements, cache):
    assert [cache.look("nobody") for _ in range(5)] == [None] * 5
    assert len(statements) == 1


def test_while_the_database_is_silent_the_last_that_is_known_is_shown_with_a_sentence(store, clock, cache, monkeypatch):
    store.create("a", preset("model1"))
    cache.look("a")
    asked = []

    def fail(*arguments):
        asked.append(arguments)
        raise StoreError("The database of runs could not be read: it is silent.")

    with monkeypatch.context() as patch:
        patch.setattr(store, "load_followed", fail)
        clock.now += 1
        for _ in range(PAGES):
            seen = cache.look("a")
        with pytest.raises(StoreError, match="it is silent"):
            cache.look("b")
        assert len(asked) == 1
    assert (seen.record.status, seen.trouble) == (
        "waiting",
        f"The database of runs could not be read: it is silent. {run_cache.OLD}",
    )
    assert [run.id for run in cache.active()] == ["a"]
    clock.now += run_cache.AGAIN_SECONDS
    assert cache.look("a").trouble == ""
    assert cache.look("b") is None


def test_a_worker_that_writes_nothing_for_long_is_worth_a_word(store, clock, cache):
    engine = ActedEngine(store)
    jobs = RunService(engine, store, background=False)
    run = jobs.submit(preset("model1"))
    engine.train()
    assert cache.look(run).trouble == ""
    clock.now += run_cache.QUIET_SECONDS + 2
    assert cache.look(run).trouble == run_cache.QUIET.format(12)
    engine.train()
    clock.now += 1
    assert cache.look(run).trouble == ""


def test_a_run_that_no_page_looks_at_any_more_is_not_read_any_more(store, clock, cache, readings):
    store.create("a", preset("model1"))
    store.update("a", status="finished")
    cache.look("a")
    clock.now += run_cache.FOLLOW_SECONDS
    cache.active()
    assert readings[0] == [{"a"}, set()]
