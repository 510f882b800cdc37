"""What the coach knows of a run, and what it says: the words between the rules of `coach` and a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nncore.networks.evaluation import LayerHealth
from nncore.specs.experiment import Experiment

ALL_PICTURES = 60_000
"""Of MNIST, and of its likes, to train on."""


@dataclass(frozen=True)
class Measurements:
    """What there is to know of a run besides its history."""

    health: Sequence[LayerHealth] = ()
    """Of the hidden dense layers and the convolutions, on the test digits."""
    test_accuracy: float | None = None
    updates: Mapping[str, float] = field(default_factory=dict)
    """How much each layer's weights changed in the last epoch, as a share of their length."""
    train_pictures: int = ALL_PICTURES
    """How many the run's set has to train on."""
    things: str = "digits"
    """What the pictures show, in the plural."""


@dataclass(frozen=True)
class Advice:
    """One finding."""

    rule: str
    title: str
    evidence: str
    """The measured numbers, in a sentence."""
    cause: str
    change: str
    """What to do, for a button."""
    values: dict[str, Any]
    """The same as values of the training pages' widgets, by key."""


History = Mapping[str, Sequence[float]]
Rule = Callable[[Experiment, History, Measurements], Advice | None]
