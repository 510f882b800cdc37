"""Estimates how long a training takes, from the multiplications that it needs and the speed of recent epochs."""

from __future__ import annotations

import math
import statistics
from collections import deque

import numpy as np

from nncore.specs.experiment import Experiment, NetworkSpec
from nncore.specs.layers import Conv2D, Dense

STEP_SECONDS = 2e-4
"""The part of a training step's time that does not depend on the network."""

MULTIPLY_ADDS_PER_SECOND = 1.5e10
"""Measured on two cores for model 1 (0.4 ms a step) and model 4 (10 ms a step), batch 128."""

REMEMBERED = 15
"""How many of the last epochs a machine's speed is estimated from."""

USUAL_FACTOR = 0.55
"""Measured divided by estimated seconds on two idle cores, for models 1 to 4; `step_seconds` estimates high."""

FACTOR_BOUNDS = (0.02, 1.3)
"""A factor beyond these is a stall of a busy machine; with 1.3 the lecture's longest training is put at 29 minutes."""


def step_seconds(network: NetworkSpec, batch_size: int) -> float:
    """Estimate the seconds of one training step on two CPU cores, rather too high: forward, and twice that backward."""
    shape, multiply_adds = network.input_shape, 0
    for layer, output in zip(network.layers, network.shapes(), strict=True):
        if isinstance(layer, Dense):
            multiply_adds += shape[0] * layer.units
        elif isinstance(layer, Conv2D):
            multiply_adds += int(np.prod(output)) * layer.kernel_size**2 * shape[2]
        shape = output
    return STEP_SECONDS + 3 * multiply_adds * batch_size / MULTIPLY_ADDS_PER_SECOND


def epoch_seconds(experiment: Experiment) -> float:
    """Estimate the seconds of one epoch on two CPU cores, rather too high.

    A validation image costs a third of a training image, since it only goes forward.
    """
    spec = experiment.training
    fitted = spec.train_size * (1 - spec.validation_split)
    steps = math.ceil(fitted / spec.batch_size) + spec.train_size * spec.validation_split / spec.batch_size / 3
    return steps * step_seconds(experiment.network, spec.batch_size)


class SpeedEstimator:
    """The speed of this machine in its last epochs, compared with the estimate of `epoch_seconds`.

    `usual` is the factor until an epoch is observed. The factor is limited to `bounds`, so that a stall of a busy
    machine does not spoil the estimate.
    """

    def __init__(self, usual: float = USUAL_FACTOR, bounds: tuple[float, float] = FACTOR_BOUNDS) -> None:
        self._usual, self._bounds = usual, bounds
        self._observed: deque[float] = deque(maxlen=REMEMBERED)

    def observe(self, experiment: Experiment, seconds: float) -> None:
        """Take in that an epoch of this experiment took so many seconds."""
        self._observed.append(seconds / epoch_seconds(experiment))

    @property
    def factor(self) -> float:
        """Measured divided by estimated seconds, as the median of the last epochs within the bounds."""
        low, high = self._bounds
        return min(max(statistics.median(self._observed), low), high) if self._observed else self._usual

    def seconds(self, experiment: Experiment, epochs: int) -> float:
        """Estimate the seconds that so many epochs of this experiment will take on this machine."""
        return epochs * epoch_seconds(experiment) * self.factor
