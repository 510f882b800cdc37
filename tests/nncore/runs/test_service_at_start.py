"""Runs that are submitted while the workers still start: the page goes on, the run waits."""

import threading
import time

import pytest

from nncore.cluster.engine import EngineError
from nncore.networks.build import preset
from nncore.runs import dispatcher
from nncore.runs.service import Jobs


class StartingEngine:
    """As `Engine` in its first seconds: `client` waits until the test lets it come up, or fail."""

    def __init__(self, failure=None):
        self.up, self.failure, self.refused, self.sent = threading.Event(), failure, 0, []

    def started(self):
        return self.up.is_set()

    def client(self):
        assert self.up.wait(10)
        if self.failure:
            self.refused += 1
            raise EngineError(self.failure)
        return self

    def lanes(self):
        return 1

    def subscribe_topic(self, topic, handler):
        pass

    def submit(self, function, *arguments, key):
        self.sent.append(key)
        return self

    def add_done_callback(self, callback):
        pass


def wait_until(condition):
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


def refused(store, failure):
    """An engine that came up with this failure, and a run that was submitted before."""
    engine = StartingEngine(failure)
    jobs = Jobs(engine, store)
    run_id = jobs.submit(preset("model1"))
    engine.up.set()
    return engine, jobs, run_id


@pytest.mark.alone
def test_a_run_is_accepted_at_once_and_sent_when_the_workers_are_there(store):
    engine = StartingEngine()
    jobs = Jobs(engine, store)
    started = time.monotonic()
    run_id = jobs.submit(preset("model1"))
    assert time.monotonic() - started < 0.5
    assert (jobs.snapshot(run_id).status, jobs.snapshot(run_id).position) == ("waiting", 1)
    assert engine.sent == []
    engine.up.set()
    wait_until(lambda: engine.sent == [f"run-{run_id}-1"])


def test_a_run_cancelled_while_the_workers_start_is_never_sent(store):
    engine = StartingEngine()
    jobs = Jobs(engine, store)
    cancelled, kept = jobs.submit(preset("model1")), jobs.submit(preset("model2"))
    jobs.cancel(cancelled)
    engine.up.set()
    wait_until(lambda: engine.sent == [f"run-{kept}-1"])
    assert jobs.snapshot(cancelled).status == "cancelled"


def test_a_scheduler_that_comes_up_after_the_server_gets_the_runs_that_waited(store, monkeypatch):
    monkeypatch.setattr(dispatcher, "AGAIN_SECONDS", 0.01)
    engine, jobs, run_id = refused(store, "The workers cannot be reached: timed out.")
    wait_until(lambda: engine.refused > 2)
    assert jobs.snapshot(run_id).status == "waiting"
    engine.failure = None
    wait_until(lambda: engine.sent == [f"run-{run_id}-1"])


def test_workers_that_do_not_come_up_fail_the_run_in_a_sentence(store, monkeypatch):
    monkeypatch.setattr(dispatcher, "START_SECONDS", 0.0)
    _, jobs, run_id = refused(store, "The workers could not be started: no memory.")
    wait_until(lambda: jobs.snapshot(run_id).status == "failed")
    assert jobs.snapshot(run_id).message == "The workers could not be started: no memory."
    with pytest.raises(EngineError, match="no memory"):
        jobs.submit(preset("model1"))


def test_what_changes_while_the_last_round_writes_is_written_before_the_server_ends(store, monkeypatch):
    engine = StartingEngine()
    jobs = Jobs(engine, store)
    first, second = jobs.submit(preset("model1")), jobs.submit(preset("model2"))
    wait_until(lambda: all(run.written for run in jobs._dispatcher._runs.values()))  # once, as what waits
    writing, going_on, update = threading.Event(), threading.Event(), store.update

    def slow(run_id, **fields):
        writing.set()
        assert going_on.wait(10)
        update(run_id, **fields)

    monkeypatch.setattr(store, "update", slow)
    jobs.cancel(first)
    assert writing.wait(10)  # the round that writes the first is under way
    jobs.cancel(second)
    threading.Timer(0.2, going_on.set).start()
    jobs.close()
    assert store.load(second).status == "cancelled"
    engine.up.set()  # and the threads that wait for it end
