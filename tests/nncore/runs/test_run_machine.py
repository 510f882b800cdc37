"""Any sequence of submit, pause, continue, cancel, kill and restart: no epoch is lost and none is doubled.

The jobs, the store and the backups are the real ones; the workers are acted here, so that a training stops exactly
between two of its steps. Epoch n has the loss n: a history that is not 1, 2, 3, ... has lost or doubled one.
"""

import contextlib
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from nncore.cluster import worker
from nncore.networks.build import preset
from nncore.runs import writer
from nncore.runs.service import Jobs, RefusedError
from nncore.storage import run_record, run_store
from nncore.storage.run_status import NotPossibleError
from nncore.storage.run_store import Store
from nncore.training.checkpoint import Backup
from nncore.training.events import BatchEnd, EpochEnd, TrainBegin, to_message
from nncore.training.train import TrainResult

EPOCHS = 6


class Future:
    """One task in the queue of ActedEngine."""

    def __init__(self, order, key):
        self.order, self.key, self.status, self.callback, self.value = order, key, "pending", None, None

    def add_done_callback(self, callback):
        self.callback = callback

    def cancel(self):
        if self.status == "pending":
            self.status = "cancelled"

    def result(self):
        return self.value

    def release(self):
        pass


class ActedEngine:
    """As `Engine` with one training worker, which moves when it is told to."""

    def __init__(self, store):
        self.store, self.queue, self.stopped, self.handler = store, [], set(), None
        self.running, self.history = None, []

    def started(self):
        return True

    def client(self):
        return self

    def lanes(self):
        return 1

    def subscribe_topic(self, topic, handler):
        assert topic == worker.EVENTS
        self.handler = handler

    def submit(self, function, order, *, key):
        assert function is worker.run_experiment
        self.queue.append(Future(order, key))
        return self.queue[-1]

    def stop_run(self, key):
        self.stopped.add(key)

    def say(self, event):
        self.handler((0.0, {"key": self.running.order.key, "event": to_message(event)}))

    def begin(self):
        """The worker takes the next task, from its backup on."""
        self.running = next((future for future in self.queue if future.status == "pending"), None)
        if self.running is None:
            return
        self.queue.remove(self.running)
        self.running.status = "running"
        backup = self.store.load_backup(self.running.order.run_id)
        self.history = list(backup.history["loss"]) if backup else []
        self.say(TrainBegin(EPOCHS, 10, "acted", len(self.history), {"loss": self.history, "accuracy": self.history}))
        if len(self.history) >= self.running.order.until:
            self.end(stopped=False)

    def step(self):
        """One epoch, or a stop."""
        order = self.running.order
        self.say(BatchEnd(len(self.history) + 1, 5, 10, 0.5, 0.5))
        if order.key in self.stopped:
            return self.end(stopped=True)
        self.history.append(float(len(self.history) + 1))
        done, history = len(self.history), {"loss": list(self.history), "accuracy": list(self.history)}
        if not self.store.keep_backup(order.run_id, order.attempt, Backup(done, history, b"files")):
            return self.end(stopped=True)
        self.say(EpochEnd(done, EPOCHS, float(done), float(done), None, None, 0.1))
        return self.end(stopped=False) if done >= order.until else None

    def end(self, *, stopped):
        """The task returns its result."""
        future, self.running = self.running, None
        history = {"loss": list(self.history), "accuracy": list(self.history)}
        whole = not stopped and len(self.history) >= future.order.experiment.training.epochs
        right = 0.9 if whole else None
        result = TrainResult(
            history, right, right, 1 if whole else None, 10, 0.1, stopped, False, b"weights", "acted", {}
        )
        future.status, future.value = "finished", result
        future.callback(future)

    def kill(self):
        """`kill -9`: the task goes back to the head of the queue, as Dask does it."""
        self.running.status = "pending"
        self.queue.insert(0, self.running)
        self.running = None


class RunMachine(RuleBasedStateMachine):
    """One run on one server after another."""

    @initialize()
    def start(self):
        self.folder = tempfile.TemporaryDirectory()
        self.address = f"sqlite:///{Path(self.folder.name) / 'runs.db'}"
        self.number, self.announced, self.patience = 0, 0, writer.WRITE_SECONDS
        self.engine = self.ghost = None
        self.originals = run_record.this_server, run_record.is_alive
        writer.WRITE_SECONDS = 0.5  # what is younger is lost when a server is killed
        self.start_server()
        spec = preset("model1").training.model_copy(update={"epochs": EPOCHS})
        self.run = self.jobs.submit(preset("model1").model_copy(update={"training": spec}))

    def start_server(self):
        self.number += 1
        name = f"machine/{self.number}/0"
        self.be_known_as(lambda: name, lambda server, seen: server == name)
        self.store = Store(self.address)
        self.ghost = self.engine
        self.engine = ActedEngine(self.store)
        self.jobs = Jobs(self.engine, self.store)

    def be_known_as(self, this_server, is_alive):
        run_record.is_alive = is_alive
        for module in (run_record, writer, run_store):
            module.this_server = this_server

    def teardown(self):
        if hasattr(self, "folder"):
            self.jobs.close()
            self.store.close()
            self.be_known_as(*self.originals)
            writer.WRITE_SECONDS = self.patience
            self.folder.cleanup()

    def train_on(self, engine, epochs):
        if engine.running is None:
            engine.begin()
        for _ in range(epochs):
            if engine.running is not None:
                engine.step()

    @rule(epochs=st.integers(1, 2))
    def it_trains(self, epochs):
        self.train_on(self.engine, epochs)

    @rule(epochs=st.integers(0, 1), rate=st.sampled_from([None, 0.5]))
    def it_is_continued_and_trains(self, epochs, rate):
        self.attempt(self.jobs.resume, learning_rate=rate)
        self.train_on(self.engine, epochs)

    @precondition(lambda self: self.ghost is not None and self.ghost.running is not None)
    @rule(epochs=st.integers(1, 3))
    def a_worker_of_the_last_server_does_not_know_that_it_is_over(self, epochs):
        self.train_on(self.ghost, epochs)

    @rule(press=st.sampled_from(["pause", "pause", "one_more", "one_more", "cancel"]), roll=st.integers(1, 4))
    def somebody_presses(self, press, roll):
        if press == "one_more":
            self.attempt(self.jobs.resume, one_epoch=True)
        elif press == "pause" or roll == 4:
            self.attempt(getattr(self.jobs, press))

    @rule(what=st.sampled_from(["kill -9", "power cut", "power cut", "restart"]))
    def something_breaks(self, what):
        if what == "kill -9":
            if self.engine.running is not None:
                self.engine.kill()
            return
        kept = self.jobs._dispatcher._ledger
        if what == "restart":
            self.jobs.close()
        else:  # what was not written yet is lost
            kept._closed.set()
            kept._write_round = lambda: None
        self.store.close()
        self.start_server()

    def attempt(self, action, **options):
        with contextlib.suppress(NotPossibleError, RefusedError):
            action(self.run, **options)

    @invariant()
    def the_history_has_every_epoch_once(self):
        if not hasattr(self, "jobs"):
            return
        run = self.jobs.snapshot(self.run)
        losses = run.history.get("loss", [])
        assert losses == [float(epoch) for epoch in range(1, len(losses) + 1)]
        if run.status == "training":
            assert len(losses) >= self.announced, "an epoch that was announced is lost"
        if self.engine.handler and run.active:
            self.announced = max(self.announced, len(losses))
        if run.status == "finished":
            assert len(losses) == run.experiment.training.epochs
        assert [segment.epoch for segment in run.segments] == sorted({segment.epoch for segment in run.segments})


TestRuns = RunMachine.TestCase
TestRuns.settings = settings(
    max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)


def play(*steps):
    """These rules in this order, the invariant after each; the losses at the end."""
    machine = RunMachine()
    try:
        machine.start()
        for name, arguments in steps:
            getattr(machine, name)(**arguments)
            machine.the_history_has_every_epoch_once()
        return machine.jobs.snapshot(machine.run).history["loss"]
    finally:
        machine.teardown()


TRAIN_TWO = ("it_trains", {"epochs": 2})
POWER_CUT = ("something_breaks", {"what": "power cut"})
GO_ON = ("it_is_continued_and_trains", {"epochs": 1, "rate": None})
GHOST = ("a_worker_of_the_last_server_does_not_know_that_it_is_over", {"epochs": 3})


def test_epochs_that_the_server_had_not_written_when_it_was_killed_come_back_from_the_backup():
    assert play(TRAIN_TWO, POWER_CUT, GO_ON) == [1.0, 2.0, 3.0]


def test_a_worker_of_a_dead_server_that_trains_on_does_not_disturb_the_run_that_was_continued():
    assert play(TRAIN_TWO, POWER_CUT, GO_ON, GHOST, POWER_CUT, GO_ON) == [1.0, 2.0, 3.0, 4.0]


def test_what_a_worker_of_a_dead_server_trained_before_the_run_is_continued_is_kept():
    assert play(TRAIN_TWO, POWER_CUT, GHOST, GO_ON) == [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
