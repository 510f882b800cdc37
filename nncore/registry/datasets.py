"""Any data set by its name: built in, or a visitor's own from the database; and whether a built-in one is at hand.

As `networks.open_network` does for networks. The interactive worker looks for a set in a thread of its own, since a
download takes longer than other visitors' questions should wait.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from functools import lru_cache

from nncore.data import dataset
from nncore.data.dataset import Dataset
from nncore.data.download import DataError
from nncore.data.uploads import read
from nncore.specs.datasets import BUILTIN_DATASETS
from nncore.storage.run_store import StoreError, default_store, open_store

AT_ONCE_SECONDS = 0.15
"""So long does a question wait for a set that is read from this machine's disk."""
AGAIN_SECONDS = 60.0
"""After which a set that could not be had is looked for again, if somebody asks."""


class MissingDataError(StoreError):
    """The pictures that this name stands for cannot be had here; the message is a sentence."""


def open_dataset(name: str, database: str | None = None) -> Dataset:
    """The set `mnist`, `fashion_mnist` or `own-…`, the last from this database, else from this process's own.

    MissingDataError if it cannot be had, StoreError if the database does not answer.
    """
    if name not in BUILTIN_DATASETS:
        return _open_own(name, database)
    try:
        return dataset.built_in(name)
    except DataError as error:
        raise MissingDataError(str(error)) from None


@lru_cache(maxsize=3)
def _open_own(name: str, database: str | None) -> Dataset:
    found = (open_store(database) if database else default_store()).own_sets.load(name)
    if found is None:
        raise MissingDataError(f"The pictures “{name}” are not kept here any more: upload their file again.")
    described, packed = found
    return read.unpack(packed, f"the file {described.name}").shared()


@dataclass(frozen=True)
class DatasetStatus:
    """What this process knows of a built-in set."""

    train: int = 0
    """Training pictures; 0 as long as there are none."""
    test: int = 0
    source: str = ""
    words: str = ""
    """What is being done to get it, or why it cannot be had, as a sentence."""
    looking: bool = False


class _Search:
    """One attempt to get a set, in the background."""

    def __init__(self, name: str) -> None:
        self.sight = DatasetStatus(words=f"{BUILTIN_DATASETS[name].title} is being looked for.", looking=True)
        self.ended = float("inf")
        self.thread = threading.Thread(target=self._run, args=(name,), daemon=True)
        self.thread.start()

    def _run(self, name: str) -> None:
        try:
            found = dataset.built_in(name, lambda sentence: self._show(DatasetStatus(words=sentence, looking=True)))
        except Exception as error:  # said on the page, whatever it is
            self._show(DatasetStatus(words=str(error)))
        else:
            self._show(DatasetStatus(len(found.x_train), len(found.x_test), found.source))
        self.ended = time.monotonic()

    def _show(self, sight: DatasetStatus) -> None:
        self.sight = sight


_searches: dict[str, _Search] = {}
_searching = threading.Lock()


def dataset_status(name: str) -> DatasetStatus:
    """How the search for a built-in set stands; begins it, and begins it anew a minute after one that failed."""
    with _searching:
        search = _searches.get(name)
        failed = search is not None and not search.sight.looking and not search.sight.train
        if search is None or (failed and time.monotonic() - search.ended > AGAIN_SECONDS):
            search = _searches[name] = _Search(name)
    search.thread.join(AT_ONCE_SECONDS)
    return search.sight
