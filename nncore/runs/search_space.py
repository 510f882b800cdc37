"""What a search is to look for, where, and how it stands: plain records around Optuna's distributions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution

from nncore.specs.experiment import Experiment
from nncore.specs.settings import HYPERPARAMETERS

MOST_RUNS = 100
MOST_MINUTES = 60.0
RANDOM_TRIALS = 5
"""Drawn at random before Optuna begins to prefer what went well."""

SPACE: dict[str, BaseDistribution] = {
    "units": IntDistribution(8, 256, log=True),
    "activation": CategoricalDistribution(("sigmoid", "tanh", "relu", "leaky_relu")),
    "filters": IntDistribution(4, 32, log=True),
    "kernel_size": IntDistribution(3, 7, step=2),
    "dropout": FloatDistribution(0.0, 0.6, step=0.1),
    "optimizer": CategoricalDistribution(HYPERPARAMETERS["optimizer"].options),
    "learning_rate": FloatDistribution(1e-4, 1.0, log=True),
    "batch_size": IntDistribution(16, 512, log=True),
    "initializer": CategoricalDistribution(("glorot_uniform", "he_normal", "lecun_normal", "random_normal")),
    "scale": CategoricalDistribution((False, True)),
}
"""Where each setting is looked for."""


@dataclass(frozen=True)
class Plan:
    """What to search and for how long: at most `runs` trials and about `minutes`, whichever comes first."""

    base: Experiment
    """With validation digits, by which trials are judged; the test digits stay out of it."""
    settings: tuple[str, ...]
    runs: int = 12
    minutes: float = 5.0
    seed: int = 1

    def __post_init__(self) -> None:
        unknown = [name for name in self.settings if name not in SPACE or HYPERPARAMETERS[name].get(self.base) is None]
        if unknown or not self.settings:
            raise ValueError(f"settings: expected some that this network has, received {unknown or 'none'}")
        if not (1 <= self.runs <= MOST_RUNS and 0 < self.minutes <= MOST_MINUTES):
            raise ValueError(f"expected 1 to {MOST_RUNS} runs and up to {MOST_MINUTES:.0f} minutes")
        if self.base.training.validation_split <= 0:
            raise ValueError("validation_split: expected a share above 0, since validation digits judge the trials")


@dataclass(frozen=True)
class Trial:
    """One run of a search."""

    number: int
    """From 1."""
    run_id: str
    settings: dict[str, Any]
    accuracy: float | None = None
    """On the validation digits after the last epoch, 0 to 1; None while it trains, and if it came to nothing."""
    test_accuracy: float | None = None
    over: bool = False


@dataclass(frozen=True)
class SearchProgress:
    """A search as it stands."""

    plan: Plan
    trials: tuple[Trial, ...]
    running: bool
    message: str
    seconds: float
    importance: dict[str, float] = field(default_factory=dict)
    """Share of each setting in the differences of accuracy, together 1; empty before there are enough trials."""

    @property
    def tested(self) -> list[Trial]:
        """Trials with an accuracy."""
        return [trial for trial in self.trials if trial.accuracy is not None]

    @property
    def best(self) -> Trial | None:
        """Of the highest validation accuracy, the earliest of equals."""
        return max(self.tested, key=lambda trial: trial.accuracy or 0.0, default=None)
