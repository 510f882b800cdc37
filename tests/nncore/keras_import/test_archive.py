"""A file that comes as a network may be anything: each is taken apart or refused in a sentence, and none does harm."""

import contextlib
import json
import tracemalloc
import zipfile

import h5py
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nncore.keras_import.archive import LARGEST_BYTES, UploadedNetworkError, read_archive, write_archive
from tests.support import keras_files
from tests.support.keras_files import CONFIG, METADATA, WEIGHTS, packed, parts_of, saved, with_weights


@pytest.fixture(scope="module")
def good():
    """The file of a small network."""
    return saved(keras_files.small())


def without(file, name):
    return packed({other: content for other, content in parts_of(file).items() if other != name})


def of_version(file, version):
    return packed(parts_of(file) | {METADATA: json.dumps({"keras_version": version})})


def linked(make):
    """Weights whose first table is a link that `make` gives."""

    def fill(weights):
        weights.create_group("layers/dense/vars")["0"] = make()

    return fill


def outside(weights):
    """A table whose numbers lie in another file."""
    weights.create_dataset("layers/dense/vars/0", (10,), "f4", external=[("/etc/passwd", 0, 40)])


def virtual(weights):
    layout = h5py.VirtualLayout((10,), "f4")
    layout[:] = h5py.VirtualSource("other.h5", "x", (10,))
    weights.create_virtual_dataset("layers/dense/vars/0", layout)


def empty_giant(weights):
    """Some hundred bytes that declare four terabytes."""
    weights.create_dataset("layers/dense/vars/0", (2**20, 2**20), "f4", chunks=(1024, 1024), compression="gzip")


def circle(weights):
    group = weights.create_group("layers")
    group["again"] = group


def words(weights):
    weights["layers/dense/vars/0"] = np.array([b"a word"])


REFUSED = {
    "nothing": (lambda good: b"", "a file of another kind or a damaged one"),
    "text": (lambda good: b"A sentence is no network.", "a file of another kind or a damaged one"),
    "a picture": (lambda good: b"\x89PNG\r\n\x1a\n" + bytes(99), "a file of another kind or a damaged one"),
    "cut off": (lambda good: good[: len(good) // 2], "a file of another kind or a damaged one"),
    "a bit turned": (lambda good: flipped(good), "a file of another kind or a damaged one|damaged ones"),
    "hdf5": (lambda good: parts_of(good)[WEIGHTS], "in the older HDF5 format"),
    "another archive": (lambda good: packed({"words.txt": "x"}), "an archive without one of them"),
    "without weights": (lambda good: without(good, WEIGHTS), "an archive without one of them"),
    "without plan": (lambda good: without(good, CONFIG), "an archive without one of them"),
    "a plan that is no plan": (lambda good: packed(parts_of(good) | {CONFIG: "[1]"}), "received something else"),
    "a plan without end": (lambda good: packed(parts_of(good) | {CONFIG: "[" * 90_000}), "received"),
    "a long plan": (lambda good: packed(parts_of(good) | {CONFIG: " " * 2**21}), "at most 1 MB, received a larger one"),
    "keras 2": (lambda good: of_version(good, "2.15.0"), "that Keras 3 wrote, received one of version 2.15.0"),
    "no version": (lambda good: of_version(good, None), "that Keras 3 wrote"),
    "large": (lambda good: bytes(LARGEST_BYTES + 2**19), "at most 25 MB, received 25.5 MB"),
    "a bomb": (lambda good: keras_files.a_bomb(), "at most 64 MB in at most 100 parts when unpacked, received 256 MB"),
    "many parts": (lambda good: packed({str(n): "" for n in range(101)}), "at most 100 parts"),
    "weights of another kind": (lambda good: packed(parts_of(good) | {WEIGHTS: "x" * 99}), "received damaged ones"),
    "a soft link": (lambda good: with_weights(good, linked(lambda: h5py.SoftLink("/layers"))), "a link to others"),
    "another file": (
        lambda good: with_weights(good, linked(lambda: h5py.ExternalLink("/etc/passwd", "/"))), "a link to others",
    ),
    "another file's table": (lambda good: with_weights(good, outside), "a link to others"),
    "a virtual table": (lambda good: with_weights(good, virtual), "a link to others"),
    "an empty giant": (lambda good: with_weights(good, empty_giant), "at most 64 MB, received tables of 4,194,304 MB"),
    "a circle": (lambda good: with_weights(good, circle), "endless groups"),
    "words": (lambda good: with_weights(good, words), "that are numbers, received values of type"),
}  # fmt: skip


def flipped(file):
    """The file with one bit turned in the middle of its weights, which its check sum tells."""
    place = file.index(b"HDF") + 3000
    return file[:place] + bytes([file[place] ^ 1]) + file[place + 1 :]


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_network_is_refused_in_a_sentence(good, name):
    make, sentence = REFUSED[name]
    with pytest.raises(UploadedNetworkError, match=sentence) as refused:
        read_archive(make(good))
    assert str(refused.value).startswith("Expected ")
    assert str(refused.value).endswith((".", '."'))


def test_a_bomb_is_refused_before_it_is_unpacked(good):
    files = [keras_files.a_bomb(), with_weights(good, empty_giant)]
    assert max(map(len, files)) < 2**21
    tracemalloc.start()
    for file in files:
        with pytest.raises(UploadedNetworkError):
            read_archive(file)
    assert tracemalloc.get_traced_memory()[1] < 2**23
    tracemalloc.stop()


def test_a_member_that_is_larger_than_it_says_is_not_unpacked_further(good):
    """The directory of the archive says 10 bytes; there are a hundred million."""
    file = bytearray(packed({CONFIG: bytes(10**8)}, zipfile.ZIP_DEFLATED))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = file.rindex(signature) + offset
        file[place : place + 4] = (10).to_bytes(4, "little")
    tracemalloc.start()
    with pytest.raises(UploadedNetworkError):
        read_archive(bytes(file))
    assert tracemalloc.get_traced_memory()[1] < 2**23
    tracemalloc.stop()


def test_what_is_put_together_is_taken_apart_again_and_holds_nothing_else(good):
    parts = read_archive(good)
    again = write_archive(parts, "3.15.0")
    assert read_archive(again) == parts
    assert set(parts_of(again)) == {CONFIG, METADATA, WEIGHTS}


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damaged_bytes_are_taken_apart_or_refused_and_raise_nothing_else(good, data):
    file = bytearray(good)
    spots = st.tuples(st.integers(0, len(file) - 1), st.integers(0, 255))
    for place, value in data.draw(st.lists(spots, min_size=1, max_size=6)):
        file[place] = value
    with contextlib.suppress(UploadedNetworkError):
        read_archive(bytes(file[: data.draw(st.integers(1, len(file)))]))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damaged_weights_are_let_through_or_refused_and_raise_nothing_else(good, data):
    members = parts_of(good)
    weights = bytearray(members[WEIGHTS])
    spots = st.tuples(st.integers(0, 4000), st.integers(0, 255))
    for place, value in data.draw(st.lists(spots, min_size=1, max_size=6)):
        weights[place] = value
    with contextlib.suppress(UploadedNetworkError):
        read_archive(packed(members | {WEIGHTS: bytes(weights)}))
