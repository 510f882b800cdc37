"""Any sequence of submit, pause, continue, cancel, kill and restart: no epoch is lost and none is doubled.

The runs, the store and the backups are the real ones; the workers are acted (`acted`), so that a training stops exactly
between two of its steps. Epoch n has the loss n: a history that is not 1, 2, 3, ... has lost or doubled one.
"""

import contextlib
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from nncore.runs import dispatcher, run_cache
from nncore.runs.service import RefusedError, RunService
from nncore.specs.presets import preset
from nncore.storage import run_record, run_store
from nncore.storage.run_status import NotPossibleError
from nncore.storage.run_store import Store
from tests.nncore.runs.acted import ActedEngine

EPOCHS = 6
AT_ONCE = {"READ_SECONDS": 0.0, "KERNEL_SECONDS": 0.0}


class RunMachine(RuleBasedStateMachine):
    """One run on one server after another."""

    @initialize(elsewhere=st.booleans(), seen=st.booleans())
    def start(self, elsewhere=False, seen=False):
        """Workers `elsewhere` outlive their server; then it may be `seen` by the next one that they do, or not."""
        self.folder = tempfile.TemporaryDirectory()
        self.address = f"sqlite:///{Path(self.folder.name) / 'runs.db'}"
        self.number, self.announced, self.ghosts, self.engine = 0, 0, [], None
        self.elsewhere, self.seen = elsewhere, elsewhere and seen
        self.originals = run_record.this_server, run_record.is_alive
        self.reading = {name: getattr(run_cache, name) for name in AT_ONCE}
        self.set(run_cache, AT_ONCE)
        self.start_server()
        spec = preset("model1").training.model_copy(update={"epochs": EPOCHS})
        self.run = self.jobs.submit(preset("model1").model_copy(update={"training": spec}))

    def start_server(self):
        self.number += 1
        name = f"machine/{self.number}/0"
        self.be_known_as(lambda: name, lambda process, seen: process == name or process in self.living())
        self.store = Store(self.address)
        if self.engine is None or not self.elsewhere:
            self.engine = ActedEngine(self.store, name=name, embedded=not self.elsewhere)
        self.jobs = RunService(self.engine, self.store, background=False)

    def living(self):
        """The names of the workers of which it can be seen that they live."""
        workers = [*self.engine.workers.values(), *(self.ghosts if self.seen else ())]
        return {process.name for process in workers if process.working}

    def be_known_as(self, this_server, is_alive):
        self.set(run_record, {"is_alive": is_alive, "this_server": this_server})
        self.set(dispatcher, {"is_alive": is_alive, "this_server": this_server})
        self.set(run_store, {"this_server": this_server})

    def set(self, module, values):
        for name, value in values.items():
            setattr(module, name, value)

    def teardown(self):
        if hasattr(self, "folder"):
            self.jobs.close()
            self.store.close()
            self.be_known_as(*self.originals)
            self.set(run_cache, self.reading)
            self.folder.cleanup()

    @rule(epochs=st.integers(1, 2), silent=st.booleans())
    def it_trains(self, epochs, silent=False):
        """What is `silent` is trained, and kept by the worker while the database does not answer."""
        self.engine.train(epochs, silent=silent)

    @rule(epochs=st.integers(0, 1), rate=st.sampled_from([None, 0.5]))
    def it_is_continued_and_trains(self, epochs, rate):
        self.attempt(self.jobs.resume, learning_rate=rate)
        self.engine.train(epochs)

    @precondition(lambda self: any(ghost.working for ghost in self.ghosts))
    @rule(epochs=st.integers(1, 3))
    def a_worker_that_was_given_up_does_not_know_that_it_is_over(self, epochs):
        for ghost in self.ghosts:
            for _ in range(epochs):
                if ghost.working:
                    ghost.step()

    @rule(press=st.sampled_from(["pause", "pause", "one_more", "one_more", "cancel"]), roll=st.integers(1, 4))
    def somebody_presses(self, press, roll):
        if press == "one_more":
            self.attempt(self.jobs.resume, one_epoch=True)
        elif press == "pause" or roll == 4:
            self.attempt(getattr(self.jobs, press))

    @rule()
    def the_server_looks_after_its_runs(self):
        self.jobs.look_after()

    @rule(what=st.sampled_from(["kill -9", "cut off", "power cut", "power cut", "restart"]))
    def something_breaks(self, what):
        if what == "kill -9":
            self.engine.kill()
        elif what == "cut off":  # from the scheduler, which takes it for lost
            self.ghosts += self.engine.kill()
        else:
            if what == "restart":
                self.jobs.close()
            if not self.elsewhere:
                self.ghosts += self.engine.kill()
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
        if run.active:
            self.announced = max(self.announced, len(losses))
        if run.status == "finished":
            assert len(losses) == run.experiment.training.epochs
        assert [segment.epoch for segment in run.segments] == sorted({segment.epoch for segment in run.segments})


TestRuns = RunMachine.TestCase
TestRuns.settings = settings(
    max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)


def play(*steps, elsewhere=False):
    """These rules in this order, the invariant after each; the losses at the end."""
    machine = RunMachine()
    try:
        machine.start(elsewhere=elsewhere)
        for name, arguments in steps:
            getattr(machine, name)(**arguments)
            machine.the_history_has_every_epoch_once()
        return machine.jobs.snapshot(machine.run).history["loss"]
    finally:
        machine.teardown()


TRAIN_TWO = ("it_trains", {"epochs": 2})
TRAIN_ONE = ("it_trains", {"epochs": 1})
TRAIN_TWO_UNHEARD = ("it_trains", {"epochs": 2, "silent": True})
KILL = ("something_breaks", {"what": "kill -9"})
CUT_OFF = ("something_breaks", {"what": "cut off"})
POWER_CUT = ("something_breaks", {"what": "power cut"})
RESTART = ("something_breaks", {"what": "restart"})
GO_ON = ("it_is_continued_and_trains", {"epochs": 1, "rate": None})
GHOST = ("a_worker_that_was_given_up_does_not_know_that_it_is_over", {"epochs": 3})
LOOK_AFTER = ("the_server_looks_after_its_runs", {})


def test_epochs_that_were_not_written_when_the_server_was_killed_are_trained_again():
    assert play(TRAIN_TWO, TRAIN_TWO_UNHEARD, POWER_CUT, GO_ON) == [1.0, 2.0, 3.0]
    assert play(TRAIN_TWO, TRAIN_TWO_UNHEARD, KILL, TRAIN_ONE) == [1.0, 2.0, 3.0]


def test_epochs_that_were_trained_while_the_database_was_silent_are_written_with_the_next_one():
    assert play(TRAIN_TWO, TRAIN_TWO_UNHEARD) == [1.0, 2.0]
    assert play(TRAIN_TWO, TRAIN_TWO_UNHEARD, TRAIN_ONE, KILL, TRAIN_ONE) == [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]


def test_a_worker_of_a_dead_server_that_trains_on_does_not_disturb_the_run_that_was_continued():
    assert play(TRAIN_TWO, POWER_CUT, GO_ON, GHOST, POWER_CUT, GO_ON) == [1.0, 2.0, 3.0, 4.0]


def test_what_a_worker_of_a_dead_server_trained_before_the_run_is_continued_is_kept():
    assert play(TRAIN_TWO, POWER_CUT, GHOST, GO_ON) == [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]


def test_two_workers_with_one_run_do_not_write_into_each_others_epochs():
    assert play(TRAIN_ONE, CUT_OFF, TRAIN_ONE, GHOST, TRAIN_ONE) == [1.0, 2.0, 3.0]


@pytest.mark.parametrize("end", [POWER_CUT, RESTART], ids=["killed", "stopped"])
def test_a_run_on_workers_elsewhere_goes_on_without_its_server(end):
    assert play(TRAIN_TWO, end, TRAIN_TWO, elsewhere=True) == [1.0, 2.0, 3.0, 4.0]


def test_a_run_on_workers_elsewhere_is_looked_after_by_the_next_server():
    assert play(POWER_CUT, LOOK_AFTER, TRAIN_TWO, KILL, POWER_CUT, LOOK_AFTER, elsewhere=True) == [1.0, 2.0]
