"""How well a trained network classifies: confusion, the worst mistakes, and accuracy with units switched off.

Images are as `build.prepare_inputs` gives them, (n, 784) or (n, 28, 28, 1); outputs are (n, 10), one column a digit.
The network's prediction is the digit of its largest output.
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
"""Where the slope of a sigmoid or tanh is below this, hardly any gradient comes through."""
SLOPES: dict[str, Callable[[Floats], Floats]] = {"sigmoid": lambda a: a * (1 - a), "tanh": lambda a: 1 - a * a}
"""The slope f'(z) as a function of a = f(z), for the activations that saturate on both sides."""


@dataclass(frozen=True)
class Mistake:
    """A test image and the network's prediction, usually a wrong one."""

    index: int
    """The image's index among the test images."""
    label: int
    """The true digit."""
    predicted: int
    score_predicted: float
    """The network's output for the predicted digit; after a softmax, its probability."""
    score_true: float
    """The network's output for the true digit."""


@dataclass(frozen=True)
class LayerHealth:
    """How many units of a hidden dense layer, or maps of a convolution, are dead or saturated over many images."""

    number: int
    """The layer's number among the hidden dense layers, or among the convolutions, from 1."""
    activation: str
    units: int
    """How many units, or maps, the layer has."""
    dead: int
    """How many units of a relu layer give 0 for every image, or maps are 0 everywhere; 0 for other activations."""
    saturated: float
    """The share of outputs of a sigmoid or tanh layer where the slope is below SATURATED_SLOPE; 0 for others."""
    kind: str = "Dense"
    """The kind of layer, `Dense` or `Conv2D`."""


def confusion(labels: Labels, predicted: Labels) -> NDArray[np.intp]:
    """Count how often the digit of the row was predicted as that of the column, (10, 10), from two arrays (n,)."""
    from sklearn.metrics import confusion_matrix  # imported here: it takes a second that a first page need not wait for

    matrix: NDArray[np.intp] = confusion_matrix(labels, predicted, labels=np.arange(DIGITS))
    return matrix


def class_accuracy(matrix: NDArray[np.intp]) -> NDArray[np.float64]:
    """The share of each digit's images that was classified correctly, (10,); nan for a digit without images."""
    with np.errstate(invalid="ignore"):
        shares: NDArray[np.float64] = matrix.diagonal() / matrix.sum(axis=1)
    return shares


def accuracy(outputs: Floats, labels: Labels) -> float:
    """The share that was classified correctly, 0 to 1, from outputs (n, 10) and labels (n,)."""
    return float((outputs.argmax(axis=1) == labels).mean())


def worst_mistakes(outputs: Floats, labels: Labels, count: int = 12) -> list[Mistake]:
    """The `count` misclassified images whose predicted digit's output exceeds the true one's most, worst first.

    Outputs are (n, 10), labels (n,).
    """
    predicted, rows = outputs.argmax(axis=1), np.arange(len(labels))
    lead = outputs[rows, predicted] - outputs[rows, labels]
    wrong = np.flatnonzero(predicted != labels)
    chosen = wrong[np.argsort(-lead[wrong], kind="stable")][:count]
    return [
        Mistake(
            int(n), int(labels[n]), int(predicted[n]), float(outputs[n, predicted[n]]), float(outputs[n, labels[n]])
        )
        for n in chosen
    ]


def hidden_layers(model: Any) -> list[int]:
    """The indices in `model.layers` of the hidden dense layers: all dense ones but the last."""
    return [place for place, layer in enumerate(model.layers) if type(layer).__name__ == "Dense"][:-1]


def convolutions(model: Any) -> list[int]:
    """The indices in `model.layers` of the convolutions."""
    return [place for place, layer in enumerate(model.layers) if type(layer).__name__ == "Conv2D"]


def outputs_and_peaks(model: Any, images: NDArray[Any]) -> tuple[list[Floats], list[Floats]]:
    """Run images through the network and keep what `analysis` needs of its layers.

    Returns the outputs of each hidden dense layer and of the last layer, (n, units) each, and for each convolution the
    largest value of every map in each image, (n, maps).
    """
    wanted, conv = {*hidden_layers(model), len(model.layers) - 1}, convolutions(model)
    values: Any = np.asarray(images, np.float32)
    found, peaks = [], []
    for place, layer in enumerate(model.layers):
        values = layer(values, training=False)
        if place in wanted:
            found.append(np.asarray(values, np.float32))
        elif place in conv:
            peaks.append(np.asarray(values, np.float32).max(axis=(1, 2)))
    return found, peaks


def outputs_with(model: Any, layer: int, hidden: Floats, factors: NDArray[Any]) -> Floats:
    """The network's outputs (n, 10) when those of hidden dense layer `layer`, from 0, are multiplied by `factors`.

    `hidden` (n, units) are the layer's outputs in the unchanged network; `factors` (units,) is 0 for a unit that is
    switched off. Only the layers after it are computed. Raises ValueError if the factors do not fit.
    """
    if factors.shape != hidden.shape[1:]:
        raise ValueError(f"expected {hidden.shape[1]} factors, one a unit, received shape {factors.shape}")
    values: Any = hidden * factors.astype(np.float32)
    for following in model.layers[hidden_layers(model)[layer] + 1 :]:
        values = following(values, training=False)
    return np.asarray(values, np.float32)


def factors_for(units: int, changed: Collection[int], factor: float) -> Floats:
    """Make an array (units,) of `factor` for the `changed` units and 1 for the others; IndexError for no such unit."""
    if any(not 0 <= unit < units for unit in changed):
        raise IndexError(f"expected units from 0 to {units - 1}, received {sorted(changed)}")
    factors = np.ones(units, np.float32)
    factors[list(changed)] = factor
    return factors


def examine_layer(number: int, activation: str, outputs: Floats) -> LayerHealth:
    """Count the dead units of a layer, and the share of saturated outputs, from its outputs (n, units)."""
    slope = SLOPES.get(activation)
    saturated = 0.0 if slope is None else float((slope(outputs) < SATURATED_SLOPE).mean())
    return LayerHealth(number, activation, outputs.shape[1], _dead(activation, outputs), saturated)


def examine_maps(number: int, activation: str, peaks: Floats) -> LayerHealth:
    """Count the dead maps of a convolution from their largest values in each image, (n, maps)."""
    return LayerHealth(number, activation, peaks.shape[1], _dead(activation, peaks), 0.0, "Conv2D")


def _dead(activation: str, outputs: Floats) -> int:
    return int((outputs <= 0).all(axis=0).sum()) if activation == "relu" else 0
