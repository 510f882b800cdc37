"""The rules of the queue: pause, continue, one epoch more, another learning rate, cancel; who waits for whom."""

import socket
from dataclasses import replace

import pytest

from nncore.cluster.engine import EngineError
from nncore.cluster.run_reporter import OUT_OF_MEMORY
from nncore.runs import dispatcher
from nncore.runs.dispatcher import STOPPED
from nncore.runs.service import BusyError, RefusedError, RunService
from nncore.storage.run_record import new_owner, this_server
from nncore.storage.run_status import WORDS, NotPossibleError
from nncore.storage.run_store import Store, StoreError
from nncore.training.time_estimate import USUAL_FACTOR, epoch_seconds
from tests.nncore.runs.acted import KERNEL, acted_service, with_training


@pytest.fixture
def service(store):
    with acted_service(store) as (jobs, engine):
        yield jobs, engine


@pytest.fixture
def jobs(service):
    return service[0]


@pytest.fixture
def engine(service):
    return service[1]


def submit(jobs, owner="", **settings):
    return jobs.submit(with_training(**settings), owner=owner)


def test_progress_and_weights_are_seen_while_it_trains(jobs, engine):
    run_id = submit(jobs)
    engine.train(2)
    engine.workers[next(iter(engine.workers))].look()
    run = jobs.snapshot(run_id)
    assert (run.status, run.epochs_done, run.epoch, run.batch, run.batches) == ("training", 2, 3, 5, 10)
    assert run.progress == pytest.approx(2.5 / 5)
    assert run.seconds_left > 0
    assert (run.weights.tolist(), run.updates) == (KERNEL.tolist(), {"dense_1": 0.5})


@pytest.mark.parametrize(("press", "status"), [("pause", "paused"), ("cancel", "cancelled")])
def test_a_run_that_is_stopped_says_so_at_once_and_is_settled_with_its_workers_next_look(jobs, engine, press, status):
    run_id = submit(jobs)
    engine.train(2)
    getattr(jobs, press)(run_id)
    run = jobs.snapshot(run_id)
    assert (run.status, run.message, run.settled, run.seconds) == (status, WORDS[press], False, None)
    engine.look()
    run = jobs.snapshot(run_id)
    assert (run.status, run.message, run.settled, run.seconds) == (status, WORDS[press], True, 0.1)
    assert (run.epochs_done, run.test_accuracy, engine.workers) == (2, None, {})


def test_a_run_that_is_being_paused_can_still_be_cancelled_and_pressing_twice_is_once(jobs, engine):
    run_id = submit(jobs)
    engine.train()
    for press in (jobs.pause, jobs.pause, jobs.cancel, jobs.cancel):
        press(run_id)
    assert jobs.snapshot(run_id).status == "cancelled"
    engine.look()
    assert jobs.snapshot(run_id).status == "cancelled"


def test_a_run_whose_worker_dies_while_it_is_to_pause_is_paused(jobs, engine):
    run_id = submit(jobs)
    engine.train()
    jobs.pause(run_id)
    engine.kill()
    engine.train()
    run = jobs.snapshot(run_id)
    assert (run.status, run.settled, run.epochs_done) == ("paused", True, 1)


def test_a_paused_run_goes_on_as_one_line_and_ends_like_any_other(jobs, engine, store):
    run_id = submit(jobs)
    engine.train(2)
    jobs.pause(run_id)
    engine.look()
    jobs.resume(run_id)
    assert jobs.snapshot(run_id).status == "waiting"
    engine.train(3)
    run = jobs.snapshot(run_id)
    assert (run.status, run.history["loss"], run.test_accuracy) == ("finished", [1.0, 2.0, 3.0, 4.0, 5.0], 0.9)
    assert [(segment.epoch, segment.reason) for segment in run.segments] == [(2, "continued")]
    assert run.seconds == pytest.approx(0.2)
    assert store.load_weights(run_id) == b"weights"


def test_one_epoch_more_on_a_finished_run_is_one_epoch_and_a_new_test(jobs, engine):
    run_id = submit(jobs, epochs=1)
    engine.train()
    jobs.resume(run_id, one_epoch=True)
    assert jobs.snapshot(run_id).test_accuracy is None
    engine.train()
    run = jobs.snapshot(run_id)
    assert (run.status, run.epochs_done, run.experiment.training.epochs, run.test_accuracy) == ("finished", 2, 2, 0.9)
    assert [segment.epoch for segment in run.segments] == [1]


def test_one_epoch_more_on_a_paused_run_is_a_step_after_which_it_rests_again(jobs, engine):
    run_id = submit(jobs)
    engine.train()
    jobs.pause(run_id)
    engine.look()
    jobs.resume(run_id, one_epoch=True)
    engine.train(3)
    run = jobs.snapshot(run_id)
    assert (run.status, run.epochs_done, run.message) == ("paused", 2, "")


def test_another_learning_rate_is_marked_where_it_begins(jobs, engine):
    run_id = submit(jobs, epochs=2)
    engine.train(2)
    jobs.resume(run_id, epochs=4, learning_rate=0.05)
    engine.train(2)
    run = jobs.snapshot(run_id)
    assert [(segment.epoch, segment.learning_rate) for segment in run.segments] == [(2, 0.05)]
    assert (run.learning_rate, run.epochs_done, run.status) == (0.05, 4, "finished")


def test_a_finished_run_with_nothing_left_says_so(jobs, engine):
    run_id = submit(jobs, epochs=1)
    engine.train()
    with pytest.raises(RefusedError, match="All 1 epochs are trained: add one, or ask for more"):
        jobs.resume(run_id)


def test_a_second_run_waits_its_turn_and_leaves_the_queue_when_cancelled(jobs, engine):
    runs = [submit(jobs) for _ in range(3)]
    engine.train()
    assert [jobs.snapshot(run).position for run in runs] == [None, 1, 2]
    jobs.cancel(runs[1])
    assert (jobs.snapshot(runs[1]).status, jobs.snapshot(runs[1]).settled) == ("cancelled", True)
    assert jobs.snapshot(runs[2]).position == 1
    engine.train(4)
    engine.train()
    assert [jobs.snapshot(run).epochs_done for run in runs] == [5, 0, 1]


def test_thirty_students_are_served_in_their_order_and_one_who_comes_back_is_the_last(jobs, engine):
    runs = [submit(jobs, epochs=1) for _ in range(30)]
    assert [jobs.snapshot(run).position for run in runs] == list(range(1, 31))
    jobs.pause(runs[3])
    jobs.resume(runs[3])
    order = [*runs[:3], *runs[4:], runs[3]]
    for run in order:
        assert jobs.snapshot(run).position == 1
        while jobs.snapshot(run).status == "waiting":
            engine.train()
        assert jobs.snapshot(run).status == "finished"


def test_a_run_paused_in_the_queue_has_no_epoch_and_begins_when_continued(jobs, engine):
    first, second = submit(jobs), submit(jobs)
    engine.train()
    jobs.pause(second)
    assert (jobs.snapshot(second).status, jobs.snapshot(second).epochs_done) == ("paused", 0)
    jobs.cancel(first)
    engine.look()
    jobs.resume(second, one_epoch=True)
    engine.train()  # the task of its first attempt, of which there is nothing to train
    engine.train()
    run = jobs.snapshot(second)
    assert (run.status, run.epochs_done, run.segments) == ("paused", 1, ())


def test_only_the_owner_changes_a_run_and_everybody_sees_it(jobs, engine):
    owner, other = new_owner(), new_owner()
    run_id = jobs.submit(with_training(), owner=owner, nickname="Ada")
    for change in (jobs.pause, jobs.cancel, jobs.delete, jobs.resume):
        with pytest.raises(RefusedError, match="only its owner may change it"):
            change(run_id, other)
    seen = jobs.snapshot(run_id)
    assert (seen.nickname, seen.belongs_to(owner), seen.belongs_to(other)) == ("Ada", True, False)
    jobs.cancel(run_id, owner)
    assert jobs.snapshot(run_id).status == "cancelled"


def test_an_owner_has_one_run_at_a_time_and_may_replace_it(jobs, engine):
    owner = new_owner()
    first = submit(jobs, owner)
    engine.train()
    with pytest.raises(BusyError) as busy:
        submit(jobs, owner)
    assert busy.value.run_id == first
    second = jobs.submit(with_training(epochs=1), owner=owner, replace=True)
    assert jobs.snapshot(first).status == "cancelled"
    assert jobs.active_run(owner) == second
    engine.look()
    engine.train()
    assert jobs.snapshot(second).status == "finished"


def test_a_run_over_half_an_hour_is_refused_with_what_to_reduce(jobs):
    with pytest.raises(RefusedError, match=r"500 epochs would take about \d+ minutes here.*at most \d+ epochs, fewer"):
        submit(jobs, name="model4", epochs=500, batch_size=1)


def test_the_estimate_counts_what_is_ahead_and_is_put_right_by_what_was_seen(jobs, engine):
    asked, foreseen = with_training(epochs=10), USUAL_FACTOR * epoch_seconds(with_training())
    alone = jobs.estimate(asked)
    assert (alone.ahead, alone.seconds_to_start, alone.seconds) == (0, 0.0, pytest.approx(10 * foreseen))
    first, second = submit(jobs), submit(jobs)
    behind = jobs.estimate(asked)
    assert (behind.ahead, behind.seconds_to_start) == (2, pytest.approx(10 * foreseen))
    assert jobs.snapshot(second).seconds_to_start == pytest.approx(5 * foreseen)
    for _ in range(3):
        engine.train()
        jobs.snapshot(first)
    assert jobs.estimate(asked).seconds == pytest.approx(10 * 0.1)  # an acted epoch takes a tenth of a second


def test_a_run_at_rest_is_deleted_and_one_that_trains_is_not(jobs, engine):
    run_id = submit(jobs, epochs=1)
    with pytest.raises(RefusedError, match="cannot be deleted: cancel it first"):
        jobs.delete(run_id)
    engine.train()
    jobs.delete(run_id)
    assert jobs.snapshot(run_id) is None
    with pytest.raises(RefusedError, match="not known here any more"):
        jobs.pause(run_id)


def test_a_run_that_is_over_is_not_paused(jobs, engine):
    run_id = submit(jobs, epochs=1)
    engine.train()
    with pytest.raises(NotPossibleError, match="A run that is finished cannot be paused"):
        jobs.pause(run_id)


def test_an_orderly_end_of_the_server_leaves_a_run_that_can_be_continued_and_no_worker_with_it(jobs, engine, store):
    run_id = submit(jobs)
    engine.train()
    jobs.close()
    assert (store.load(run_id).status, store.load(run_id).message) == ("interrupted", STOPPED)
    engine.train()
    assert engine.workers == {}
    assert (store.load(run_id).status, store.load(run_id).epochs_done) == ("interrupted", 1)


def test_a_run_that_was_to_pause_when_the_server_ends_is_paused(jobs, engine, store):
    run_id = submit(jobs)
    engine.train()
    jobs.pause(run_id)
    jobs.close()
    assert (store.load(run_id).status, store.load(run_id).request) == ("paused", "")


def test_an_orderly_end_of_the_server_leaves_a_run_on_workers_elsewhere_to_them(store):
    with acted_service(store, embedded=False) as (jobs, engine):
        run_id = submit(jobs)
        engine.train()
        jobs.close()
        engine.train()
        assert (store.load(run_id).status, store.load(run_id).epochs_done) == ("training", 2)


def is_gone(store, run_id):
    """The run's server has ended; it was on this machine, where that is seen."""
    store.update(run_id, server=f"{socket.gethostname()}/999999999/1")


def test_a_waiting_run_whose_server_is_gone_is_interrupted_until_a_server_of_the_same_workers_takes_it_over(store):
    with acted_service(store, embedded=False) as (jobs, engine):
        first, second = submit(jobs), submit(jobs)
        engine.train()
        for run_id in (first, second):
            is_gone(store, run_id)
        assert [jobs.snapshot(run_id).status for run_id in (first, second)] == ["training", "interrupted"]
        other = RunService(engine, store, background=False)
        other.look_after()
        assert [jobs.snapshot(run_id).status for run_id in (first, second)] == ["training", "waiting"]
        assert {store.load(run_id).server for run_id in (first, second)} == {this_server()}
        engine.fail(MemoryError())
        other.look_after()
        assert (jobs.snapshot(first).status, jobs.snapshot(first).message) == ("failed", OUT_OF_MEMORY)


def test_a_server_that_comes_back_goes_on_with_its_runs_and_with_nobody_elses(jobs, engine, store):
    lost, held, done = (submit(jobs, epochs=1) for _ in range(3))
    is_gone(store, lost)
    store.update(done, status="finished")
    assert jobs.continue_interrupted() == [lost]
    assert jobs.continue_interrupted() == []
    assert jobs.snapshot(held).status == "waiting"
    assert jobs.snapshot(lost).position == 2


def test_a_server_that_comes_back_leaves_its_runs_their_place_in_the_queue_of_workers_elsewhere(store):
    with acted_service(store, embedded=False) as (jobs, engine):
        first, second = submit(jobs), submit(jobs)
        is_gone(store, first)
        assert RunService(engine, store, background=False).continue_interrupted() == []
        assert [jobs.snapshot(run_id).position for run_id in (first, second)] == [1, 2]


@pytest.mark.parametrize("embedded", [True, False])
def test_a_run_of_which_the_workers_know_nothing_any_more_is_interrupted(store, monkeypatch, embedded):
    monkeypatch.setattr(dispatcher, "GRACE_SECONDS", 0.0)
    with acted_service(store, embedded=embedded) as (jobs, engine):
        run_id = submit(jobs)
        engine.lose()
        jobs.look_after()
        run = jobs.snapshot(run_id)
        assert (run.status, run.message) == ("interrupted", dispatcher.DISCONNECTED)
        jobs.resume(run_id)
        engine.train(5)
        assert jobs.snapshot(run_id).status == "finished"


@pytest.mark.parametrize("patience", [60.0, 0.0])
def test_a_scheduler_that_does_not_answer_has_lost_its_runs_only_after_a_while(store, monkeypatch, patience):
    def fail(keys):
        raise EngineError("The connection to the workers is lost.")

    monkeypatch.setattr(dispatcher, "GRACE_SECONDS", 0.0)
    monkeypatch.setattr(dispatcher, "SILENT_SECONDS", patience)
    with acted_service(store, embedded=False) as (jobs, engine):
        run_id = submit(jobs)
        tasks = list(engine.queue)
        engine.lose()
        with monkeypatch.context() as patch:
            patch.setattr(engine, "follow", fail)
            jobs.look_after()
        assert jobs.snapshot(run_id).status == ("waiting" if patience else "interrupted")
        engine.queue = tasks  # it was a short silence
        jobs.look_after()
        engine.train(5)
        assert jobs.snapshot(run_id).status == ("finished" if patience else "interrupted")


def test_a_task_that_fails_while_the_database_is_silent_fails_the_run_when_it_answers(jobs, engine, store, monkeypatch):
    def fail(*arguments, **fields):
        raise StoreError("It is silent.")

    run_id = submit(jobs)
    engine.train()
    with monkeypatch.context() as patch:
        patch.setattr(store, "update", fail)
        engine.fail(ValueError("No."))
        with pytest.raises(StoreError):
            jobs.look_after()
    jobs.look_after()
    assert (jobs.snapshot(run_id).status, jobs.snapshot(run_id).message) == ("failed", "Training stopped: No.")


def test_two_servers_on_one_database_see_the_same(jobs, engine, store, path):
    other_store = Store(f"sqlite:///{path}")
    other = RunService(engine, other_store, background=False)
    run_id = submit(jobs)
    engine.train(2)
    here, there = jobs.snapshot(run_id), other.snapshot(run_id)
    assert here.weights.tolist() == there.weights.tolist()
    assert replace(here, weights=None) == replace(there, weights=None)
    other.pause(run_id)
    assert (jobs.snapshot(run_id).status, jobs.snapshot(run_id).settled) == ("paused", False)
    engine.look()
    assert jobs.snapshot(run_id).settled
    other.resume(run_id)
    assert jobs.snapshot(run_id).status == "waiting"
    other_store.close()


def test_an_unknown_run_is_none(jobs):
    assert jobs.snapshot("nobody") is None
