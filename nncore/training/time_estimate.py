"""How long a training takes before it has begun: from the multiplications that it needs, put right by what was seen."""

from __future__ import annotations

import math
import statistics
from collections import deque

import numpy as np

from nncore.specs.experiment import Experiment, NetworkSpec
from nncore.specs.layers import Conv2D, Dense

STEP_SECONDS = 2e-4
MULTIPLY_ADDS_PER_SECOND = 1.5e10
"""Measured on two cores for model 1 (0.4 ms a step) and model 4 (10 ms a step), batch 128."""

REMEMBERED = 15
"""Epochs from which a machine's own pace is taken."""

USUAL_PACE = 0.55
"""Measured over foreseen seconds on two quiet cores, models 1 to 4: `step_seconds` is on the safe side."""

PACES = (0.02, 1.3)
"""A pace beyond these is a stall of a busy machine: the lecture's longest training is foreseen in at most 29 min."""


def step_seconds(network: NetworkSpec, batch_size: int) -> float:
    """Seconds that one training step takes at most on two CPU cores: forward, and twice as much backward."""
    shape, multiply_adds = network.input_shape, 0
    for layer, output in zip(network.layers, network.shapes(), strict=True):
        if isinstance(layer, Dense):
            multiply_adds += shape[0] * layer.units
        elif isinstance(layer, Conv2D):
            multiply_adds += int(np.prod(output)) * layer.kernel_size**2 * shape[2]
        shape = output
    return STEP_SECONDS + 3 * multiply_adds * batch_size / MULTIPLY_ADDS_PER_SECOND


def epoch_seconds(experiment: Experiment) -> float:
    """Seconds that one epoch takes at most on two CPU cores; a picture for validation costs a third of one to fit."""
    spec = experiment.training
    fitted = spec.train_size * (1 - spec.validation_split)
    steps = math.ceil(fitted / spec.batch_size) + spec.train_size * spec.validation_split / spec.batch_size / 3
    return steps * step_seconds(experiment.network, spec.batch_size)


class SpeedEstimator:
    """How the last epochs went here, against what was foreseen: as `usual` until one has been seen.

    What is seen counts between `bounds`, so that a stall of a busy machine does not count for more than it is.
    """

    def __init__(self, usual: float = USUAL_PACE, bounds: tuple[float, float] = PACES) -> None:
        self._usual, self._bounds = usual, bounds
        self._seen: deque[float] = deque(maxlen=REMEMBERED)

    def saw(self, experiment: Experiment, seconds: float) -> None:
        """An epoch of this experiment took so long."""
        self._seen.append(seconds / epoch_seconds(experiment))

    @property
    def factor(self) -> float:
        """Measured over foreseen seconds, the median of the last epochs."""
        low, high = self._bounds
        return min(max(statistics.median(self._seen), low), high) if self._seen else self._usual

    def seconds(self, experiment: Experiment, epochs: int) -> float:
        """Seconds that so many epochs of this experiment will take here."""
        return epochs * epoch_seconds(experiment) * self.factor
