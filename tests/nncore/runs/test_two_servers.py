"""Beyond one machine: a scheduler and two workers started by hand over TLS, two app servers, one PostgreSQL."""

import os
import socket
import subprocess
import sys
import time

import numpy as np
import pytest

from nncore.cluster.certificates import write_certificates
from nncore.cluster.engine import Engine, EngineError
from nncore.networks.inspection import predict
from nncore.registry import networks
from nncore.runs.service import RefusedError, RunService
from nncore.specs.presets import preset
from nncore.storage.run_record import new_id, this_server
from nncore.storage.run_reports import Holder
from nncore.storage.run_store import Store
from nncore.training.checkpoint import Backup
from tests.nncore.runs.test_service import small, wait_until
from tests.support.scheduler import serve_scheduler

pytestmark = pytest.mark.alone

FILES = ("NNCORE_TLS_CA", "NNCORE_TLS_CERT", "NNCORE_TLS_KEY")


@pytest.fixture
def store(postgresql):
    opened = Store(postgresql)
    yield opened
    for record in opened.load_all():
        opened.delete(record.id)
    opened.close()


def test_postgresql_keeps_a_run_its_backup_and_a_history_that_exploded(store):
    name = new_id()
    made = store.create(name, preset("model3"), "mark", "Ada")
    assert store.load(name) == made
    store.update(name, history={"loss": [1.0, float("inf"), float("nan")]}, weights=b"packed")
    assert str(store.load(name).history["loss"]) == "[1.0, inf, nan]"
    assert store.load_weights(name) == b"packed"
    holder, kernel = Holder(name, 1, this_server()), np.arange(6, dtype=np.float16).reshape(2, 3)
    assert store.reports.begin(holder) is not None
    exploded = {"updates": {"dense_1": float("nan")}, "history": {"loss": [float("inf")]}}
    assert store.reports.write(holder, exploded, Backup(1, {"loss": [float("nan")]}, b"one"), kernel) == ""
    assert store.update(name, attempt=1, while_in=("training",), request="pause")
    assert store.reports.write(holder, {}, Backup(2, {"loss": [2.0, 3.0]}, b"two"), kernel + 1) == "pause"
    assert store.load_backup(name) == Backup(2, {"loss": [2.0, 3.0]}, b"two")
    assert store.load_first_layers([name])[name].tolist() == [[1, 2, 3], [4, 5, 6]]
    assert store.claim(made) is not None
    assert store.claim(made) is None
    assert store.reports.write(holder, {}, Backup(3, {}, b"late")) is None
    assert store.load_backup(name).epoch == 2


def test_postgresql_makes_room_as_sqlite_does(store):
    for name, nickname in (("named", "Ada"), ("old", ""), ("new", "")):
        store.create(name, preset("model1"), nickname=nickname)
        store.update(name, status="finished", weights=bytes(1000), shown="2020")
    assert store.trim(1500) == ["old", "new"]


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    written = write_certificates(folder)
    assert write_certificates(folder) == written
    assert (written[-1].stat().st_mode & 0o777) == 0o600
    return [str(path) for path in written]


@pytest.fixture(scope="module")
def scheduler(certificates):
    """A scheduler and its two workers, one for each lane; the address."""
    with serve_scheduler(certificates) as address:
        yield address


@pytest.fixture(scope="module")
def connect(scheduler, certificates):
    """Makes the engine of one more app server, connected to the scheduler elsewhere."""
    engines = []

    def start():
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("NNCORE_SCHEDULER", scheduler)
            for name, path in zip(FILES, certificates, strict=True):
                patch.setenv(name, path)
            engines.append(Engine())
            engines[-1].start()
            wait_until(engines[-1].started)
            engines[-1].client()
        return engines[-1]

    yield start
    for engine in engines:
        engine.close()


def test_a_run_started_on_one_server_is_followed_paused_and_continued_on_another(connect, store, postgresql):
    engine = connect()
    other_store = Store(postgresql)
    here, there = RunService(engine, store), RunService(connect(), other_store)
    wait_until(lambda: engine.lanes() == 1)
    run_id = here.submit(small("model2", epochs=60, train_size=20_000), owner="token", nickname="Ada")
    wait_until(lambda: here.snapshot(run_id).epochs_done >= 2, 240)  # its worker has yet to import TensorFlow
    wait_until(lambda: there.snapshot(run_id).epochs_done >= 2)
    assert (there.snapshot(run_id).status, there.snapshot(run_id).nickname) == ("training", "Ada")
    with pytest.raises(RefusedError, match="only its owner"):
        there.pause(run_id, "guess")
    there.pause(run_id, "token")
    wait_until(lambda: here.snapshot(run_id).status == "paused" and here.snapshot(run_id).settled)
    done = there.snapshot(run_id).epochs_done
    there.resume(run_id, "token", one_epoch=True)
    wait_until(lambda: there.snapshot(run_id).status == "paused" and there.snapshot(run_id).epochs_done > done)
    run = there.snapshot(run_id)
    assert [segment.epoch for segment in run.segments] == [run.epochs_done - 1]
    assert len(set(run.history["loss"])) == run.epochs_done
    here.close()
    there.close()
    other_store.close()


SERVER = """\
import time
from nncore.cluster.engine import default_engine
from nncore.runs.service import default_runs
from tests.nncore.runs.test_service import small

if __name__ == "__main__":
    default_engine().client()
    experiment = small("model2", epochs=60, train_size=20_000)
    print(default_runs().submit(experiment), default_runs().submit(small()), flush=True)
    time.sleep(600)
"""


def test_runs_of_a_server_that_is_killed_train_on_and_another_server_takes_them_over(
    connect, store, postgresql, scheduler, certificates, tmp_path
):
    script, other = tmp_path / "server.py", RunService(connect(), store)
    script.write_text(SERVER)
    environment = {**os.environ, **dict(zip(FILES, certificates, strict=True)), "NNCORE_SCHEDULER": scheduler}
    environment |= {"NNCORE_DATABASE_URL": postgresql, "PYTHONPATH": os.getcwd()}
    server = subprocess.Popen([sys.executable, script], env=environment, stdout=subprocess.PIPE, text=True)
    with server.stdout as lines:
        trains, waits = lines.readline().split()
        wait_until(lambda: other.snapshot(trains).epochs_done >= 1)
        server.kill()
        server.wait()
    assert other.snapshot(trains).status == "training"
    done = other.snapshot(trains).epochs_done
    wait_until(lambda: store.load(waits).server == this_server() and other.snapshot(waits).status == "waiting")
    wait_until(lambda: other.snapshot(trains).epochs_done > done)
    other.pause(trains)
    wait_until(lambda: other.snapshot(waits).status == "finished")
    assert other.snapshot(trains).status == "paused"
    other.close()


def test_a_question_is_answered_by_the_worker_for_questions(connect, mnist):
    answer = connect().ask(networks.apply_to_network, predict, "model1", mnist.x_test[0], timeout=90)
    assert np.argmax(answer) == mnist.y_test[0]


def test_without_the_files_the_scheduler_does_not_answer(scheduler, certificates, monkeypatch):
    monkeypatch.setenv("NNCORE_SCHEDULER", scheduler)
    monkeypatch.setenv(FILES[0], certificates[0])
    engine = Engine()
    engine.start()
    with pytest.raises(EngineError, match="expected NNCORE_TLS_CA, NNCORE_TLS_CERT, NNCORE_TLS_KEY, received none for"):
        engine.client()
    engine.close()


def test_a_scheduler_that_is_not_there_is_a_sentence_and_is_found_when_it_comes(monkeypatch, certificates, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("NNCORE_SCHEDULER", f"tcp://127.0.0.1:{port}")
    monkeypatch.setattr("nncore.cluster.connect.CONNECT_SECONDS", 1)
    engine = Engine()
    engine.start()
    with pytest.raises(EngineError, match=r"The workers cannot be reached: .* This is tried again every few seconds\."):
        engine.client()
    command = [sys.executable, "-m", "dask", "scheduler", "--host=127.0.0.1", f"--port={port}", "--no-dashboard"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ))

    def is_found():
        try:
            return engine.client() is not None
        except EngineError:
            return False

    wait_until(is_found, 60)
    process.terminate()
    process.wait(30)
    wait_until(lambda: not is_found(), 60)
    engine.close()
    time.sleep(0.1)
