"""Any data set by its name, built in or uploaded, and whether a built-in one is available.

The interactive worker fetches a set in a separate thread, since a download takes longer than other visitors' questions
should wait. `registry.networks` does the same for networks.
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
"""How long a question waits for a set, which is enough to read it from this machine's disk."""
AGAIN_SECONDS = 60.0
"""How long after a failure a set is fetched again, if somebody asks for it."""


class MissingDataError(StoreError):
    """The data set with this name is not available here; the message is a sentence for the visitor."""


def open_dataset(name: str, database: str | None = None) -> Dataset:
    """Open the set `mnist`, `fashion_mnist`, or an uploaded one, `own-…`.

    An uploaded set comes from the database with this URL, or without one, from this process's own. Raises
    MissingDataError if the set is not available and StoreError if the database does not answer.
    """
    if name not in BUILTIN_DATASETS:
        return _open_uploaded(name, database)
    try:
        return dataset.built_in(name)
    except DataError as error:
        raise MissingDataError(str(error)) from None


@lru_cache(maxsize=3)
def _open_uploaded(name: str, database: str | None) -> Dataset:
    found = (open_store(database) if database else default_store()).own_sets.load(name)
    if found is None:
        raise MissingDataError(f"The pictures “{name}” are not kept here any more: upload their file again.")
    described, packed = found
    return read.unpack(packed, f"the file {described.name}").shared()


@dataclass(frozen=True)
class DatasetStatus:
    """Whether this process has a built-in set, or is fetching it."""

    train: int = 0
    """How many training images it has; 0 until it is available."""
    test: int = 0
    """How many test images it has."""
    source: str = ""
    """Where it came from, in words."""
    words: str = ""
    """A sentence that says how it is being fetched, or why it is not available."""
    looking: bool = False
    """Whether it is being fetched."""


class _Search:
    """One attempt to fetch a set, in a background thread."""

    def __init__(self, name: str) -> None:
        self.status = DatasetStatus(words=f"{BUILTIN_DATASETS[name].title} is being looked for.", looking=True)
        self.ended = float("inf")
        self.thread = threading.Thread(target=self._run, args=(name,), daemon=True)
        self.thread.start()

    def _run(self, name: str) -> None:
        try:
            found = dataset.built_in(name, lambda sentence: self._show(DatasetStatus(words=sentence, looking=True)))
        except Exception as error:  # the page shows any error
            self._show(DatasetStatus(words=str(error)))
        else:
            self._show(DatasetStatus(len(found.x_train), len(found.x_test), found.source))
        self.ended = time.monotonic()

    def _show(self, status: DatasetStatus) -> None:
        self.status = status


_searches: dict[str, _Search] = {}
_searching = threading.Lock()


def dataset_status(name: str) -> DatasetStatus:
    """Return the status of a built-in set, and start fetching it if nobody has.

    A fetch that failed is repeated at the first call more than AGAIN_SECONDS later.
    """
    with _searching:
        search = _searches.get(name)
        failed = search is not None and not search.status.looking and not search.status.train
        if search is None or (failed and time.monotonic() - search.ended > AGAIN_SECONDS):
            search = _searches[name] = _Search(name)
    search.thread.join(AT_ONCE_SECONDS)
    return search.status
