"""Visitors' own pictures in the database: kept once, found by every server and worker, and bounded."""

import sqlite3

import numpy as np
import pytest
from sqlalchemy import text

from nncore.analysis import classification
from nncore.cluster import worker
from nncore.data.dataset import Dataset
from nncore.data.uploads.read import pack
from nncore.networks.build import build_model, pack_weights
from nncore.registry import datasets
from nncore.registry.datasets import MissingDataError, open_dataset
from nncore.specs.presets import preset
from nncore.storage.dataset_store import NoRoomError
from nncore.storage.run_store import Store, default_store, open_store


def some_pictures(train=200, test=40, seed=1):
    generator = np.random.default_rng(seed)
    labels = (np.arange(train + test) % 10).astype(np.uint8)
    pictures = generator.integers(0, 256, (train + test, 28, 28)).astype(np.uint8)
    return Dataset(pictures[:train], labels[:train], pictures[train:], labels[train:], "a test")


def keep(store, pictures=None, name="mine.csv"):
    pictures = pictures or some_pictures()
    return store.own_sets.keep(pack(pictures), name, len(pictures.x_train), len(pictures.x_test))


def on(key, name="model2", **training):
    experiment = preset(name)
    return experiment.model_copy(update={"training": experiment.training.model_copy(update={"data": key, **training})})


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def database(request, tmp_path):
    """The address of a database without sets."""
    sqlite = f"sqlite:///{tmp_path / 'sets.db'}"
    address = sqlite if request.param == "SQLite" else request.getfixturevalue("postgresql")
    yield address
    opened = open_store(address)
    with opened._session("written") as session:
        session.execute(text("DELETE FROM datasets"))
    opened.close()


@pytest.fixture
def servers(database):
    """The stores of two servers on it."""
    stores = Store(database), Store(database)
    yield stores
    for store in stores:
        store.close()


def forget_when_shown(store):
    """As if nobody had looked at any set for years."""
    with store._session("written") as session:
        session.execute(text("UPDATE datasets SET shown = '2020-01-01'"))


def test_a_set_is_found_by_another_server_and_opened_there(servers, database):
    pictures, (store, other) = some_pictures(), servers
    kept = keep(store, pictures)
    assert kept.key.startswith("own-")
    assert other.own_sets.find(kept.key) == kept
    assert (kept.name, kept.train, kept.test) == ("mine.csv", 200, 40)
    found = open_dataset(kept.key, database)
    np.testing.assert_array_equal(found.x_train, pictures.x_train)
    np.testing.assert_array_equal(found.y_test, pictures.y_test)
    assert found.source == "the file mine.csv"
    assert not found.x_test.flags.writeable


def test_the_same_file_is_kept_once(store):
    assert keep(store) == keep(store)
    assert keep(store, name="other.csv") != keep(store)


def test_idle_sets_make_room_and_those_of_kept_runs_stay(servers, monkeypatch):
    store, _ = servers
    monkeypatch.setenv("NNCORE_OWN_DATA_MB", "0.6")
    used, idle = keep(store, name="used"), keep(store, name="idle")
    store.create(f"run-{used.key}", on(used.key))
    with pytest.raises(NoRoomError, match=r"0\.6 MB that this server has for visitors' own"):
        keep(store, some_pictures(500), name="while both were just looked at")
    forget_when_shown(store)
    third = keep(store, some_pictures(300), name="third")
    assert [store.own_sets.find(one.key) is not None for one in (used, idle, third)] == [True, False, True]
    forget_when_shown(store)
    store.delete(f"run-{used.key}")
    keep(store, some_pictures(500), name="large")
    assert store.own_sets.find(used.key) is None


def test_a_set_that_a_page_shows_counts_as_looked_at(store, path):
    kept = keep(store)
    forget_when_shown(store)
    store.own_sets.find(kept.key)
    assert sqlite3.connect(path).execute("SELECT shown FROM datasets").fetchone()[0] > "2021"


def test_pictures_that_are_gone_are_a_sentence(store):
    with pytest.raises(MissingDataError, match="“own-gone” are not kept here any more: upload their file again"):
        open_dataset("own-gone", store.url)


def test_a_run_is_trained_and_tested_on_its_own_pictures(jobs, store):
    from tests.nncore.runs.test_service import wait_until

    kept = keep(store)
    run_id = jobs.submit(on(kept.key, epochs=1, train_size=60_000))
    wait_until(lambda: jobs.snapshot(run_id).settled and not jobs.snapshot(run_id).active)
    run = jobs.snapshot(run_id)
    assert (run.status, run.tested) == ("finished", 40)


def test_a_run_whose_pictures_are_gone_fails_with_a_sentence(jobs):
    from tests.nncore.runs.test_service import wait_until

    run_id = jobs.submit(on("own-gone", epochs=1))
    wait_until(lambda: not jobs.snapshot(run_id).active)
    assert jobs.snapshot(run_id).message == (
        "Training stopped: The pictures “own-gone” are not kept here any more: upload their file again."
    )


@pytest.fixture
def own_run():
    """A finished run on own pictures in the default database, and those pictures."""
    pictures = some_pictures()
    experiment = on(keep(default_store(), pictures).key)
    default_store().create("on-own", experiment)
    weights = pack_weights(build_model(experiment.network, seed=1))
    default_store().update("on-own", status="finished", weights=weights)
    yield pictures
    default_store().delete("on-own")
    datasets._open_uploaded.cache_clear()


def test_everything_that_looks_at_a_run_looks_at_its_own_test_pictures(own_run):
    summary = classification.summarize("on-own")
    assert summary.tested == summary.matrix.sum() == 40
    assert (summary.things, summary.train_pictures) == ("pictures", 200)
    picture, label = worker.pick_digit(3, "on-own")
    np.testing.assert_array_equal(picture, own_run.x_test[3])
    assert label == own_run.y_test[3]
    found = classification.open_mistakes("on-own", 3)
    first = found.sheet.picture[:28, :28]
    np.testing.assert_array_equal(first, own_run.x_test[found.predictions[0].index])


def test_exemplars_and_the_hidden_space_are_of_the_run_s_own_pictures(own_run):
    from nncore.analysis import projection, top_activations

    found = top_activations.strongest("on-own", 0, 0)
    assert found.total == 40
    np.testing.assert_array_equal(found.pictures, own_run.x_test[found.indices])
    space = projection.locate("on-own", 0)
    np.testing.assert_array_equal(space.labels, own_run.y_test)
