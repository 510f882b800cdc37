"""How well a trained network reads: confusion, the worst mistakes, and what is left when units are switched off.

Pictures are as in `models.prepare_inputs`, (n, 784) or (n, 28, 28, 1); outputs are (n, 10), one column a digit. What
a network reads is the digit of its largest output.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Labels = NDArray[Any]
DIGITS = 10

SATURATED_SLOPE = 0.05
"""Where a sigmoid's or tanh's slope is below this, hardly any gradient comes through."""
SLOPES: dict[str, Callable[[Floats], Floats]] = {"sigmoid": lambda a: a * (1 - a), "tanh": lambda a: 1 - a * a}
"""f'(z) from a = f(z), for the functions that saturate on both sides."""


@dataclass(frozen=True)
class Mistake:
    """A test picture that was misread."""

    index: int
    """Its place among the test pictures."""
    label: int
    read: int
    score_predicted: float
    """The network's output for the digit that it read, for a softmax its probability."""
    score_true: float
    """The output for the digit that it is."""


@dataclass(frozen=True)
class LayerHealth:
    """What the units of one hidden dense layer, or the maps of one convolution, do over many pictures."""

    number: int
    """Among the hidden dense layers, or among the convolutions, from 1."""
    activation: str
    units: int
    """Units, or maps."""
    dead: int
    """Units of a relu layer that give 0 for every picture, or maps that are 0 everywhere; 0 for other functions."""
    saturated: float
    """Share of all outputs of a sigmoid or tanh layer where the slope is below SATURATED_SLOPE; 0 for others."""
    kind: str = "Dense"
    """Or `Conv2D`."""


def confusion(labels: Labels, read: Labels) -> NDArray[np.intp]:
    """How often the digit of the row was read as the digit of the column, (10, 10), from labels and readings (n,)."""
    from sklearn.metrics import confusion_matrix  # here, since it takes a second that a first page need not wait

    matrix: NDArray[np.intp] = confusion_matrix(labels, read, labels=np.arange(DIGITS))
    return matrix


def class_accuracy(matrix: NDArray[np.intp]) -> NDArray[np.float64]:
    """The share of each digit's pictures that was read rightly, (10,); not a number for a digit without pictures."""
    with np.errstate(invalid="ignore"):
        shares: NDArray[np.float64] = matrix.diagonal() / matrix.sum(axis=1)
    return shares


def accuracy(outputs: Floats, labels: Labels) -> float:
    """The share that was read rightly, 0 to 1."""
    return float((outputs.argmax(axis=1) == labels).mean())


def worst_mistakes(outputs: Floats, labels: Labels, count: int = 12) -> list[Mistake]:
    """The misread pictures for which the output of the wrong digit exceeds that of the right one most, worst first."""
    read, rows = outputs.argmax(axis=1), np.arange(len(labels))
    lead = outputs[rows, read] - outputs[rows, labels]
    wrong = np.flatnonzero(read != labels)
    chosen = wrong[np.argsort(-lead[wrong], kind="stable")][:count]
    return [
        Mistake(int(n), int(labels[n]), int(read[n]), float(outputs[n, read[n]]), float(outputs[n, labels[n]]))
        for n in chosen
    ]


def hidden_layers(model: Any) -> list[int]:
    """The places in `model.layers` of the hidden dense layers: all dense ones but the last."""
    return [place for place, layer in enumerate(model.layers) if type(layer).__name__ == "Dense"][:-1]


def convolutions(model: Any) -> list[int]:
    """The places in `model.layers` of the convolutions."""
    return [place for place, layer in enumerate(model.layers) if type(layer).__name__ == "Conv2D"]


def dense_outputs(model: Any, pictures: NDArray[Any]) -> list[Floats]:
    """What the hidden dense layers and then the last one give for pictures, each (n, units)."""
    return look_through(model, pictures)[0]


def look_through(model: Any, pictures: NDArray[Any]) -> tuple[list[Floats], list[Floats]]:
    """As `dense_outputs`; and for each convolution the largest value of every map in each picture, (n, maps)."""
    wanted, conv = {*hidden_layers(model), len(model.layers) - 1}, convolutions(model)
    values: Any = np.asarray(pictures, np.float32)
    found, peaks = [], []
    for place, layer in enumerate(model.layers):
        values = layer(values, training=False)
        if place in wanted:
            found.append(np.asarray(values, np.float32))
        elif place in conv:
            peaks.append(np.asarray(values, np.float32).max(axis=(1, 2)))
    return found, peaks


def outputs_with(model: Any, layer: int, hidden: Floats, factors: NDArray[Any]) -> Floats:
    """The network's outputs (n, 10) when hidden dense layer `layer`, from 0, has its outputs times `factors`.

    `hidden` (n, units) is what it gives undisturbed, `factors` (units,) is 0 for a unit that is switched off. Only
    the layers after it are computed. ValueError where the factors do not fit.
    """
    if factors.shape != hidden.shape[1:]:
        raise ValueError(f"expected {hidden.shape[1]} factors, one a unit, received shape {factors.shape}")
    values: Any = hidden * factors.astype(np.float32)
    for following in model.layers[hidden_layers(model)[layer] + 1 :]:
        values = following(values, training=False)
    return np.asarray(values, np.float32)


def factors_for(units: int, changed: Collection[int], factor: float) -> Floats:
    """Ones (units,), but `factor`, 0 to 1, for the `changed` units; IndexError for a unit that is not there."""
    if any(not 0 <= unit < units for unit in changed):
        raise IndexError(f"expected units from 0 to {units - 1}, received {sorted(changed)}")
    factors = np.ones(units, np.float32)
    factors[list(changed)] = factor
    return factors


def examine_layer(number: int, activation: str, outputs: Floats) -> LayerHealth:
    """How many units of a layer are dead, and how saturated it is, from its outputs (n, units)."""
    slope = SLOPES.get(activation)
    saturated = 0.0 if slope is None else float((slope(outputs) < SATURATED_SLOPE).mean())
    return LayerHealth(number, activation, outputs.shape[1], _dead(activation, outputs), saturated)


def examine_maps(number: int, activation: str, peaks: Floats) -> LayerHealth:
    """How many maps of a convolution are dead, from their largest values in each picture (n, maps)."""
    return LayerHealth(number, activation, peaks.shape[1], _dead(activation, peaks), 0.0, "Conv2D")


def _dead(activation: str, outputs: Floats) -> int:
    return int((outputs <= 0).all(axis=0).sum()) if activation == "relu" else 0
