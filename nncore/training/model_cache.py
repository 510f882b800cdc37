"""A cache of the compiled networks that this process has trained, so that the next such training starts at once.

Before its first step TensorFlow traces the computation, which takes as long as two epochs of model 1. The traced
functions depend on the network, the loss and the optimizer, not on the values of the weights, so thirty students who
train the same network wait for the tracing once.
"""

from __future__ import annotations

from typing import Any

from nncore.networks import build
from nncore.specs.experiment import Experiment, NetworkSpec

CACHE_SIZE = 4
"""How many networks are kept: the lecture has four."""

LARGEST = 1_000_000
"""The most parameters of a network that is kept: with the optimizer's moments, 12 MB of memory each."""


class Compiled:
    """The last trained networks of a process, which trains one network at a time, as `train.train` does."""

    def __init__(self) -> None:
        self._kept: dict[tuple[NetworkSpec, str, str], Any] = {}

    def prepare(self, experiment: Experiment, steps: int) -> Any:
        """Return the experiment's model in its initial state, compiled for about so many steps per execution.

        Weights, random generators and optimizer equal those of a model that is newly built after the experiment's seed.
        The model is not in the cache until `keep` puts it there.
        """
        spec = experiment.training
        fresh = build.build_model(experiment.network, seed=spec.seed)
        model = self._kept.pop(_kind(experiment), None)
        if model is None or not steps / 2 <= model.steps_per_execution <= steps * 1.5:
            build.compile_model(fresh, spec, steps_per_execution=steps)
            fresh.optimizer.build(fresh.trainable_variables)
            return fresh
        optimizer = build.make_optimizer(spec)
        optimizer.build(fresh.trainable_variables)
        anew = [*fresh.variables, *optimizer.variables]
        for variable, value in zip(build.state(model), anew, strict=True):
            variable.assign(value)
        model._initial_epoch = None  # set when BackupAndRestore continues a training; Keras never clears it
        return model

    def keep(self, experiment: Experiment, model: Any) -> None:
        """Cache a prepared model after its training has ended normally, unless it is larger than LARGEST."""
        if experiment.network.parameter_count <= LARGEST:
            self._kept[_kind(experiment)] = model
            if len(self._kept) > CACHE_SIZE:
                del self._kept[next(iter(self._kept))]


def _kind(experiment: Experiment) -> tuple[NetworkSpec, str, str]:
    """The cache key: everything that the traced functions depend on."""
    return experiment.network, experiment.training.loss, experiment.training.optimizer
