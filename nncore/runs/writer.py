"""The thread that takes what has changed to the store, and brings what other servers have written there.

Neither a page nor the events of a training wait for a disk: they change a run in memory, and this writes it down.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable

from nncore.runs.active_run import LiveRun
from nncore.storage.run_record import RunRecord, this_server
from nncore.storage.run_store import Store, StoreError

WRITE_SECONDS = 1.0
HEARTBEAT_SECONDS = 5.0
SHOWN_EVERY_SECONDS = 60.0
KEPT_IN_MEMORY = 64
"""Runs that are over and written; older ones are read from the store."""

DEFAULT_STORE_MB = 2000
"""Unless NNCORE_STORE_MB says otherwise."""


class Ledger:
    """The live runs of one process, and their way to and from the store. `lock` guards all of them."""

    def __init__(self, store: Store, on_request: Callable[[LiveRun, str], None]) -> None:
        self.lock = threading.RLock()
        self.runs: dict[str, LiveRun] = {}
        self.elsewhere: list[RunRecord] = []
        """Runs that wait or train on other servers."""
        self._store, self._on_request = store, on_request
        self._wake = threading.Event()
        self._closed = threading.Event()
        self._shown: set[str] = set()
        self._shown_at = time.monotonic()
        self._limit = int(float(os.environ.get("NNCORE_STORE_MB") or DEFAULT_STORE_MB) * 1e6)
        self._thread = threading.Thread(target=self._keep_writing, name="run-writer", daemon=True)
        self._thread.start()

    def write_soon(self) -> None:
        """Something has changed that should not wait for the next round."""
        self._wake.set()

    def note_shown(self, run_id: str) -> None:
        """A page shows this run: it is not to be removed."""
        self._shown.add(run_id)

    def close(self) -> None:
        """Write what is unwritten, and end."""
        self._closed.set()
        self._wake.set()
        self._thread.join(WRITE_SECONDS * 5)

    def _keep_writing(self) -> None:
        last = False
        while not last:
            last = self._closed.is_set()  # looked at before the round: a change during the one before is not lost
            self._wake.wait(0.0 if last else WRITE_SECONDS)
            self._wake.clear()
            try:
                self._write_round()
            except Exception:  # whatever it is, later runs still have to be written
                logging.getLogger(__name__).exception("a round of writing runs failed")

    def _write_round(self) -> None:
        now = time.monotonic()
        with self.lock:
            due = [run for run in self.runs.values() if run.dirty or (run.active and _is_quiet(run, now))]
            active = any(run.active for run in self.runs.values())
        for run in due:
            self._write(run)
        if active:
            self._look_around()
        if any(not run.active for run in due) or now - self._shown_at > SHOWN_EVERY_SECONDS:
            self._make_room()
        with self.lock:
            over = [run.run_id for run in self.runs.values() if not run.active and not run.dirty]
            for run_id in over[:-KEPT_IN_MEMORY]:
                del self.runs[run_id]

    def _write(self, run: LiveRun) -> None:
        with self.lock:
            fields, packed = run.fields(), run.packed
            run.dirty, run.written = False, time.monotonic()
        try:
            self._store.update(run.run_id, attempt=run.record.attempt, weights=packed, **fields)
        except StoreError as error:
            with self.lock:
                run.dirty = True  # the next round tries again
                run.unsaved = f"{error} The run is kept in memory as long as the server runs."
            time.sleep(0.2)
        else:
            with self.lock:
                run.unsaved = ""
                if run.packed is packed:  # else the result came while the history was written
                    run.packed = None

    def _look_around(self) -> None:
        """What other servers' runs do, and what their pages ask of ours."""
        try:
            found = self._store.load_active()
        except StoreError:
            return  # said by `_write`
        with self.lock:
            self.elsewhere = [record for record in found if record.server != this_server()]
            for record in found:
                run = self.runs.get(record.id)
                if record.request and run is not None and run.record.attempt == record.attempt and run.active:
                    self._on_request(run, record.request)

    def _make_room(self) -> None:
        shown, self._shown, self._shown_at = self._shown, set(), time.monotonic()
        try:
            if shown:
                self._store.note_shown(shown)
            removed = self._store.trim(self._limit)
        except StoreError as error:
            logging.getLogger(__name__).warning("%s", error)
            return
        if removed:
            logging.getLogger(__name__).warning("removed %d old runs to make room", len(removed))


def _is_quiet(run: LiveRun, now: float) -> bool:
    return now - run.written > HEARTBEAT_SECONDS
