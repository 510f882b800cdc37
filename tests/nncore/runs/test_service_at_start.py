"""Runs that are submitted while the workers still start: the page goes on, the run waits."""

import contextlib
import threading
import time

import pytest

from nncore.cluster.engine import EngineError
from nncore.runs import dispatcher
from nncore.runs.service import RunService
from nncore.specs.presets import preset


class StartingEngine:
    """As `Engine` in its first seconds: `client` waits until the test lets it come up, or fail."""

    def __init__(self, failure=None):
        self.up, self.failure, self.refused, self.sent = threading.Event(), failure, 0, []
        self.embedded = True

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

    def submit(self, function, *arguments, key):
        self.client()
        self.sent.append(key)
        return self

    def add_done_callback(self, callback):
        pass


def wait_until(condition):
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


@pytest.fixture
def serve(store):
    """Makes a server's runs on an engine, which comes up at the end so that no thread waits for it."""
    with contextlib.ExitStack() as stack:

        def start(failure=None):
            engine = StartingEngine(failure)
            jobs = RunService(engine, store)
            stack.callback(engine.up.set)
            stack.callback(jobs.close)
            return engine, jobs

        yield start


def test_a_run_is_accepted_while_the_workers_are_not_there_and_sent_when_they_are(serve):
    engine, jobs = serve()
    run_id = jobs.submit(preset("model1"))
    assert (jobs.snapshot(run_id).status, jobs.snapshot(run_id).position) == ("waiting", 1)
    assert engine.sent == []
    engine.up.set()
    wait_until(lambda: engine.sent == [f"run-{run_id}-1"])


def test_runs_that_wait_for_the_workers_are_sent_in_their_order(serve):
    engine, jobs = serve()
    runs = [jobs.submit(preset("model1")) for _ in range(10)]
    jobs.cancel(runs[3])
    engine.up.set()
    wait_until(lambda: engine.sent == [f"run-{run_id}-1" for run_id in runs])
    assert jobs.snapshot(runs[3]).status == "cancelled"  # and its task finds nothing to train


def test_a_scheduler_that_comes_up_after_the_server_gets_the_runs_that_waited(serve, monkeypatch):
    monkeypatch.setattr(dispatcher, "AGAIN_SECONDS", 0.01)
    engine, jobs = serve("The workers cannot be reached: timed out.")
    run_id = jobs.submit(preset("model1"))
    engine.up.set()
    wait_until(lambda: engine.refused > 2)
    assert jobs.snapshot(run_id).status == "waiting"
    engine.failure = None
    wait_until(lambda: engine.sent == [f"run-{run_id}-1"])


def test_workers_that_do_not_come_up_fail_the_run_in_a_sentence(serve, monkeypatch):
    monkeypatch.setattr(dispatcher, "START_SECONDS", 0.0)
    engine, jobs = serve("The workers could not be started: no memory.")
    run_id = jobs.submit(preset("model1"))
    engine.up.set()
    wait_until(lambda: jobs.snapshot(run_id).status == "failed")
    assert jobs.snapshot(run_id).message == "The workers could not be started: no memory."
    with pytest.raises(EngineError, match="no memory"):
        jobs.submit(preset("model1"))


def test_a_run_that_was_never_sent_can_be_continued_after_the_server_ends(serve, store):
    _, jobs = serve()
    run_id = jobs.submit(preset("model1"))
    jobs.close()
    assert (store.load(run_id).status, store.load(run_id).message) == ("interrupted", dispatcher.STOPPED)
