"""Epochs timed on a training worker, when no run wants it, one at a time for the whole server."""

from __future__ import annotations

import threading
from concurrent.futures import CancelledError
from functools import lru_cache
from typing import Any
from uuid import uuid4

from nncore.cluster.engine import Engine, EngineError, default_engine
from nncore.training import device, epoch_timing

AFTER_RUNS, BEFORE_RUNS = -10, 10
"""Dask's priorities: a timing waits for all runs that are queued, a question of an instant goes before them."""


class OccupiedError(RuntimeError):
    """Somebody's epoch is being timed; the message is a sentence for the page."""


class Stopwatch:
    """The timings of this process on its engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._lock = engine, threading.Lock()
        self._timed: Any = None
        self._asked: Any = None

    def device(self) -> device.Device | None:
        """What a training worker computes on; None until one has had a moment to say so.

        EngineError if it cannot be asked.
        """
        with self._lock:
            if self._asked is None or self._asked.status in ("cancelled", "lost", "error"):
                key = f"device-{uuid4().hex}"
                self._asked = self._engine.submit(device.prepare, key=key, priority=BEFORE_RUNS)
            asked = self._asked
        return outcome(asked) if asked.done() else None

    def begin(self, pictures: int, *, on_cpu: bool, epochs: int = 1) -> Any:
        """Queue `timing.time_epoch`; a future for `outcome`. OccupiedError while another one is not done."""
        with self._lock:
            if self._timed is not None and not self._timed.done():
                raise OccupiedError("An epoch is being timed for somebody else: two at once would disturb each other.")
            key = f"timing-{uuid4().hex}"
            self._timed = self._engine.submit(_time, pictures, on_cpu, epochs, key=key, priority=AFTER_RUNS)
            return self._timed

    def drop(self, future: Any) -> None:
        """Take a timing that still waits out of the queue; one that runs is left to end."""
        with self._lock:
            if future is self._timed and not future.done():
                future.cancel()


def outcome(future: Any) -> Any:
    """What a future that is done came to; EngineError with the reason where there is none."""
    from distributed import KilledWorker

    try:
        return future.result(1.0)
    except (KilledWorker, CancelledError):
        raise EngineError("The worker stopped before it had an answer: try again.") from None
    except Exception as error:  # of whatever kind the framework's is: a page says it
        raise EngineError(f"The worker could not do it: {error}.") from None


def _time(pictures: int, on_cpu: bool, epochs: int) -> epoch_timing.Timing:
    return epoch_timing.time_epoch(pictures, on_cpu=on_cpu, epochs=epochs)


@lru_cache(maxsize=1)
def default_stopwatch() -> Stopwatch:
    """The stopwatch of this process."""
    return Stopwatch(default_engine())
