"""Runs that are submitted while the workers still start: the page goes on, the run waits."""

import threading
import time

import pytest

from nncore.engine import EngineError
from nncore.jobs import Jobs
from nncore.models import preset


class StartingEngine:
    """As `Engine` in its first seconds: `client` waits until the test lets it come up, or fail."""

    def __init__(self, failure=None):
        self.up, self.failure, self.sent = threading.Event(), failure, []

    def started(self):
        return self.up.is_set()

    def client(self):
        assert self.up.wait(10)
        if self.failure:
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


def test_workers_that_do_not_come_up_fail_the_run_in_a_sentence(store):
    engine = StartingEngine(failure="The workers could not be started: no memory.")
    jobs = Jobs(engine, store)
    run_id = jobs.submit(preset("model1"))
    engine.up.set()
    wait_until(lambda: jobs.snapshot(run_id).status == "failed")
    assert jobs.snapshot(run_id).message == "The workers could not be started: no memory."
    with pytest.raises(EngineError, match="no memory"):
        jobs.submit(preset("model1"))
