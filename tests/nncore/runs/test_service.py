"""Runs from submission to the database, on real worker processes."""

import time

import numpy as np
import pytest

from nncore.cluster.run_reporter import RunReporter
from nncore.networks.build import unpack_model
from nncore.runs.service import RunService
from nncore.training import train as training
from nncore.training.train import train
from tests.nncore.runs.acted import with_training


def small(name="model1", **settings):
    return with_training(name, **{"epochs": 2, "train_size": 2_000, **settings})


def wait_until(condition, seconds=120):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


def test_a_run_gives_the_history_of_a_training_here_and_lands_in_the_store(jobs, engine, store, mnist):
    experiment = small()
    run_id = jobs.submit(experiment, owner="my token", nickname="Ada")
    wait_until(lambda: not jobs.snapshot(run_id).active)
    run, here = jobs.snapshot(run_id), train(experiment, mnist)
    assert (run.status, run.settled, run.progress) == ("finished", True, 1.0)
    np.testing.assert_allclose(run.history["loss"], here.history["loss"], rtol=1e-6)
    assert (run.wrong, run.tested) == (here.wrong, len(mnist.x_test))
    assert (run.weights.shape, set(run.updates)) == ((784, 30), {"dense_1", "dense_2"})
    kept = store.load(run_id)
    assert (kept.nickname, kept.test_accuracy, kept.history) == ("Ada", run.test_accuracy, run.history)
    assert "my token" not in kept.model_dump_json()
    model = unpack_model(experiment.network, store.load_weights(run_id))
    for stored, trained in zip(model.get_weights(), here.model.get_weights(), strict=True):
        np.testing.assert_allclose(stored, trained, atol=1e-6)
    other = RunService(engine, store)
    assert other.snapshot(run_id).test_accuracy == run.test_accuracy
    other.close()


def test_a_run_that_is_paused_and_continued_at_another_rate_is_the_training_in_the_same_parts(jobs, store, mnist):
    run_id = jobs.submit(small("model2", epochs=60, train_size=10_000))
    wait_until(lambda: jobs.snapshot(run_id).epochs_done >= 2)
    seen = jobs.snapshot(run_id)
    assert (seen.status, seen.weights.shape, seen.seconds_left > 0) == ("training", (784, 30), True)
    jobs.pause(run_id)
    wait_until(lambda: jobs.snapshot(run_id).settled)
    paused = jobs.snapshot(run_id)
    assert (paused.status, paused.test_accuracy) == ("paused", None)
    assert 2 <= paused.epochs_done < 60
    jobs.resume(run_id, one_epoch=True, learning_rate=0.05)
    wait_until(lambda: not jobs.snapshot(run_id).active)
    run = jobs.snapshot(run_id)
    assert (run.status, run.epochs_done) == ("paused", paused.epochs_done + 1)
    assert [(segment.epoch, segment.learning_rate) for segment in run.segments] == [(paused.epochs_done, 0.05)]
    parts = [None]
    for until, rate in ((paused.epochs_done, None), (run.epochs_done, 0.05)):
        here = train(run.experiment, mnist, until=until, backup=parts[-1], keep=parts.append, learning_rate=rate)
    np.testing.assert_allclose(run.history["loss"], here.history["loss"], rtol=1e-6)


def test_a_stop_is_heard_at_the_first_look_after_the_writing_that_brought_it(store, few):
    """Counted in looks, of which there are ten a second; `make bench` measures the seconds."""
    reporter = RunReporter(store, store.create("a", small("model3", epochs=50)).id, 1)
    looks, heard_at = [], []

    def look():
        looks.append(1)
        if len(looks) == 5:
            store.update("a", request="pause")
            reporter.write()
        if reporter.should_stop():
            heard_at.append(len(looks))
        return reporter.should_stop()

    run = reporter.begin()
    result = train(run.experiment, few, on_event=reporter.hear, should_stop=look, keep=reporter.keep)
    reporter.end(result)
    assert (heard_at[0], store.load("a").status) == (5, "paused")
    assert training.CHUNK_SECONDS <= 0.1


def test_runs_that_come_at_once_are_served_in_their_order(jobs, engine):
    wait_until(lambda: engine.lanes() and jobs.estimate(small()).ahead == 0)
    runs = [jobs.submit(small(epochs=1)) for _ in range(engine.lanes() * 8)]
    begun = []

    def all_have_begun():
        started = {run for run in runs if jobs.snapshot(run).status != "waiting"} - set(begun)
        begun.extend(sorted(started, key=runs.index))
        return len(begun) == len(runs)

    wait_until(all_have_begun)
    assert begun == runs


def test_a_run_whose_task_fails_outside_its_training_says_why(jobs, monkeypatch):
    monkeypatch.setattr("nncore.cluster.worker.run_experiment", abs)
    run_id = jobs.submit(small())
    wait_until(lambda: not jobs.snapshot(run_id).active)
    assert jobs.snapshot(run_id).status == "failed"
    assert "bad operand type for abs()" in jobs.snapshot(run_id).message


@pytest.mark.parametrize("press", ["pause", "cancel"])
def test_a_run_that_leaves_the_queue_is_never_trained(jobs, store, press):
    first = jobs.submit(small(epochs=300, train_size=20_000))
    wait_until(lambda: jobs.snapshot(first).status == "training")
    second, third = jobs.submit(small(epochs=1)), jobs.submit(small(epochs=1))
    getattr(jobs, press)(second)
    jobs.cancel(first)
    wait_until(lambda: not jobs.snapshot(third).active)
    assert (store.load(second).worker, store.load(second).history) == ("", {})
