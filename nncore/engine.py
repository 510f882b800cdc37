"""The processes that compute: a Dask cluster with two lanes, `train` for runs and `ask` for quick questions.

Keras is imported there and never here. By default the cluster is embedded: it listens on loopback only, speaks
TLS with certificates made at the start, and has no dashboard. NNCORE_SCHEDULER names a scheduler elsewhere.
"""

from __future__ import annotations

import atexit
import logging
import os
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from nncore import device

if TYPE_CHECKING:
    from nncore import worker

Answer = TypeVar("Answer")

START_SECONDS = 90
"""A cold machine imports TensorFlow in 10 to 30 s in each of the workers."""


class EngineError(RuntimeError):
    """The workers did not answer; the message is a sentence for the page."""


FIRST_PAGE_SECONDS = 2.0
"""So long after the server the cluster may begin, unless somebody asks: the first page goes first."""


class Engine:
    """One cluster and the client of this process. `start` returns at once; `ask` and `submit` wait for it."""

    def __init__(self) -> None:
        self._ready = threading.Event()
        self._hurry = threading.Event()
        self._lock = threading.Lock()
        self._started = self._closing = False
        self._failure: str | None = None
        self._client: Any = None
        self._cluster: Any = None
        self._warm: Any = None
        self._warm_trainers: list[Any] = []
        self.progress = "The workers are starting."
        """What the warm-up does, as a sentence."""

    def start(self, *, after: float = 0.0) -> None:
        """Begin to start the cluster in the background, `after` so many seconds; at once if a later call says so."""
        with self._lock:
            if not self._started:
                self._started = True
                threading.Thread(target=self._run_start, args=(after,), name="engine-start", daemon=True).start()
                atexit.register(self.close)
        if not after:
            self._hurry.set()

    def _run_start(self, after: float) -> None:
        self._hurry.wait(after)
        from nncore import worker  # here, as Dask below: a second of imports that a first page need not wait for

        try:
            self._cluster, self._client = _connect()
            self._client.subscribe_topic(worker.PROGRESS, self._on_progress)
            self._warm = self._client.submit(worker.warm_up_asking, resources={"ask": 1}, pure=False, priority=10)
            for number in range(len(self._cluster.workers) - 1 if self._cluster else 0):
                self._warm_trainers.append(self._submit_warm_up(worker.warm_up_training, number))
        except Exception as error:  # reported on the page by `ask` and `submit`
            if not self._closing:
                logging.getLogger(__name__).exception("the engine did not start")
            self._failure = f"The workers could not be started: {error}"
        self._ready.set()

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
        found: worker.WarmUp = self._outcome(self._warm, 1.0)
        return found

    def ask(self, function: Callable[..., Answer], *arguments: Any, timeout: float = 20.0, **options: Any) -> Answer:
        """`function(*arguments)` in the interactive worker, at once: pictures, predictions, feature maps.

        Raises EngineError if no worker answers within `timeout` seconds (longer while the workers warm up), and
        whatever the function raises.
        """
        client = self.client()
        deadline = timeout + (START_SECONDS if not self._warm.done() else 0)
        future = client.submit(function, *arguments, **options, resources={"ask": 1}, pure=False, priority=5)
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

    def submit(self, function: Callable[..., Answer], *arguments: Any, key: str) -> Any:
        """Queue `function(*arguments)` for a training worker; the Dask future, under this key."""
        return self.client().submit(function, *arguments, resources={"train": 1}, pure=False, key=key)

    def trainers(self) -> list[str]:
        """The addresses of the training workers; as many runs train at once."""
        known = self.client().scheduler_info(n_workers=-1)["workers"]
        return [address for address, found in known.items() if found["resources"].get("train")]

    def stop_run(self, run_id: str) -> None:
        """Raise the run's stop flag in every worker; returns before they have heard it."""
        from nncore import worker

        self.client().run(worker.request_stop, run_id, wait=False, on_error="ignore")

    def close(self) -> None:
        """Stop the cluster; the worker processes end with it."""
        self._closing = True
        for part in (self._client, self._cluster):
            if part is not None:
                part.close(timeout=5)
        self._client = self._cluster = None


@lru_cache(maxsize=1)
def default_engine() -> Engine:
    """The engine of this process."""
    return Engine()


def _connect() -> tuple[Any, Any]:
    """The embedded cluster and its client, or no cluster and a client of NNCORE_SCHEDULER."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # without a GPU, TensorFlow reports that as an error
    os.environ.setdefault("DASK_LOGGING__DISTRIBUTED", "critical")
    from distributed import Client

    address = os.environ.get("NNCORE_SCHEDULER")
    if address:
        return None, Client(address, set_as_default=False, timeout=10)
    cluster = _embedded_cluster()
    return cluster, Client(cluster, set_as_default=False)


def _embedded_cluster() -> Any:
    import dask
    from distributed import Nanny, Scheduler, SpecCluster
    from distributed.security import Security

    # Topics keep their last messages for late listeners; ours carry weights, and nobody comes late. The HTTP
    # servers that come with a scheduler and its workers get nothing to show.
    quiet: dict[str, list[str]] = {"distributed.scheduler.http.routes": [], "distributed.worker.http.routes": []}
    dask.config.set({"distributed.admin.low-level-log-length": 50, **quiet})
    security = Security.temporary()
    common = {"host": "127.0.0.1", "protocol": "tls://", "security": security}
    common |= {"dashboard": False, "dashboard_address": "127.0.0.1:0"}
    gpus = device.gpu_indices()
    slots = [{"CUDA_VISIBLE_DEVICES": index} for index in gpus] or [{}] * max(1, (os.cpu_count() or 2) // 2)
    lanes = {"ask": ({"ask": 1}, {"CUDA_VISIBLE_DEVICES": "-1"})}
    lanes |= {f"train-{number}": ({"train": 1}, environment) for number, environment in enumerate(slots)}
    workers = {
        name: {"cls": Nanny, "options": {**common, "nthreads": 1, "resources": resources, "env": environment}}
        for name, (resources, environment) in lanes.items()
    }
    scheduler = {"cls": Scheduler, "options": common}
    return SpecCluster(workers=workers, scheduler=scheduler, security=security, silence_logs=logging.ERROR)
