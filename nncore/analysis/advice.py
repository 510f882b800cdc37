"""The coach's input and output: the measurements of a run that its rules read, and the advice that a page shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nncore.networks.evaluation import LayerHealth
from nncore.specs.experiment import Experiment

ALL_PICTURES = 60_000
"""How many training images MNIST and similar sets have."""


@dataclass(frozen=True)
class Measurements:
    """What is known about a run besides its history."""

    health: Sequence[LayerHealth] = ()
    """The state of each hidden dense layer and each convolution, on the test digits."""
    test_accuracy: float | None = None
    """The accuracy on the test digits, 0 to 1, or None before the test."""
    updates: Mapping[str, float] = field(default_factory=dict)
    """The length of each layer's weight change in the last epoch, divided by the length of its weights."""
    train_pictures: int = ALL_PICTURES
    """How many training images the run's data set has."""
    things: str = "digits"
    """The plural noun for what the images show, for sentences."""


@dataclass(frozen=True)
class Advice:
    """One finding of the coach."""

    rule: str
    """The name of the rule that found it."""
    title: str
    evidence: str
    """A sentence with the measured numbers."""
    cause: str
    """A sentence that says why it happens."""
    change: str
    """The proposed change, as the text of a button."""
    values: dict[str, Any]
    """The proposed change as values of the training pages' widgets, by key."""


History = Mapping[str, Sequence[float]]
"""The values of each metric, one an epoch, as Keras' `fit` returns them."""
Rule = Callable[[Experiment, History, Measurements], Advice | None]
"""A function that returns its advice, or None if it has none."""
