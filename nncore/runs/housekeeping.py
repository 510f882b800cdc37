"""Room in the database of runs: what no page shows any more makes way for what comes."""

from __future__ import annotations

import logging
import os
import time

from nncore.storage.run_store import Store, StoreError

SHOWN_EVERY_SECONDS = 60.0
DEFAULT_STORE_MB = 2000
"""Unless NNCORE_STORE_MB says otherwise."""


class Housekeeper:
    """What one process knows of the runs that its pages show."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._shown: set[str] = set()
        self._done_at = time.monotonic()
        self._limit = int(float(os.environ.get("NNCORE_STORE_MB") or DEFAULT_STORE_MB) * 1e6)

    def note_shown(self, run_id: str) -> None:
        """A page shows this run: it is not to be removed."""
        self._shown.add(run_id)

    def tidy_soon(self) -> None:
        """A run is over, which takes room: the next `tidy` is not to wait."""
        self._done_at = -SHOWN_EVERY_SECONDS

    def tidy(self) -> None:
        """Say what was shown, and remove old runs where room is short; at most once a minute."""
        if time.monotonic() - self._done_at < SHOWN_EVERY_SECONDS:
            return
        shown, self._shown, self._done_at = self._shown, set(), time.monotonic()
        try:
            if shown:
                self._store.note_shown(shown)
            removed = self._store.trim(self._limit)
        except StoreError as error:
            logging.getLogger(__name__).warning("%s", error)
            return
        if removed:
            logging.getLogger(__name__).warning("removed %d old runs to make room", len(removed))
