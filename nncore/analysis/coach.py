"""A coach for trainings: it names a measured fault, why it happens, and what to change.

Each rule is a pure function of the experiment, its history and the measurements on the test digits, and returns None if
it has no advice. `advise` applies all of them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from nncore.analysis.advice import Advice, History, Measurements, Rule
from nncore.networks.evaluation import LayerHealth
from nncore.specs.experiment import Experiment
from nncore.specs.layers import Conv2D, Dropout

RISE = 1.5
"""A training whose last loss is this many times the first has diverged."""
DEAD_SHARE, SATURATED_SHARE = 0.2, 0.6
"""The shares of dead units of a layer, and of saturated outputs, from which on the coach speaks of them."""
GAP, LEARNED = 0.04, 0.7
"""A training overfits if its accuracy exceeds that on unseen digits by GAP, and is at least LEARNED."""
STILL, BARELY = 0.02, 0.02
"""The fall of the loss per epoch, as a share of it: at least `STILL` is improving, less than `BARELY` is crawling."""
POOR = 0.85
"""A training accuracy below this is poor."""
MOVED = 0.01
"""Weights that change by more than this share in an epoch are still moving."""
SMALLEST_RATE, LARGEST_RATE, MOST_EPOCHS = 0.0001, 10.0, 500


def diverged(experiment: Experiment, history: History, _measured: Measurements) -> Advice | None:
    """Advise if the loss is not finite any more, or far above its first value."""
    loss, rate = history.get("loss", ()), experiment.training.learning_rate
    if not loss or (math.isfinite(loss[-1]) and loss[-1] < RISE * loss[0]):
        return None
    evidence = (
        f"The loss rose from {loss[0]:.3g} after the first epoch to {loss[-1]:.3g} after the last."
        if math.isfinite(loss[-1]) and len(loss) > 1
        else f"In epoch {len(loss)} the loss became {loss[-1]}: it is no finite number any more."
    )
    smaller = max(SMALLEST_RATE, float(f"{rate / 10:.2g}"))
    return Advice(
        "diverged",
        "The training ran away",
        evidence,
        f"With a learning rate of {rate:g} each step leaps over the minimum and lands higher than it began.",
        f"Learning rate {smaller:g}",
        {"learning_rate": smaller},
    )


def dead_units(_experiment: Experiment, _history: History, measured: Measurements) -> Advice | None:
    """Advise if many relu units give 0 for every input."""
    sick = _dying(measured, "Dense")
    if not sick:
        return None
    parts = [f"{layer.dead} of the {layer.units} relu units of hidden layer {layer.number}" for layer in sick]
    return Advice(
        "dead_units",
        "Dead units",
        f"{' and '.join(parts)} give 0 for all test {measured.things}.",
        "A large step has pushed their weighted sums below 0 for every input. There relu's slope is 0, so no gradient "
        "reaches their weights and they stay as they are.",
        "Leaky relu, which has a slope everywhere",
        {f"activation{'' if layer.number == 1 else layer.number}": "leaky_relu" for layer in sick},
    )


def _dying(measured: Measurements, kind: str) -> list[LayerHealth]:
    return [layer for layer in measured.health if layer.kind == kind and layer.dead >= max(1, DEAD_SHARE * layer.units)]


def dead_maps(experiment: Experiment, _history: History, measured: Measurements) -> Advice | None:
    """Advise if many relu maps of a convolution are 0 everywhere, for every image."""
    sick = _dying(measured, "Conv2D")
    if not sick:
        return None
    parts = [f"{layer.dead} of the {layer.units} relu maps of convolution {layer.number}" for layer in sick]
    cause = (
        "A large step has pushed their weighted sums below 0 wherever they look. There relu's slope is 0, so no "
        "gradient reaches their kernels and they stay as they are."
    )
    rate = experiment.training.learning_rate
    smaller = max(SMALLEST_RATE, float(f"{rate / 10:.2g}"))
    change, values = f"Learning rate {smaller:g}", dict[str, Any](learning_rate=smaller)
    if not experiment.training.scale:
        cause += " Grey values up to 255 make the steps of the first kernels large."
        change, values = "Grey values from 0 to 1", {"scale": True}
    evidence = f"{' and '.join(parts)} are 0 everywhere, in all test {measured.things}."
    return Advice("dead_maps", "Dead maps", evidence, cause, change, values)


def saturated_units(experiment: Experiment, _history: History, measured: Measurements) -> Advice | None:
    """Advise if most outputs of a sigmoid or tanh layer lie where the curve is flat."""
    sick = [layer for layer in measured.health if layer.saturated >= SATURATED_SHARE]
    if not sick:
        return None
    worst = max(sick, key=lambda layer: layer.saturated)
    cause = "Their weighted sums are so large that the curve is flat there, and hardly any gradient comes through."
    if experiment.training.scale:
        change = "Relu, which does not flatten out"
        values: dict[str, Any] = {f"activation{'' if layer.number == 1 else layer.number}": "relu" for layer in sick}
    else:
        cause += " Grey values up to 255 make the sums large from the start."
        change, values = "Grey values from 0 to 1", {"scale": True}
    return Advice(
        "saturated_units",
        "Saturated units",
        f"{100 * worst.saturated:.0f} % of the {worst.activation} outputs of hidden layer {worst.number} lie where the "
        f"slope is below 0.05, over all test {measured.things}.",
        cause,
        change,
        values,
    )


def overfitting(experiment: Experiment, history: History, measured: Measurements) -> Advice | None:
    """Advise if the training digits are classified much better than unseen ones."""
    seen, validated = history.get("accuracy", ()), history.get("val_accuracy", ())
    unseen = validated[-1] if validated else measured.test_accuracy
    if not seen or unseen is None or seen[-1] < LEARNED or seen[-1] - unseen < GAP:
        return None
    change, values = _against_overfitting(experiment, history, measured.train_pictures)
    return Advice(
        "overfitting",
        "Overfitting",
        f"{100 * seen[-1]:.1f} % of the training {measured.things} are read rightly, but {100 * unseen:.1f} % of the "
        f"{'validation' if validated else 'test'} {measured.things}.",
        f"The network has {experiment.network.parameter_count:,} parameters for {experiment.training.train_size:,} "
        "pictures: it can learn them by heart.",
        change,
        values,
    )


def _against_overfitting(experiment: Experiment, history: History, available: int) -> tuple[str, dict[str, Any]]:
    spec, losses = experiment.training, list(history.get("val_loss", ()))
    if spec.train_size < available:
        size = min(available, 4 * spec.train_size)
        return f"{size:,} training pictures", {"train_size": size}
    layers = experiment.network.layers
    if not any(isinstance(layer, Conv2D | Dropout) for layer in layers):
        return "Dropout of 0.2", {"dropout": 0.2}
    best = losses.index(min(losses)) + 1 if losses else 0
    epochs = best if 0 < best < spec.epochs else max(1, spec.epochs // 2)
    return f"{epochs} epochs", {"epochs": epochs}


def still_improving(experiment: Experiment, history: History, _measured: Measurements) -> Advice | None:
    """Advise if the loss was still falling when the training ended."""
    losses = history.get("val_loss") or history.get("loss", ())
    fall, span = _fall(losses)
    epochs = min(MOST_EPOCHS, 2 * experiment.training.epochs)
    if fall < STILL or epochs == experiment.training.epochs:
        return None
    kind = "validation loss" if history.get("val_loss") else "loss"
    return Advice(
        "still_improving",
        "Still improving",
        f"Over the last {_epochs(span)} the {kind} fell from {losses[-1 - span]:.3g} to {losses[-1]:.3g}, "
        f"{100 * fall:.1f} % an epoch.",
        "The training ended before the curve was flat.",
        f"{epochs} epochs",
        {"epochs": epochs},
    )


def _fall(losses: Sequence[float]) -> tuple[float, int]:
    """The mean fall per epoch over the last epochs, at most three, as a share of the loss; and how many they are."""
    span = min(3, len(losses) - 1)
    if span < 1 or not all(map(math.isfinite, losses[-1 - span :])) or losses[-1 - span] <= 0:
        return 0.0, 0
    return (losses[-1 - span] - losses[-1]) / losses[-1 - span] / span, span


def _epochs(count: int) -> str:
    return "epoch" if count == 1 else f"{count} epochs"


def small_learning_rate(experiment: Experiment, history: History, measured: Measurements) -> Advice | None:
    """Advise if the accuracy is poor, the loss hardly falls, and no other fault explains it."""
    loss, reached, rate = history.get("loss", ()), history.get("accuracy", ()), experiment.training.learning_rate
    faster = min(LARGEST_RATE, float(f"{10 * rate:.2g}"))
    fall, span = _fall(loss)
    if not span or not reached or reached[-1] >= POOR or fall >= BARELY or faster == rate:
        return None
    others = (diverged, dead_units, dead_maps, saturated_units)
    if any(rule(experiment, history, measured) for rule in others) or max(measured.updates.values(), default=0) > MOVED:
        return None
    return Advice(
        "small_learning_rate",
        "Learning rate too small",
        f"Over the last {_epochs(span)} the loss went from {loss[-1 - span]:.4g} to {loss[-1]:.4g}, "
        f"and only {100 * reached[-1]:.1f} % of the training {measured.things} are read rightly.",
        f"With a learning rate of {rate:g} each step moves the weights so little that they have hardly left where "
        "they began.",
        f"Learning rate {faster:g}",
        {"learning_rate": faster},
    )


RULES: tuple[Rule, ...] = (
    diverged,
    dead_units,
    dead_maps,
    saturated_units,
    overfitting,
    still_improving,
    small_learning_rate,
)


def advise(experiment: Experiment, history: History, measured: Measurements) -> list[Advice]:
    """The advice of all rules, the gravest first; once a training has diverged, only that."""
    first = diverged(experiment, history, measured)
    if first is not None:
        return [first]
    found = (rule(experiment, history, measured) for rule in RULES)
    return [advice for advice in found if advice is not None]
