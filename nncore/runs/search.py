"""A search over chosen settings: Optuna proposes, the ordinary queue of runs trains, validation digits decide.

Each trial is a run like any other, with its owner and nickname; the study lives in memory, one an owner. Optuna's
proposals are those of the tree-structured Parzen estimator (Bergstra and others, 2011), after some drawn at random.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Protocol

import optuna
from optuna.trial import TrialState
from pydantic import ValidationError

from nncore.cluster.engine import EngineError
from nncore.runs.search_space import RANDOM_TRIALS, SPACE, Plan, SearchProgress, Trial
from nncore.runs.service import BusyError, RefusedError, default_runs
from nncore.runs.snapshot import Snapshot
from nncore.specs.experiment import Experiment, explain
from nncore.specs.settings import vary
from nncore.storage.run_store import StoreError

LEAST_FOR_IMPORTANCE = 4


class RunsQueue(Protocol):
    """What a search needs of `jobs.RunService`."""

    def submit(self, experiment: Experiment, *, owner: str = "", nickname: str = "", replace: bool = False) -> str:
        """Queue it; the run's id."""

    def snapshot(self, run_id: str) -> Snapshot | None:
        """The run as it stands."""

    def cancel(self, run_id: str, owner: str = "") -> None:
        """End it."""


class Search:
    """One search; `run` works it off in the caller's thread."""

    def __init__(self, plan: Plan, jobs: RunsQueue, *, owner: str = "", nickname: str = "", poll: float = 0.25) -> None:
        self.plan = plan
        self._jobs, self._owner, self._nickname, self._poll = jobs, owner, nickname, poll
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        sampler = optuna.samplers.TPESampler(seed=plan.seed, n_startup_trials=RANDOM_TRIALS)
        self._study = optuna.create_study(direction="maximize", sampler=sampler)
        self._lock, self._stop = threading.Lock(), threading.Event()
        self._trials: list[Trial] = []
        self._importance: dict[str, float] = {}
        self._running, self._message, self._began = True, "", time.monotonic()
        self._seconds: float | None = None

    def stop(self) -> None:
        """End it and cancel the trial that trains; returns at once."""
        self._stop.set()

    @property
    def running(self) -> bool:
        """Whether trials still go on."""
        return self._running

    def progress(self) -> SearchProgress:
        """The search as it stands."""
        with self._lock:
            seconds = time.monotonic() - self._began if self._seconds is None else self._seconds
            return SearchProgress(
                self.plan, tuple(self._trials), self._running, self._message, seconds, dict(self._importance)
            )

    def run(self) -> None:
        """Trial after trial until the budget is used, `stop` is called or the queue refuses."""
        words = ""
        try:
            while len(self._trials) < self.plan.runs and not self._over():
                self._try_once()
            words = "Stopped." if self._stop.is_set() else ""
        except (EngineError, StoreError, RefusedError, ValueError) as error:
            words = str(error)
        except Exception:  # the thread ends with it; the page has to know
            logging.getLogger(__name__).exception("a search failed")
            words = "The search ended by a fault of this program; its runs are kept."
        finally:
            with self._lock:
                self._running, self._message = False, words
                self._seconds = time.monotonic() - self._began

    def _over(self) -> bool:
        return self._stop.is_set() or time.monotonic() - self._began > 60 * self.plan.minutes

    def _try_once(self) -> None:
        proposed = self._study.ask({name: SPACE[name] for name in self.plan.settings})
        settings = dict(proposed.params)
        try:
            experiment = vary(self.plan.base, settings)
        except ValidationError as error:
            raise ValueError(explain(error)[0]) from None
        run_id = self._submit(experiment)
        if run_id is None:
            self._study.tell(proposed, state=TrialState.FAIL)
            return
        trial = Trial(len(self._trials) + 1, run_id, settings)
        with self._lock:
            self._trials.append(trial)
        run = self._follow(run_id)
        accuracy = _validation_accuracy(run)
        if accuracy is None:
            self._study.tell(proposed, state=TrialState.FAIL)
        else:
            self._study.tell(proposed, accuracy)
        importance = self._measure_importance()
        with self._lock:
            tested = run.test_accuracy if run else None
            self._trials[-1] = Trial(trial.number, run_id, settings, accuracy, tested, over=True)
            self._importance = importance

    def _submit(self, experiment: Experiment) -> str | None:
        """Queue it as soon as the owner's last run is over; None if the search ended while it waited."""
        while not self._over():
            try:
                return self._jobs.submit(experiment, owner=self._owner, nickname=self._nickname)
            except BusyError:
                with self._lock:
                    self._message = "Waits until your other run is over."
                self._stop.wait(self._poll)
        return None

    def _follow(self, run_id: str) -> Snapshot | None:
        """The run when it is at rest; cancelled when the search is stopped or out of time."""
        with self._lock:
            self._message = ""
        cancelled = False
        while True:
            run = self._jobs.snapshot(run_id)
            if run is None or not run.active:
                return run
            if self._over() and not cancelled:
                self._jobs.cancel(run_id, self._owner)
                cancelled = True
            time.sleep(self._poll)

    def _measure_importance(self) -> dict[str, float]:
        """By functional ANOVA over a random forest (Hutter and others, 2014), as Optuna computes it."""
        told = [trial for trial in self._study.trials if trial.state == TrialState.COMPLETE]
        values = {trial.value for trial in told}
        if len(told) < LEAST_FOR_IMPORTANCE or len(values) < 2 or len(self.plan.settings) < 2:
            return {}
        evaluator = optuna.importance.FanovaImportanceEvaluator(seed=self.plan.seed)
        found = optuna.importance.get_param_importances(self._study, evaluator=evaluator)
        return {name: float(share) for name, share in found.items() if math.isfinite(share)}


def _validation_accuracy(run: Snapshot | None) -> float | None:
    """After the last epoch of a finished run; None for another, and where the training diverged."""
    if run is None or run.status != "finished":
        return None
    accuracies, losses = run.history.get("val_accuracy", []), run.history.get("val_loss", [])
    if not accuracies or not all(map(math.isfinite, (accuracies[-1], *losses[-1:]))):
        return None
    return accuracies[-1]


class Searches:
    """The searches of this process, one an owner."""

    def __init__(self, jobs: Callable[[], RunsQueue]) -> None:
        self._jobs, self._lock = jobs, threading.Lock()
        self._known: dict[str, Search] = {}

    def start(self, plan: Plan, *, owner: str, nickname: str = "") -> Search:
        """Begin in the background; RefusedError if this owner's last search goes on."""
        with self._lock:
            last = self._known.get(owner)
            if last is not None and last.running:
                raise RefusedError("You have a search that is not over yet: stop it first.")
            search = Search(plan, self._jobs(), owner=owner, nickname=nickname)
            self._known[owner] = search
        threading.Thread(target=search.run, name="search", daemon=True).start()
        return search

    def of(self, owner: str) -> Search | None:
        """The owner's last search, or None."""
        return self._known.get(owner)


@lru_cache(maxsize=1)
def default_searches() -> Searches:
    """The searches of this process, on its jobs."""
    return Searches(default_runs)
