"""Runs in a SQLite file of the test's own."""

import os
import socket
import sqlite3
import threading
from datetime import UTC, datetime, timedelta

import numpy as np
import psutil
import pytest

from nncore.specs.presets import preset
from nncore.storage.run_record import STALE_SECONDS, this_server
from nncore.storage.run_reports import Holder
from nncore.storage.run_store import Store, StoreError
from nncore.training.checkpoint import Backup
from tests.nncore.runs.acted import acted_service, with_training


def age(path, run_id, seconds, column="updated"):
    """Make the last sign of life of the run's server, or the `beat` of its worker, lie so many seconds back."""
    then = (datetime.now(UTC) - timedelta(seconds=seconds)).isoformat()
    connection = sqlite3.connect(path)
    with connection:
        connection.execute(f"UPDATE runs SET {column} = ? WHERE id = ?", (then, run_id))
    connection.close()


def test_a_new_run_waits_and_can_be_read_again(store):
    made = store.create("a", preset("model3"), owner="Ada")
    found = store.load("a")
    assert found == made
    assert (found.experiment, found.owner, found.status) == (preset("model3"), "Ada", "waiting")
    assert (found.history, found.test_accuracy) == ({}, None)


def test_what_is_written_is_read_again_also_by_another_process_s_store(store, path):
    store.create("a", preset("model1"))
    history = {"loss": [0.1, 0.05], "accuracy": [0.5, 0.75]}
    store.update("a", status="finished", history=history, test_accuracy=0.885, wrong=1150, weights=b"packed")
    other = Store(f"sqlite:///{path}")
    found = other.load("a")
    assert (found.status, found.history, found.test_accuracy, found.wrong) == ("finished", history, 0.885, 1150)
    assert other.load_weights("a") == b"packed"
    other.close()


def test_an_update_leaves_the_other_fields_and_moves_the_time(store):
    before = store.create("a", preset("model1"), owner="Ada")
    store.update("a", weights=b"packed")
    store.update("a", status="training")
    after = store.load("a")
    assert (after.owner, after.experiment, store.load_weights("a")) == ("Ada", before.experiment, b"packed")
    assert after.updated > before.updated
    assert after.created == before.created


def test_a_run_that_is_not_there_is_none_and_its_update_no_error(store):
    store.update("gone", status="finished")
    assert store.load("gone") is None
    assert store.load_weights("gone") is None


def test_runs_come_newest_first_up_to_the_limit(store):
    for run_id in "abc":
        store.create(run_id, preset("model1"))
    assert [run.id for run in store.load_all()] == ["c", "b", "a"]
    assert [run.id for run in store.load_all(limit=2)] == ["c", "b"]


def test_an_id_that_is_taken_is_refused_and_the_old_run_kept(store):
    store.create("a", preset("model1"))
    with pytest.raises(StoreError, match="could not be written"):
        store.create("a", preset("model3"))
    assert store.load("a").experiment == preset("model1")


@pytest.mark.parametrize("status", ["waiting", "training"])
def test_a_run_of_another_machine_without_a_sign_of_life_reads_as_interrupted(store, path, status):
    store.create("a", preset("model1"))
    store.update("a", status=status, server="elsewhere/1/1")
    age(path, "a", STALE_SECONDS - 10)
    assert store.load("a").status == status
    age(path, "a", STALE_SECONDS + 10)
    assert store.load("a").status == "interrupted"
    assert [run.status for run in store.load_all()] == ["interrupted"]


def begin(store, run_id, worker=None):
    """A worker takes the run."""
    holder = Holder(run_id, store.load(run_id).attempt, worker or this_server())
    assert store.reports.begin(holder) is not None
    return holder


def keep(store, holder, epoch, files=b"files"):
    store.reports.write(holder, {}, Backup(epoch, {"loss": [float("nan")] * epoch}, files))


def test_a_run_is_seen_to_train_as_long_as_its_worker_shows_signs_of_life_also_without_its_server(store, path):
    store.create("a", preset("model1"))
    store.update("a", server="elsewhere/1/1")
    holder = begin(store, "a", worker="far away/1/1")
    age(path, "a", STALE_SECONDS + 10)
    assert store.load("a").status == "training"
    age(path, "a", STALE_SECONDS + 10, "beat")
    assert store.load("a").status == "interrupted"
    assert store.reports.write(holder, {}) == ""
    assert store.load("a").status == "training"


def test_a_run_whose_worker_and_server_are_gone_before_it_could_stop_has_stopped(store, path):
    store.create("a", preset("model1"))
    begin(store, "a")
    store.update("a", request="pause")
    assert (store.load("a").status, store.load("a").request) == ("paused", "pause")
    store.update("a", server="elsewhere/1/1")
    for column in ("updated", "beat"):
        age(path, "a", STALE_SECONDS + 10, column)
    assert (store.load("a").status, store.load("a").request) == ("paused", "")


def test_a_server_keeps_its_runs_alive_and_another_one_takes_them_over_when_it_does_not(store, path, monkeypatch):
    store.create("a", preset("model1"))
    age(path, "a", STALE_SECONDS + 10)
    store.give_sign_of_life()
    monkeypatch.setattr("nncore.storage.run_store.this_server", lambda: "elsewhere/1/1")
    seen = store.load("a")
    assert (datetime.now(UTC) - seen.updated).total_seconds() < STALE_SECONDS
    assert store.adopt(seen)
    assert not store.adopt(seen)
    assert store.load("a").server == "elsewhere/1/1"


def test_a_server_takes_no_run_of_its_own_for_lost_when_the_clock_is_set(store, monkeypatch):
    store.create("a", preset("model1"))
    monkeypatch.setattr(psutil.Process, "create_time", lambda process: 0.0)  # counted from a boot time that has moved
    assert store.load("a").status == "waiting"


@pytest.mark.parametrize(
    "server",
    [f"{socket.gethostname()}/999999999/1", f"{socket.gethostname()}/{os.getpid()}/1"],
    ids=["no such process", "another process of this number"],
)
def test_a_run_of_a_server_of_this_machine_that_has_ended_is_interrupted_at_once(store, server):
    store.create("a", preset("model1"))
    assert store.load("a").status == "waiting"
    store.update("a", server=server)
    assert store.load("a").status == "interrupted"


def test_a_finished_run_stays_finished(store, path):
    store.create("a", preset("model1"))
    store.update("a", status="finished")
    age(path, "a", 1_000_000)
    assert store.load("a").status == "finished"


def test_readers_go_on_beside_a_writer(store, path):
    store.create("a", preset("model1"))
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("UPDATE runs SET owner = 'half done'")
    assert store.load("a").owner == ""
    connection.rollback()
    connection.close()


def test_threads_that_write_at_once_lose_nothing(store):
    failures = []

    def write(name):
        try:
            for number in range(10):
                store.create(f"{name}{number}", preset("model1"), owner=name)
                store.update(f"{name}{number}", status="finished", weights=name.encode() * 10_000)
        except StoreError as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(name,)) for name in ("ada", "bob", "cyd")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    runs = store.load_all()
    assert len(runs) == 30
    assert {run.status for run in runs} == {"finished"}
    assert store.load_weights("cyd9") == b"cyd" * 10_000


def test_a_database_that_cannot_be_opened_is_a_sentence(tmp_path):
    with pytest.raises(StoreError, match=r"^The database of runs could not be opened: unable to open database file\.$"):
        Store(f"sqlite:///{tmp_path / 'no' / 'such' / 'folder' / 'runs.db'}")


def test_an_address_that_is_none_is_a_sentence():
    with pytest.raises(StoreError, match=r"^The database of runs could not be opened: "):
        Store("not an address")


def test_a_file_that_is_no_database_is_a_sentence(path):
    path.write_bytes(b"a letter to the editor " * 100)
    with pytest.raises(StoreError, match="could not be opened: file is not a database"):
        Store(f"sqlite:///{path}")


def test_a_full_disk_is_a_sentence_and_the_runs_before_it_stay(store):
    store.create("a", preset("model1"))
    with store._engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(StoreError, match=r"^The database of runs could not be written: database or disk is full\.$"):
        store.update("a", status="finished", weights=bytes(1_000_000))
    assert store.load("a").status == "waiting"


def test_a_table_that_was_lost_is_a_sentence(store, path):
    connection = sqlite3.connect(path)
    connection.execute("DROP TABLE runs")
    connection.close()
    with pytest.raises(StoreError, match="could not be read: no such table: runs"):
        store.load("a")


def test_the_history_of_a_training_that_exploded_is_kept(store):
    store.create("a", preset("model1"))
    store.update("a", history={"loss": [1.0, float("inf"), float("nan")]}, test_loss=float("nan"))
    assert str(store.load("a").history["loss"]) == "[1.0, inf, nan]"


def test_only_one_of_two_claims_gets_the_run(store):
    seen = store.create("a", preset("model1"))
    taken = store.claim(seen, message="on")
    assert taken == store.load("a")
    assert (taken.attempt, taken.status, taken.message) == (2, "waiting", "on")
    assert store.claim(seen) is None


def test_what_is_written_of_an_older_attempt_or_another_state_is_not_taken(store):
    store.claim(store.create("a", preset("model1")))
    assert not store.update("a", attempt=1, status="finished")
    assert not store.update("a", attempt=2, while_in=("training",), request="pause")
    assert (store.load("a").status, store.load("a").request) == ("waiting", "")
    assert store.update("a", attempt=2, while_in=("waiting",), status="paused")


def test_a_later_backup_takes_the_place_of_the_one_before(store):
    store.create("a", preset("model1"))
    assert store.load_backup("a") is None
    for epoch in (1, 2):
        keep(store, begin(store, "a"), epoch, bytes([epoch]))
    found = store.load_backup("a")
    assert (found.epoch, found.files, str(found.history)) == (2, b"\x02", "{'loss': [nan, nan]}")


def test_a_deleted_run_leaves_nothing(store):
    store.create("a", preset("model1"))
    store.reports.write(begin(store, "a"), {}, Backup(1, {}, b"files"), np.zeros((2, 3), np.float16))
    store.delete("a")
    store.delete("never there")
    assert (store.load("a"), store.load_backup("a"), store.load_first_layers(["a"])) == (None, None, {})


def make_finished(store, run_id, **fields):
    store.create(run_id, preset("model1"), nickname=fields.pop("nickname", ""))
    store.update(run_id, **{"status": "finished", "weights": bytes(1000), "shown": "2020", **fields})


def test_room_is_made_by_removing_the_oldest_runs_without_a_name_first(store):
    make_finished(store, "named", nickname="Ada")
    for run_id in ("old", "newer", "newest"):
        make_finished(store, run_id)
    assert store.trim(4000) == []
    assert store.trim(2500) == ["old", "newer"]
    assert store.trim(500) == ["newest", "named"]


def test_no_run_is_removed_that_trains_or_that_a_page_showed_just_now(store):
    make_finished(store, "trains", status="training")
    make_finished(store, "shown")
    make_finished(store, "other")
    store.note_shown(["shown"])
    assert store.trim(0) == ["other"]


def test_a_database_of_an_earlier_version_gets_the_new_columns_and_keeps_its_runs(path):
    connection = sqlite3.connect(path)
    columns = ("status", "owner", "experiment", "history", "message", "device", "versions", "created", "updated")
    numbers = ", ".join(f"{name} FLOAT" for name in ("test_loss", "test_accuracy", "wrong", "tested", "seconds"))
    connection.execute(
        f"CREATE TABLE runs (id VARCHAR(32) PRIMARY KEY, {', '.join(f'{c} TEXT' for c in columns)}, {numbers}, "
        "weights BLOB)"
    )
    now, experiment = datetime.now(UTC).isoformat(), preset("model3").model_dump_json()
    values = ("a", "finished", "", experiment, "{}", "", "", "{}", now, now)
    connection.execute(f"INSERT INTO runs (id, {', '.join(columns)}) VALUES (?,?,?,?,?,?,?,?,?,?)", values)
    connection.commit()
    connection.close()
    store = Store(f"sqlite:///{path}")
    found = store.load("a")
    assert (found.experiment, found.segments, found.attempt, found.nickname) == (preset("model3"), (), 1, "")
    store.close()


LAST_VERSION = """
CREATE TABLE runs (
    id VARCHAR(32) NOT NULL, status VARCHAR(16) NOT NULL, owner VARCHAR(64) NOT NULL,
    nickname VARCHAR(64) DEFAULT '' NOT NULL, attempt INTEGER DEFAULT '1' NOT NULL,
    segments JSON DEFAULT '[]' NOT NULL, request VARCHAR(16) DEFAULT '' NOT NULL,
    server VARCHAR(200) DEFAULT '' NOT NULL, experiment JSON NOT NULL, history JSON NOT NULL,
    test_loss FLOAT, test_accuracy FLOAT, wrong INTEGER, tested INTEGER, seconds FLOAT,
    message TEXT NOT NULL, device TEXT NOT NULL, versions JSON NOT NULL,
    created VARCHAR(40) NOT NULL, updated VARCHAR(40) NOT NULL, shown VARCHAR(40) DEFAULT '' NOT NULL, weights BLOB,
    PRIMARY KEY (id)
);
CREATE TABLE backups (
    run_id VARCHAR(32) NOT NULL, epoch INTEGER NOT NULL, history JSON NOT NULL, files BLOB NOT NULL,
    PRIMARY KEY (run_id)
);
"""
"""The tables of runs as commit 713618e made them."""


@pytest.mark.parametrize("status", ["waiting", "training", "paused", "interrupted"])
@pytest.mark.parametrize("request_", ["", "pause"])
def test_the_runs_of_a_database_of_the_last_version_go_on(path, status, request_):
    connection, now = sqlite3.connect(path), datetime.now(UTC).isoformat()
    connection.executescript(LAST_VERSION)
    history = '{"loss": [1.0, 2.0], "accuracy": [1.0, 2.0]}'
    row = {"id": "a", "status": status, "owner": "", "request": request_, "server": "elsewhere/1/1", "history": history}
    row |= {"experiment": with_training(epochs=4).model_dump_json(), "message": "", "device": "CPU", "versions": "{}"}
    row |= {"created": now, "updated": "2020-01-01T00:00:00+00:00"}
    connection.execute(f"INSERT INTO runs ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", [*row.values()])
    connection.execute("INSERT INTO backups VALUES ('a', 2, ?, x'00')", (history,))
    connection.commit()
    connection.close()
    store = Store(f"sqlite:///{path}")
    with acted_service(store) as (jobs, engine):
        seen = jobs.snapshot("a")
        expected = "paused" if request_ and status != "interrupted" else status if status == "paused" else "interrupted"
        assert (seen.status, seen.settled, seen.epochs_done) == (expected, True, 2)
        jobs.resume("a")
        engine.train(2)
        run = jobs.snapshot("a")
    assert (run.status, run.history["loss"]) == ("finished", [1.0, 2.0, 3.0, 4.0])
    assert [(segment.epoch, segment.reason) for segment in run.segments] == [(2, "continued")]
    store.close()
