"""Training workers that are acted: they move when they are told to, so that a training stops exactly between two steps.

What they say of a run goes through the reporter that real workers have, into a real store. Epoch n has the loss n: a
history that is not 1, 2, 3, ... has lost or doubled one.
"""

import contextlib

import numpy as np

from nncore.cluster import run_reporter, worker
from nncore.cluster.run_reporter import RunReporter
from nncore.runs import run_cache
from nncore.runs.service import RunService
from nncore.specs.presets import preset
from nncore.storage.run_store import StoreError
from nncore.training.checkpoint import Backup
from nncore.training.events import BatchEnd, EpochEnd, TrainBegin
from nncore.training.train import TrainResult

BATCHES = 10
KERNEL = np.arange(6, dtype=np.float16).reshape(2, 3)


class ActedWorker:
    """A process that trains one attempt at a run, from its backup on."""

    def __init__(self, store, task, name):
        """`name` is that of the process; `working` is False if there is nothing to train."""
        self.store, self.name, self.result, self.silent = store, name, None, False
        with patched(run_reporter, this_server=lambda: name):
            self.reporter = RunReporter(store, task.run_id, task.attempt)
        self.run = self.reporter.begin()
        self.working = self.run is not None
        if self.working:
            backup = self.reporter.backup
            self.history = list(backup.history["loss"]) if backup else []
            losses = {"loss": self.history, "accuracy": self.history}
            self.hear(TrainBegin(self.epochs, BATCHES, "acted", len(self.history), losses if backup else {}))
            if len(self.history) >= self.run.last_epoch:
                self.end(stopped=False)

    @property
    def epochs(self):
        return self.run.experiment.training.epochs

    def hear(self, event):
        self.reporter.hear(event)
        self.write()

    def write(self):
        """As the reporter's thread does, unless the database is silent."""
        with contextlib.suppress(StoreError), self.database():
            self.reporter.write()

    def look(self):
        """Half an epoch on it looks whether it is to stop; whether it does."""
        self.hear(BatchEnd(len(self.history) + 1, BATCHES // 2, BATCHES, 0.5, 0.5))
        if self.reporter.should_stop():
            self.end(stopped=True)
        return not self.working

    def step(self):
        """One epoch, or a stop; or once more to the database with an end that it did not take."""
        if self.result is not None:
            return self.let_go()
        if self.look():
            return None
        done = float(len(self.history) + 1)
        self.history.append(done)
        self.reporter.keep(Backup(len(self.history), self.losses(), b"files"))
        self.hear(EpochEnd(len(self.history), self.epochs, done, done, None, None, 0.1, {"dense_1": 0.5}, KERNEL))
        return self.end(stopped=False) if done >= self.run.last_epoch else None

    def losses(self):
        return {"loss": list(self.history), "accuracy": list(self.history)}

    def end(self, *, stopped):
        whole = not stopped and len(self.history) >= self.epochs
        right, wrong = (0.9, 1) if whole else (None, None)
        self.result = TrainResult(
            self.losses(), right, right, wrong, 10, 0.1, stopped, False, b"weights", "acted", {"acted": "1"}
        )
        self.let_go()

    def let_go(self):
        with contextlib.suppress(StoreError), self.database(), patched(run_reporter, PATIENCE_SECONDS=0.0):
            self.reporter.end(self.result)
            self.working = False

    @contextlib.contextmanager
    def database(self):
        """The database, which does not answer a worker that is `silent`."""

        def fail(*arguments, **options):
            raise StoreError("The database of runs could not be written: it is acted to be silent.")

        with patched(self.store.reports, write=fail) if self.silent else contextlib.nullcontext():
            yield


class ActedFuture:
    """Of a task in the queue of ActedEngine."""

    def __init__(self, task):
        self.task, self.status, self.error, self.callbacks = task, "pending", None, []

    def add_done_callback(self, callback):
        self.callbacks.append(callback)

    def exception(self):
        return self.error

    def over(self, status="finished", error=None):
        self.status, self.error = status, error
        for callback in self.callbacks:
            callback(self)


class ActedEngine:
    """As `Engine` with `lanes` training workers."""

    def __init__(self, store, *, name="engine", lanes=1, embedded=True):
        self.store, self.name, self.embedded = store, name, embedded
        self.queue, self.workers = [], {}
        self.count, self._lanes = 0, lanes

    def started(self):
        return True

    def client(self):
        return self

    def lanes(self):
        return self._lanes

    def submit(self, function, task, *, key):
        assert function is worker.run_experiment
        assert key == task.key
        self.queue.append(ActedFuture(task))
        return self.queue[-1]

    def follow(self, keys):
        return {future.task.key: future for future in (*self.workers, *self.queue) if future.task.key in keys}

    def begin(self):
        """Free workers take what is next."""
        while len(self.workers) < self._lanes and self.queue:
            future, self.count = self.queue.pop(0), self.count + 1
            self.workers[future] = ActedWorker(self.store, future.task, f"{self.name}/worker/{self.count}")
            self.clear()

    def clear(self):
        for future, process in list(self.workers.items()):
            if not process.working:
                del self.workers[future]
                future.over()

    def train(self, epochs=1, *, silent=False):
        """So many epochs in every worker; what is `silent` cannot write."""
        self.begin()
        for process in self.workers.values():
            for _ in range(epochs):
                process.silent = silent
                if process.working:
                    process.step()
        self.clear()

    def look(self):
        """Every worker gets to its next look at what it is asked for."""
        for process in self.workers.values():
            process.look()
        self.clear()

    def fail(self, error):
        """The tasks of all workers end with this error, and Dask does not try them again."""
        for future in list(self.workers):
            del self.workers[future]
            future.over("error", error)

    def lose(self):
        """The scheduler and its workers are gone, with all that they had."""
        futures, self.queue, self.workers = [*self.workers, *self.queue], [], {}
        for future in futures:
            future.over("cancelled")

    def kill(self):
        """`kill -9` of the workers, which are returned: Dask has their tasks done again before all others."""
        lost = list(self.workers.values())
        self.queue = [*self.workers, *self.queue]
        self.workers = {}
        return lost


@contextlib.contextmanager
def patched(thing, **values):
    """These attributes, for a while."""
    before = {name: getattr(thing, name) for name in values}
    try:
        for name, value in values.items():
            setattr(thing, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(thing, name, value)


@contextlib.contextmanager
def acted_service(store, **options):
    """A server's runs on acted workers, and those: what is in the database is seen at once."""
    engine = ActedEngine(store, **options)
    with patched(run_cache, READ_SECONDS=0.0, KERNEL_SECONDS=0.0):
        jobs = RunService(engine, store, background=False)
        try:
            yield jobs, engine
        finally:
            jobs.close()


def with_training(name="model1", **settings):
    """A preset with other settings of its training."""
    experiment = preset(name)
    spec = experiment.training.model_copy(update={"epochs": 5, **settings})
    return experiment.model_copy(update={"training": spec})
