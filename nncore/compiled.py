"""Networks that this process has trained already, compiled: the next training of the same kind begins at once.

Before its first step TensorFlow traces what it is to compute, which takes as long as two epochs of model 1. What is
traced depends on the network, the loss and the optimizer, not on where the weights stand; so thirty students who train
the same network wait for it once.
"""

from __future__ import annotations

from typing import Any

from nncore import models
from nncore.specs import Experiment, NetworkSpec

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
        network, spec = experiment.network, experiment.training
        kind = network, spec.loss, spec.optimizer
        fresh = models.build_model(network, seed=spec.seed)
        model = self._kept.pop(kind, None)
        if model is not None and steps / 2 <= model.steps_per_execution <= steps * 1.5:
            optimizer = models.make_optimizer(spec)
            optimizer.build(fresh.trainable_variables)
            anew = [*fresh.variables, *optimizer.variables]
            for variable, value in zip(models.state(model), anew, strict=True):
                variable.assign(value)
        else:
            model = fresh
            models.compile_model(model, spec, steps_per_execution=steps)
            model.optimizer.build(model.trainable_variables)
        if network.parameter_count <= LARGEST:
            self._kept[kind] = model
            if len(self._kept) > KEPT:
                del self._kept[next(iter(self._kept))]
        return model
