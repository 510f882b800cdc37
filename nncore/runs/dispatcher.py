"""The way of a run to a worker, and what a server sees to until it is over.

The worker writes the run's end itself. A server writes it where no worker can: its task has failed for good, the
connection to the workers is lost, or the server stops and its workers with it.
"""

from __future__ import annotations

import logging
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from nncore.cluster import worker
from nncore.cluster.engine import START_SECONDS, Engine, EngineError
from nncore.cluster.run_reporter import explain_failure
from nncore.runs.housekeeping import Housekeeper
from nncore.storage.run_record import RunRecord, is_alive, this_server
from nncore.storage.run_status import ACTIVE, Action, next_status
from nncore.storage.run_store import Store, StoreError

DISCONNECTED = "The connection to the workers was lost. The epochs trained so far are kept: continue the run later."
STOPPED = "The server was stopped. The epochs trained so far are kept: press Continue."

AGAIN_SECONDS = 0.5
"""How often the runs of the server's first seconds ask whether the workers are there."""
ROUND_SECONDS = 1.0
"""How often it is looked whether all runs have somebody who sees to them."""
LIFE_SECONDS = 5.0
"""How often this server gives a sign of life for its runs."""
CLOSE_SECONDS = 5.0
"""How long the server's end waits for the round that goes on."""
SILENT_SECONDS = 5.0
"""A scheduler that does not answer for so long has lost what it had."""
GRACE_SECONDS = 5.0
"""A run of this server may be in the database for so long before its task is queued."""


class RunDispatcher:
    """The tasks that this process sees to."""

    def __init__(self, engine: Engine, store: Store, housekeeper: Housekeeper) -> None:
        self._engine, self._store, self._housekeeper = engine, store, housekeeper
        self._lock, self._sending, self._ending = threading.Lock(), threading.Lock(), threading.Lock()
        self._tasks: dict[worker.TrainingTask, Any] = {}
        """Their futures; None for what is still to be sent."""
        self._unsent: list[worker.TrainingTask] = []
        self._ends: list[tuple[worker.TrainingTask, Action, str]] = []
        """To be written: what ended without its worker."""
        self._alive_at = self._silent_since = 0.0
        self._wake, self._closed = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._look_on, name="run-dispatcher", daemon=True)

    def start(self) -> None:
        """Look after the runs every second, in the background."""
        self._thread.start()

    def queue(self, record: RunRecord) -> None:
        """Have a worker train it; at once if the workers are there, else as soon as they are."""
        task = self._task(record)
        with self._lock:
            first = not self._unsent
            self._unsent.append(task)
            self._tasks[task] = None
        if self._engine.started():
            self._send_all()
        elif first:
            threading.Thread(target=self._send_at_start, daemon=True).start()

    def close(self) -> None:
        """The server stops. What ends with it can be continued on the next one."""
        with self._lock:
            for task, future in self._tasks.items():
                if future is None or self._engine.embedded:
                    self._ends.append((task, "lose", STOPPED))
        self._closed.set()
        self._wake.set()
        with suppress(StoreError):
            self._write_ends()
        if self._thread.is_alive():
            self._thread.join(CLOSE_SECONDS)

    def _task(self, record: RunRecord) -> worker.TrainingTask:
        return worker.TrainingTask(record.id, record.attempt, self._store.url)

    def _send_at_start(self) -> None:
        """The scheduler may come up later than this server, and the engine tries again: runs wait for both."""
        patience = time.monotonic() + START_SECONDS
        while not self._closed.is_set() and time.monotonic() < patience:
            try:
                self._engine.client()
            except EngineError:
                time.sleep(AGAIN_SECONDS)
            else:
                break
        self._send_all()

    def _send_all(self) -> None:
        """Hand what is unsent to the engine, in its order."""
        with self._sending:
            while self._unsent:
                task = self._unsent.pop(0)
                try:
                    future = self._engine.submit(worker.run_experiment, task, key=task.key)
                except EngineError as error:
                    self._end(task, "fail", str(error))
                else:
                    self._follow(task, future)

    def _follow(self, task: worker.TrainingTask, future: Any) -> None:
        with self._lock:
            self._tasks[task] = future
        future.add_done_callback(lambda future: self._on_done(task, future))

    def _on_done(self, task: worker.TrainingTask, future: Any) -> None:
        """Its worker has written what came of it, unless there is none any more; runs in a thread of Dask's."""
        error = future.exception() if future.status == "error" else None
        if error is not None:
            self._end(task, "fail", explain_failure(error))
        with self._lock:
            self._tasks.pop(task, None)
        self._housekeeper.tidy_soon()
        self._wake.set()

    def _end(self, task: worker.TrainingTask, action: Action, message: str) -> None:
        with self._lock:
            self._ends.append((task, action, message))
            self._tasks.pop(task, None)
        self._wake.set()

    def _look_on(self) -> None:
        while not self._closed.is_set():
            try:
                self.look_after()
            except StoreError:
                pass  # the next round tries again
            except Exception:  # whatever it is, the other runs still have to be seen to
                logging.getLogger(__name__).exception("a round of looking after runs failed")
            self._wake.wait(ROUND_SECONDS)
            self._wake.clear()

    def look_after(self) -> None:
        """Once: write what ended without its worker, find runs that nobody sees to, give a sign of life, make room."""
        self._write_ends()
        found = self._store.load_followed(())
        orphans = [run for run in found if self._is_orphan(run)]
        if orphans:
            self._see_to(orphans)
        if time.monotonic() - self._alive_at > LIFE_SECONDS and any(run.server == this_server() for run in found):
            self._store.give_sign_of_life()
            self._alive_at = time.monotonic()
        self._housekeeper.tidy()

    def _write_ends(self) -> None:
        with self._ending:
            while self._ends:
                self._write_end(*self._ends[0])
                self._ends.pop(0)

    def _write_end(self, task: worker.TrainingTask, action: Action, message: str) -> None:
        """Unless the worker has, or somebody else; what was to be stopped and is lost is stopped."""
        run = self._store.load(task.run_id)
        ended: dict[str, Any] = {"status": next_status("training", action), "message": message}
        if run is not None and action == "lose" and run.status in ("paused", "cancelled"):
            ended = {"status": run.status, "message": run.message}
        self._store.update(task.run_id, attempt=task.attempt, while_in=ACTIVE, request="", **ended)

    def _is_orphan(self, run: RunRecord) -> bool:
        """Whether it waits or trains, and no server that is alive has its task."""
        if self._task(run) in self._tasks:
            return False
        if run.server != this_server():
            return not is_alive(run.server, run.updated)
        return (datetime.now(UTC) - run.queued).total_seconds() > GRACE_SECONDS

    def _see_to(self, orphans: list[RunRecord]) -> None:
        """Follow those that the workers still have; of the others, this server's own are lost."""
        tasks = {self._task(run): run for run in orphans}
        futures = self._find_tasks([task.key for task in tasks])
        if futures is None:
            return
        for task, run in tasks.items():
            if task.key in futures:
                if run.server == this_server() or self._store.adopt(run):
                    self._follow(task, futures[task.key])
            elif run.server == this_server() and not run.is_trained():
                self._write_end(task, "lose", DISCONNECTED)

    def _find_tasks(self, keys: list[str]) -> dict[str, Any] | None:
        """Only a scheduler elsewhere has tasks that this process did not queue, or lost sight of; None: ask again."""
        if self._engine.embedded or not self._engine.started():
            return {}
        try:
            found = self._engine.follow(keys)
        except (EngineError, OSError):
            self._silent_since = self._silent_since or time.monotonic()
            return None if time.monotonic() - self._silent_since < SILENT_SECONDS else {}
        self._silent_since = 0.0
        return found
