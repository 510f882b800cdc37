"""What a worker writes of a run and hears there, with a real database and no training."""

import threading

import numpy as np
import pytest

from nncore.cluster import run_reporter
from nncore.cluster.run_reporter import DIVERGED, OUT_OF_MEMORY, RunReporter
from nncore.specs.presets import preset
from nncore.storage.run_status import WORDS
from nncore.storage.run_store import StoreError
from nncore.training.checkpoint import Backup
from nncore.training.events import BatchEnd, EpochEnd, TrainBegin
from nncore.training.train import TrainResult

KERNEL = np.random.default_rng(1).normal(size=(5, 5, 1, 20)).astype(np.float16)
BEGIN = TrainBegin(100, 469, "CPU")


@pytest.fixture
def begun(store):
    """Queues the run "a" and has a worker of this name take it."""

    def begin(worker="here", attempt=1):
        if store.load("a") is None:
            store.create("a", preset("model1"))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(run_reporter, "this_server", lambda: worker)
            reporter = RunReporter(store, "a", attempt)
        return reporter if reporter.begin() else None

    return begin


def epoch(number, loss=0.5, kernel=None, updates=None):
    return EpochEnd(number, 100, loss, 0.5, None, None, 0.25, updates or {"dense_1": 0.1}, kernel)


def result(epochs=1, **more):
    history = {"loss": [0.5] * epochs, "accuracy": [0.5] * epochs}
    outcome = {"stopped": False, "diverged": False, "seconds": 2.0, "test_accuracy": None, "wrong": None, **more}
    return TrainResult(history, None, tested=10, weights=b"packed", device="CPU", versions={"keras": "3"}, **outcome)


def test_what_a_training_says_is_in_the_row_with_the_next_writing(store, begun):
    reporter = begun()
    reporter.hear(BEGIN)
    reporter.hear(BatchEnd(1, 80, 469, 2.3, 0.1))
    reporter.write()
    run = store.load("a")
    assert (run.status, run.device, run.epoch, run.batch, run.batches) == ("training", "CPU", 1, 80, 469)
    assert run.seconds_left > 0
    reporter.hear(epoch(1, kernel=KERNEL))
    reporter.write()
    run = store.load("a")
    assert (run.history, run.updates, run.epoch_seconds) == ({"loss": [0.5], "accuracy": [0.5]}, {"dense_1": 0.1}, 0.25)
    np.testing.assert_array_equal(store.load_first_layers(["a"])["a"], KERNEL)


def test_weights_that_lie_in_steps_keep_their_order(store, begun):
    reporter = begun()
    reporter.hear(epoch(1, kernel=KERNEL.transpose(3, 0, 1, 2)))
    reporter.write()
    np.testing.assert_array_equal(store.load_first_layers(["a"])["a"], KERNEL.transpose(3, 0, 1, 2))


def test_a_training_that_explodes_is_written_like_any_other(store, begun):
    reporter = begun()
    reporter.hear(epoch(1, loss=float("inf"), updates={"dense_1": float("nan")}))
    reporter.write()
    assert (store.load("a").history["loss"], str(store.load("a").updates)) == ([float("inf")], "{'dense_1': nan}")
    reporter.end(result(diverged=True))
    assert (store.load("a").status, store.load("a").message) == ("finished", DIVERGED)


@pytest.mark.parametrize(("request_", "status"), [("pause", "paused"), ("cancel", "cancelled")])
def test_a_request_is_heard_with_the_next_writing_and_is_why_the_run_ends(store, begun, request_, status):
    reporter = begun()
    reporter.write()
    assert not reporter.should_stop()
    store.update("a", request=request_)
    assert (store.load("a").status, store.load("a").request) == (status, request_)  # as it is going to be
    reporter.write()
    assert reporter.should_stop()
    reporter.end(result(stopped=True))
    run = store.load("a")
    assert (run.status, run.message, run.request, run.seconds) == (status, WORDS[request_], "", 2.0)
    assert store.load_weights("a") == b"packed"


def test_a_request_that_comes_with_the_last_step_counts_unless_the_training_is_whole(store, begun):
    reporter = begun()
    store.update("a", request="cancel")
    reporter.end(result(epochs=200))
    assert store.load("a").status == "cancelled"


def test_a_whole_training_is_finished_also_if_a_pause_was_asked_for_too_late(store, begun):
    reporter = begun()
    store.update("a", request="pause")
    reporter.end(result(epochs=200, test_accuracy=0.9, wrong=1))
    assert (store.load("a").status, store.load("a").wrong, store.load("a").message) == ("finished", 1, "")


def test_a_training_that_ends_before_all_epochs_of_the_experiment_rests(store, begun):
    begun().end(result(epochs=1))
    assert (store.load("a").status, store.load("a").message) == ("paused", "")


@pytest.mark.parametrize(
    ("error", "message"), [(ValueError("No."), "Training stopped: No."), (MemoryError(), OUT_OF_MEMORY)]
)
def test_a_training_that_fails_says_why(store, begun, error, message):
    begun().fail(error)
    assert (store.load("a").status, store.load("a").message) == ("failed", message)


@pytest.mark.parametrize("lost_by", ["cancelled", "continued"])
def test_a_worker_that_has_lost_its_run_hears_it_and_writes_nothing(store, begun, lost_by):
    reporter = begun()
    if lost_by == "cancelled":
        store.update("a", status="cancelled")
    else:
        store.claim(store.load("a"))
    before = store.load("a")
    reporter.hear(epoch(1, kernel=KERNEL))
    reporter.keep(Backup(1, {"loss": [0.5]}, b"late"))
    reporter.write()
    assert reporter.should_stop()
    reporter.end(result())
    assert (store.load("a"), store.load_backup("a"), store.load_first_layers(["a"])) == (before, None, {})


def test_of_two_workers_that_have_a_run_the_later_one_writes(store, begun):
    earlier = begun("earlier")
    earlier.hear(BEGIN)
    earlier.write()
    later = begun("later")
    earlier.hear(epoch(1))
    earlier.write()
    assert (earlier.should_stop(), store.load("a").history, store.load("a").worker) == (True, {}, "later")
    later.write()
    assert not later.should_stop()


@pytest.mark.parametrize("status", ["paused", "cancelled", "finished"])
def test_a_run_that_left_the_queue_is_not_begun(store, begun, status):
    store.create("a", preset("model1"))
    store.update("a", status=status)
    assert begun() is None
    assert (store.load("a").status, store.load("a").worker) == (status, "")


def test_an_attempt_that_is_not_the_last_is_not_begun(store, begun):
    store.claim(store.create("a", preset("model1")))
    assert begun(attempt=1) is None
    assert begun(attempt=2) is not None


def test_a_run_begun_again_after_its_worker_was_lost_says_so_and_one_that_is_continued_too(store, begun):
    for worker, done in (("first", 0), ("second", 2)):
        reporter = begun(worker)
        reporter.hear(TrainBegin(100, 469, "CPU", done, {"loss": [0.5] * done} if done else {}))
        reporter.write()
    assert [(segment.epoch, segment.reason) for segment in store.load("a").segments] == [(2, "restarted")]
    store.update("a", status="paused")
    store.claim(store.load("a"), learning_rate=0.5)
    reporter = begun("third", attempt=2)
    reporter.hear(TrainBegin(100, 469, "CPU", 4, {"loss": [0.5] * 4}))
    reporter.write()
    last = store.load("a").segments[-1]
    assert (last.epoch, last.reason, last.learning_rate) == (4, "continued", 0.5)


class Silence:
    """A database that does not answer until it is `over`."""

    def __init__(self, store, monkeypatch):
        self.over, self.asked, self._write = threading.Event(), threading.Semaphore(0), store.reports.write
        monkeypatch.setattr(store.reports, "write", self.write)
        monkeypatch.setattr(run_reporter, "AGAIN_SECONDS", 0.01)

    def write(self, *arguments, **options):
        self.asked.release()
        if not self.over.is_set():
            raise StoreError("The database of runs could not be written: it is silent.")
        return self._write(*arguments, **options)


def test_while_the_database_is_silent_the_newest_is_kept_and_written_in_one_piece_when_it_answers(
    store, begun, monkeypatch
):
    reporter = begun()
    silence = Silence(store, monkeypatch)
    reporter.hear(BEGIN)
    for number in (1, 2, 3):
        reporter.keep(Backup(number, {"loss": [0.5] * number}, bytes([number])))
        reporter.hear(epoch(number, kernel=KERNEL))
        with pytest.raises(StoreError):
            reporter.write()
        assert not reporter.should_stop(), "the training goes on"
    assert (store.load("a").history, store.load_backup("a")) == ({}, None)
    silence.over.set()
    reporter.write()
    assert (store.load("a").epochs_done, store.load("a").device) == (3, "CPU")
    assert (store.load_backup("a").epoch, store.load_backup("a").files) == (3, b"\x03")
    assert "a" in store.load_first_layers(["a"])


def test_the_end_waits_until_the_database_answers(store, begun, monkeypatch):
    reporter = begun()
    silence = Silence(store, monkeypatch)
    ending = threading.Thread(target=reporter.end, args=(result(epochs=200),))
    ending.start()
    for _ in range(3):
        assert silence.asked.acquire(timeout=10)
    silence.over.set()
    ending.join(10)
    assert store.load("a").status == "finished"


def test_an_end_that_the_database_never_takes_is_an_error(store, begun, monkeypatch):
    reporter = begun()
    Silence(store, monkeypatch)
    monkeypatch.setattr(run_reporter, "PATIENCE_SECONDS", 0.05)
    with pytest.raises(StoreError, match="it is silent"):
        reporter.end(result())


def test_a_thread_writes_what_is_heard_and_hears_what_is_asked_also_after_a_silence(store, begun, monkeypatch):
    reporter = begun()
    silence = Silence(store, monkeypatch)
    with reporter.writing():
        reporter.hear(BEGIN)
        reporter.hear(epoch(1))
        store.update("a", request="pause")
        assert silence.asked.acquire(timeout=10)
        assert not reporter.should_stop()
        silence.over.set()
        for _ in range(3):
            assert silence.asked.acquire(timeout=10)
    assert reporter.should_stop()
    assert store.load("a").epochs_done == 1
