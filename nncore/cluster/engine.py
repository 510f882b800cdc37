"""The processes that compute: a Dask cluster with two lanes, `train` for runs and `ask` for quick questions.

Keras is imported there and never here. `cluster` says where the processes are; a cluster elsewhere may go and come
again, so one thread watches it and connects anew.
"""

from __future__ import annotations

import atexit
import logging
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import CancelledError
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from nncore.cluster import worker

Answer = TypeVar("Answer")

START_SECONDS = 90
"""A cold machine imports TensorFlow in 10 to 30 s in each of the workers."""


class EngineError(RuntimeError):
    """The workers did not answer; the message is a sentence for the page."""


FIRST_PAGE_SECONDS = 3.0
"""So long after the server the cluster may begin, unless somebody asks: the first page goes first."""


WATCH_SECONDS = 2.0
"""How often a cluster elsewhere is looked at, and how long the next try to reach it waits."""


class Engine:
    """One cluster and the client of this process. `start` returns at once; `ask` and `submit` wait for it."""

    def __init__(self) -> None:
        self._ready = threading.Event()
        self._hurry = threading.Event()
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._started = False
        self._failure: str | None = None
        self._client: Any = None
        self._cluster: Any = None
        self._warm: Any = None
        self._warm_trainers: list[Any] = []
        self._lanes = 1
        self.progress = "The workers are starting."
        """What the warm-up does, as a sentence."""

    def start(self, *, after: float = 0.0) -> None:
        """Begin to start the cluster in the background, `after` so many seconds; at once if a later call says so."""
        with self._lock:
            if not self._started:
                self._started = True
                threading.Thread(target=self._run, args=(after,), name="engine", daemon=True).start()
                atexit.register(self.close)
        if not after:
            self._hurry.set()

    def _run(self, after: float) -> None:
        """Connect, and again whenever the connection is lost. An embedded cluster is not: it lives in this process."""
        self._hurry.wait(after)
        while not self._closing.is_set():
            try:
                self._connect()
                self._failure = None
            except Exception as error:  # reported on the page by `ask` and `submit`
                if not self._closing.is_set():
                    logging.getLogger(__name__).exception("the engine did not start")
                self._failure = f"The workers cannot be reached: {error}. This is tried again every few seconds."
            self._ready.set()
            if self._cluster is not None:
                return
            while self._failure is None and self._client.status == "running" and not self._closing.is_set():
                self._lanes = len(self.trainers())
                self._closing.wait(WATCH_SECONDS)
            self._closing.wait(WATCH_SECONDS)

    def _connect(self) -> None:
        # Here, as Dask there: a second of imports that a first page need not wait for.
        from nncore.cluster import connect, fail_fast, worker

        if self._client is not None:  # the one that lost its scheduler
            self._client.close(timeout=1)
        self._cluster, self._client = connect.connect()
        self._client.register_plugin(fail_fast.NoRetryPlugin(), name="asked once")
        self._client.subscribe_topic(worker.PROGRESS, self._on_progress)
        self._warm = self._client.submit(worker.warm_up_asking, resources={"ask": 1}, pure=False, priority=10)
        self._lanes = len(self.trainers())
        for number in range(self._lanes if self._cluster else 0):
            self._warm_trainers.append(self._submit_warm_up(worker.warm_up_training, number))

    def _submit_warm_up(self, function: Callable[[], str], number: int) -> Any:
        return self._client.submit(
            function, resources={"train": 1}, workers=[f"train-{number}"], pure=False, priority=10
        )

    def _on_progress(self, event: tuple[float, Any]) -> None:
        self.progress = str(event[1])

    def client(self, timeout: float = START_SECONDS) -> Any:
        """The Dask client, once there is one; EngineError if the cluster did not start."""
        self.start()
        if not self._ready.wait(timeout):
            raise EngineError("The workers are still starting: try again in a few seconds.")
        if self._failure:
            raise EngineError(self._failure)
        if self._client.status != "running":
            raise EngineError("The connection to the workers is lost. This is tried again every few seconds.")
        return self._client

    def started(self) -> bool:
        """Whether the cluster is up, or has failed to come up; `client` then returns or raises at once."""
        return self._ready.is_set()

    def warmed_up(self) -> worker.WarmUp | None:
        """What the warm-up found, or None while it goes on; EngineError if it failed."""
        self.start(after=FIRST_PAGE_SECONDS)
        if not self._ready.is_set():
            return None
        self.client()
        if not self._warm.done():
            return None
        found: worker.WarmUp = self._outcome(self._warm, 10.0)
        return found

    def ask(self, function: Callable[..., Answer], *arguments: Any, timeout: float = 20.0, **options: Any) -> Answer:
        """`function(*arguments)` in the interactive worker, at once: pictures, predictions, feature maps.

        Raises EngineError if no worker answers within `timeout` seconds (longer while the workers warm up), and
        whatever the function raises.
        """
        from nncore.cluster import fail_fast

        client = self.client()
        deadline = timeout + (START_SECONDS if not self._warm.done() else 0)
        named = {"key": fail_fast.new_key(), "resources": {"ask": 1}, "pure": False, "priority": 5}
        future = client.submit(function, *arguments, **options, **named)
        try:
            answer: Answer = self._outcome(future, deadline)
            return answer
        finally:
            future.release()

    def _outcome(self, future: Any, timeout: float) -> Any:
        """The answer, or the function's own error, or in words why neither came."""
        from distributed import KilledWorker

        try:
            return future.result(timeout)
        except TimeoutError:
            if future.status == "error":  # the function's own
                raise
            future.cancel()
            raise EngineError(f"The worker did not answer within {timeout:.0f} seconds: try again.") from None
        except (KilledWorker, CancelledError):
            raise EngineError("The worker stopped while it computed and is being restarted: try again.") from None

    def submit(self, function: Callable[..., Answer], *arguments: Any, key: str, priority: int = 0) -> Any:
        """Queue `function(*arguments)` for a training worker; the Dask future, under this key. Runs have priority 0.

        First come, first served: Dask takes what comes within its `fifo_timeout` as equally urgent, in any order. On a
        scheduler elsewhere the task is done also if this process ends.
        """
        from distributed import fire_and_forget

        future = self.client().submit(
            function, *arguments, resources={"train": 1}, pure=False, key=key, priority=priority, fifo_timeout="0 ms"
        )
        fire_and_forget(future)
        return future

    @property
    def embedded(self) -> bool:
        """Whether the workers end with this process."""
        return self._cluster is not None

    def follow(self, keys: Iterable[str]) -> dict[str, Any]:
        """Futures of those tasks among `keys`, queued by any process, that the scheduler still has."""
        from distributed import Future

        client, wanted = self.client(), list(keys)
        return {key: Future(key, client) for key in client.run_on_scheduler(_known_tasks, wanted)}

    def trainers(self) -> list[str]:
        """The addresses of the training workers; as many runs train at once. Not to be asked with a lock held."""
        known = self._client.scheduler_info(n_workers=-1).get("workers", {})  # none while the connection is being lost
        return [address for address, found in known.items() if found["resources"].get("train")]

    def lanes(self) -> int:
        """How many runs train at once; 0 where the cluster has no training worker yet."""
        return self._lanes

    def close(self) -> None:
        """Stop the cluster; the worker processes end with it."""
        self._closing.set()
        for part in (self._client, self._cluster):
            if part is not None:
                with suppress(TimeoutError):  # a busy machine: the worker processes end with this one at the latest
                    part.close(timeout=10)


def _known_tasks(keys: list[str], dask_scheduler: Any = None) -> list[str]:
    return [key for key in keys if key in dask_scheduler.tasks]


@lru_cache(maxsize=1)
def default_engine() -> Engine:
    """The engine of this process."""
    return Engine()
