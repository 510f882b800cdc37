"""Networks that this process has trained already, compiled: the next training of the same kind begins at once.

Before its first step TensorFlow traces what it is to compute, which takes as long as two epochs of model 1. What is
traced depends on the network, the loss and the optimizer, not on where the weights stand; so thirty students who train
the same network wait for it once.
"""

from __future__ import annotations

from typing import Any

from nncore.networks import build
from nncore.specs.experiment import Experiment, NetworkSpec

KEPT = 4
"""Networks in all: the lecture has four."""

LARGEST = 1_000_000
"""Parameters of a network that is kept: with the optimizer's moments, 12 MB of memory each."""


class Compiled:
    """The last networks of a process. One training at a time, as in `training.train`."""

    def __init__(self) -> None:
        self._kept: dict[tuple[NetworkSpec, str, str], Any] = {}

    def prepare(self, experiment: Experiment, steps: int) -> Any:
        """The experiment's model as before its first step, compiled for executions of about so many steps.

        Weights, random generators and optimizer are those of a model that is built anew after the experiment's seed.
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
        model._initial_epoch = None  # where BackupAndRestore had a training go on; Keras itself never clears it
        return model

    def keep(self, experiment: Experiment, model: Any) -> None:
        """The training of a prepared model is over, and well: the next of its kind may have it, unless it is large."""
        if experiment.network.parameter_count <= LARGEST:
            self._kept[_kind(experiment)] = model
            if len(self._kept) > KEPT:
                del self._kept[next(iter(self._kept))]


def _kind(experiment: Experiment) -> tuple[NetworkSpec, str, str]:
    """What the traced functions depend on."""
    return experiment.network, experiment.training.loss, experiment.training.optimizer
