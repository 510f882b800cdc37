"""What goes wrong around a run: its worker is killed, its memory full, its database locked, its server ended."""

import os
import signal
import sqlite3
import subprocess
import sys
import time

import dask
import pytest

from nncore.runs.dispatcher import OUT_OF_MEMORY
from nncore.runs.service import Jobs
from tests.nncore.runs.test_service import small, wait_until

pytestmark = pytest.mark.alone


@pytest.fixture(scope="module")
def engine(own_engine):
    """Workers of this module's own, since they are killed here."""
    return own_engine


def kill_the_trainers(engine):
    """`kill -9` of every training worker process; their nannies make new ones."""
    for pid in engine.client().run(os.getpid, workers=engine.trainers()).values():
        os.kill(pid, signal.SIGKILL)


def test_a_run_whose_worker_is_killed_goes_on_from_its_last_epoch_without_gap_or_double(jobs, engine, mnist):
    experiment = small("model2", epochs=10, train_size=20_000)
    run_id = jobs.submit(experiment)
    wait_until(lambda: jobs.snapshot(run_id).epochs_done >= 3)
    before = jobs.snapshot(run_id)
    kill_the_trainers(engine)
    seen = []

    def is_over():
        run = jobs.snapshot(run_id)
        seen.append(run.epochs_done)
        return not run.active

    wait_until(is_over, 120)
    run = jobs.snapshot(run_id)
    assert run.status == "finished"
    assert [segment.reason for segment in run.segments] == ["restarted"]
    begun_again = run.segments[0].epoch
    assert begun_again >= before.epochs_done
    assert run.history["loss"][: before.epochs_done] == before.history["loss"]
    assert {name: len(values) for name, values in run.history.items()} == {"loss": 10, "accuracy": 10}
    assert len(set(run.history["loss"])) == 10
    assert seen == sorted(seen), "no epoch that was shown is ever taken back"
    assert run.test_accuracy is not None


def eat_memory(order):
    """In a worker: take what there is until the nanny ends it."""
    hog = []
    while True:
        hog.append(bytearray(50_000_000))
        time.sleep(0.01)


@pytest.mark.usefixtures("engine")
def test_a_worker_without_memory_is_a_sentence_and_the_next_run_is_trained(store, monkeypatch):
    from nncore.cluster.engine import Engine

    monkeypatch.setenv("NNCORE_WORKER_MEMORY", "1.5GB")
    little = Engine()
    with dask.config.set({"distributed.scheduler.allowed-failures": 1}):  # two workers tell as much as four, sooner
        little.start()
        little.client()
    jobs = Jobs(little, store)
    try:
        with monkeypatch.context() as patch:
            patch.setattr("nncore.cluster.worker.run_experiment", eat_memory)
            run_id = jobs.submit(small())
        wait_until(lambda: not jobs.snapshot(run_id).active, 180)
        assert (jobs.snapshot(run_id).status, jobs.snapshot(run_id).message) == ("failed", OUT_OF_MEMORY)
    finally:
        jobs.close()
        little.close()


def test_a_locked_database_is_said_and_costs_no_epoch(jobs, store, path):
    run_id = jobs.submit(small(epochs=4))
    lock = sqlite3.connect(path, isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    wait_until(lambda: "database is locked" in jobs.snapshot(run_id).message, 90)
    wait_until(lambda: not jobs.snapshot(run_id).active, 90)
    assert jobs.snapshot(run_id).epochs_done == 4
    lock.execute("ROLLBACK")
    lock.close()
    wait_until(lambda: store.load(run_id).status == "finished")
    assert len(store.load(run_id).history["loss"]) == 4
    wait_until(lambda: jobs.snapshot(run_id).message == "")


SERVER = """\
import sys, time
from nncore.engine import default_engine
from nncore.jobs import default_jobs
from tests.test_jobs import small

if __name__ == "__main__":
    default_engine().start()
    run_id = default_jobs().submit(small("model2", epochs=40, train_size=20_000), owner="token")
    while True:
        print(run_id, default_jobs().snapshot(run_id).epochs_done, flush=True)
        time.sleep(0.05)
"""


def test_a_run_whose_server_is_killed_is_found_as_interrupted_and_continues_on_a_new_one(jobs, store, path, tmp_path):
    script = tmp_path / "server.py"
    script.write_text(SERVER)
    environment = {**os.environ, "NNCORE_DATABASE_URL": f"sqlite:///{path}", "PYTHONPATH": os.getcwd()}
    server = subprocess.Popen([sys.executable, script], env=environment, stdout=subprocess.PIPE, text=True)
    run_id, epochs = "", 0
    with server.stdout as lines:
        while epochs < 3:
            run_id, epochs = lines.readline().split()
            epochs = int(epochs)
        assert store.load(run_id).status in ("waiting", "training")
        server.kill()
        server.wait()
    assert store.load(run_id).status == "interrupted"
    assert store.load_backup(run_id).epoch >= epochs
    jobs.resume(run_id, "token", one_epoch=True)
    wait_until(lambda: not jobs.snapshot(run_id).active)
    run = jobs.snapshot(run_id)
    assert (run.status, run.segments[-1].reason) == ("paused", "continued")
    assert run.epochs_done == run.segments[-1].epoch + 1 > epochs
    assert len(set(run.history["loss"])) == run.epochs_done


def test_a_server_that_is_set_so_continues_by_itself_what_the_last_one_left(jobs, store):
    lost = store.create("lost", small(epochs=2))
    store.update("lost", status="training", server="elsewhere/1/1")
    at_rest = store.create("done", small(epochs=2))
    store.update("done", status="finished")
    import nncore.storage.run_record

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nncore.storage.run_record, "STALE_SECONDS", -1)
        assert jobs.continue_interrupted() == [lost.id]
        assert jobs.continue_interrupted() == []
    wait_until(lambda: jobs.snapshot("lost").status == "finished")
    assert store.load(at_rest.id).status == "finished"


def test_an_orderly_end_of_the_server_leaves_a_run_that_can_be_continued(engine, store):
    jobs = Jobs(engine, store)
    run_id = jobs.submit(small(epochs=200, train_size=20_000))
    wait_until(lambda: jobs.snapshot(run_id).epochs_done >= 1)
    jobs.close()
    kept = store.load(run_id)
    assert (kept.status, kept.message[:23]) == ("interrupted", "The server was stopped.")
    engine.stop_run(f"{run_id}-1")
