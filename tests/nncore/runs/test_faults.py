"""What goes wrong around a run: its worker is killed, its memory full, its database locked, its server ended."""

import os
import signal
import sqlite3
import subprocess
import sys
import time

import dask
import pytest

from nncore.cluster.run_reporter import OUT_OF_MEMORY
from nncore.runs import run_cache
from nncore.runs.service import RunService
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
    jobs = RunService(little, store)
    try:
        with monkeypatch.context() as patch:
            patch.setattr("nncore.cluster.worker.run_experiment", eat_memory)
            run_id = jobs.submit(small())
        wait_until(lambda: not jobs.snapshot(run_id).active, 180)
        assert (jobs.snapshot(run_id).status, jobs.snapshot(run_id).message) == ("failed", OUT_OF_MEMORY)
    finally:
        jobs.close()
        little.close()


def test_while_the_database_is_locked_the_training_goes_on_and_the_page_says_so(jobs, store, path, monkeypatch):
    monkeypatch.setattr(run_cache, "QUIET_SECONDS", 1.0)
    run_id = jobs.submit(small(epochs=100, train_size=10_000))
    wait_until(lambda: jobs.snapshot(run_id).epochs_done >= 2)
    lock = sqlite3.connect(path, isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    before = store.load(run_id).epochs_done
    wait_until(lambda: "Nothing has been heard" in jobs.snapshot(run_id).message)
    time.sleep(8 * store.load(run_id).epoch_seconds)
    assert (jobs.snapshot(run_id).status, jobs.snapshot(run_id).epochs_done) == ("training", before)
    lock.execute("ROLLBACK")
    lock.close()
    wait_until(lambda: jobs.snapshot(run_id).epochs_done > before)
    assert jobs.snapshot(run_id).epochs_done >= before + 3, "it trained meanwhile, and caught up in one piece"
    wait_until(lambda: not jobs.snapshot(run_id).active)
    run = jobs.snapshot(run_id)
    assert (run.status, run.epochs_done, run.message) == ("finished", 100, "")


SERVER = """\
import sys, time
from nncore.cluster.engine import default_engine
from nncore.runs.service import default_runs
from tests.nncore.runs.test_service import small

if __name__ == "__main__":
    default_engine().start()
    run_id = default_runs().submit(small("model2", epochs=40, train_size=20_000), owner="token")
    while True:
        print(run_id, default_runs().snapshot(run_id).epochs_done, flush=True)
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
    wait_until(lambda: store.load(run_id).status == "interrupted")  # its workers end with it
    assert store.load_backup(run_id).epoch >= epochs
    jobs.resume(run_id, "token", one_epoch=True)
    wait_until(lambda: not jobs.snapshot(run_id).active)
    run = jobs.snapshot(run_id)
    assert (run.status, run.segments[-1].reason) == ("paused", "continued")
    assert run.epochs_done == run.segments[-1].epoch + 1 > epochs
    assert len(set(run.history["loss"])) == run.epochs_done
