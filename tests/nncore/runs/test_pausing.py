"""Pause, continue, one epoch more, another learning rate, cancel: on real workers."""

import time

import pytest

from nncore.networks.build import preset
from nncore.runs.service import BusyError, RefusedError
from nncore.storage.run_record import new_owner
from nncore.storage.run_status import NotPossibleError
from nncore.training.train import train
from tests.nncore.runs.test_service import small, wait_until


def epochs(jobs, run_id):
    return jobs.snapshot(run_id).epochs_done


def rest(jobs, run_id, status):
    """Wait until the run is at rest and its worker has said what it had."""
    wait_until(lambda: jobs.snapshot(run_id).status == status and jobs.snapshot(run_id).seconds is not None)
    return jobs.snapshot(run_id)


def test_a_paused_run_goes_on_as_one_line_and_ends_like_any_other(jobs, store):
    run_id = jobs.submit(small("model2", epochs=12, train_size=10_000))
    wait_until(lambda: epochs(jobs, run_id) >= 2)
    jobs.pause(run_id)
    paused = rest(jobs, run_id, "paused")
    assert 2 <= paused.epochs_done < 12
    assert paused.test_accuracy is None
    jobs.resume(run_id)
    assert jobs.snapshot(run_id).status == "waiting"
    wait_until(lambda: not jobs.snapshot(run_id).active)
    finished = jobs.snapshot(run_id)
    assert finished.status == "finished"
    assert [(segment.epoch, segment.reason) for segment in finished.segments] == [(paused.epochs_done, "continued")]
    assert finished.epochs_done == 12
    assert finished.history["loss"][: paused.epochs_done] == paused.history["loss"]
    assert finished.test_accuracy is not None
    assert finished.seconds > paused.seconds
    wait_until(lambda: store.load(run_id).status == "finished")
    assert store.load(run_id).segments == finished.segments


@pytest.mark.alone
@pytest.mark.parametrize("name", ["model1", "model2", "model3", "model4"])
def test_pause_gives_the_worker_back_within_half_a_second(jobs, name):
    took = []
    while len(took) < 3 and (not took or min(took) > 0.5):  # a neighbour of this machine may cost one try, not three
        run_id = jobs.submit(small(name, epochs=60, train_size=20_000))
        wait_until(lambda run_id=run_id: jobs.snapshot(run_id).batch > 0)
        started = time.monotonic()
        jobs.pause(run_id)
        assert jobs.snapshot(run_id).status == "paused"
        wait_until(lambda run_id=run_id: jobs.snapshot(run_id).seconds is not None)
        took.append(time.monotonic() - started)
        jobs.cancel(run_id)
    assert min(took) <= 0.5, took


def test_one_epoch_more_on_a_finished_run_is_one_epoch_and_a_new_test(jobs, mnist):
    experiment = small("model2", epochs=1)
    run_id = jobs.submit(experiment)
    first = rest(jobs, run_id, "finished")
    jobs.resume(run_id, one_epoch=True)
    assert jobs.snapshot(run_id).test_accuracy is None
    second = rest(jobs, run_id, "finished")
    assert (first.epochs_done, second.epochs_done, second.experiment.training.epochs) == (1, 2, 2)
    assert second.history["loss"][0] == first.history["loss"][0]
    assert second.test_accuracy != first.test_accuracy
    assert [segment.epoch for segment in second.segments] == [1]


def test_one_epoch_more_on_a_paused_run_is_a_step_after_which_it_rests_again(jobs):
    run_id = jobs.submit(small(epochs=100, train_size=20_000))
    wait_until(lambda: epochs(jobs, run_id) >= 1)
    jobs.pause(run_id)
    before = rest(jobs, run_id, "paused").epochs_done
    jobs.resume(run_id, one_epoch=True)
    wait_until(lambda: not jobs.snapshot(run_id).active)
    assert (jobs.snapshot(run_id).status, epochs(jobs, run_id)) == ("paused", before + 1)


def test_another_learning_rate_is_marked_where_it_begins_and_changes_what_follows(jobs, mnist):
    run_id = jobs.submit(small("model2", epochs=2))
    rest(jobs, run_id, "finished")
    jobs.resume(run_id, epochs=4, learning_rate=0.05)
    run = rest(jobs, run_id, "finished")
    assert [(segment.epoch, segment.learning_rate) for segment in run.segments] == [(2, 0.05)]
    assert run.learning_rate == 0.05
    unchanged = train(small("model2", epochs=2), mnist).history["loss"]
    assert run.history["loss"][:2] == pytest.approx(unchanged, rel=1e-6)
    assert run.epochs_done == 4


def test_a_finished_run_with_nothing_left_says_so(jobs):
    run_id = jobs.submit(small(epochs=1))
    rest(jobs, run_id, "finished")
    with pytest.raises(RefusedError, match="All 1 epochs are trained: add one, or ask for more"):
        jobs.resume(run_id)


def test_a_run_paused_in_the_queue_has_no_epoch_and_begins_when_continued(jobs):
    first, second = (jobs.submit(small(epochs=300, train_size=20_000)) for _ in range(2))
    wait_until(lambda: jobs.snapshot(first).status == "training")
    jobs.pause(second)
    assert (jobs.snapshot(second).status, epochs(jobs, second)) == ("paused", 0)
    jobs.cancel(first)
    jobs.resume(second, one_epoch=True)
    wait_until(lambda: not jobs.snapshot(second).active)
    assert (jobs.snapshot(second).status, epochs(jobs, second), jobs.snapshot(second).segments) == ("paused", 1, ())


def test_only_the_owner_changes_a_run_and_everybody_sees_it(jobs):
    owner, other = new_owner(), new_owner()
    run_id = jobs.submit(small(epochs=200, train_size=20_000), owner=owner, nickname="Ada")
    for change in (jobs.pause, jobs.cancel, jobs.delete, jobs.resume):
        with pytest.raises(RefusedError, match="only its owner may change it"):
            change(run_id, other)
    seen = jobs.snapshot(run_id)
    assert (seen.nickname, seen.belongs_to(owner), seen.belongs_to(other)) == ("Ada", True, False)
    jobs.cancel(run_id, owner)
    assert jobs.snapshot(run_id).status == "cancelled"


def test_an_owner_has_one_run_at_a_time_and_may_replace_it(jobs):
    owner = new_owner()
    first = jobs.submit(small(epochs=200, train_size=20_000), owner=owner)
    with pytest.raises(BusyError) as busy:
        jobs.submit(small(), owner=owner)
    assert busy.value.run_id == first
    second = jobs.submit(small(epochs=1), owner=owner, replace=True)
    assert jobs.snapshot(first).status == "cancelled"
    wait_until(lambda: jobs.snapshot(second).status == "finished")


def test_a_run_over_half_an_hour_is_refused_with_what_to_reduce(jobs):
    long = preset("model4").model_copy(
        update={"training": preset("model4").training.model_copy(update={"epochs": 500, "batch_size": 1})}
    )
    with pytest.raises(RefusedError, match=r"500 epochs would take about \d+ minutes here.*at most \d+ epochs, fewer"):
        jobs.submit(long)


@pytest.mark.alone
def test_the_estimate_counts_what_is_ahead_and_is_put_right_by_what_was_seen(jobs):
    alone = jobs.estimate(small(epochs=10))
    assert (alone.ahead, alone.seconds_to_start) == (0, 0.0)
    run_id = jobs.submit(small(epochs=200, train_size=20_000))
    behind = jobs.estimate(small(epochs=10))
    assert behind.ahead == 1
    assert behind.seconds_to_start > 1
    wait_until(lambda: epochs(jobs, run_id) >= 5)
    seconds = jobs.estimate(small(epochs=200, train_size=20_000)).seconds
    jobs.cancel(run_id)
    started = time.monotonic()
    other = jobs.submit(small(epochs=20, train_size=20_000))
    wait_until(lambda: epochs(jobs, other) >= 20)
    assert seconds / 10 == pytest.approx(time.monotonic() - started, rel=0.9)  # the machine's pace changes


def test_a_run_at_rest_is_deleted_and_one_that_trains_is_not(jobs, store):
    run_id = jobs.submit(small(epochs=1))
    with pytest.raises(RefusedError, match="cannot be deleted: cancel it first"):
        jobs.delete(run_id)
    rest(jobs, run_id, "finished")
    jobs.delete(run_id)
    assert jobs.snapshot(run_id) is None
    with pytest.raises(RefusedError, match="not known here any more"):
        jobs.pause(run_id)


def test_a_run_that_is_over_is_not_paused(jobs):
    run_id = jobs.submit(small(epochs=1))
    rest(jobs, run_id, "finished")
    with pytest.raises(NotPossibleError, match="A run that is finished cannot be paused"):
        jobs.pause(run_id)
