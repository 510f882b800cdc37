"""An untrained network as a diagram: its layers, so many of their neurons as can be drawn, and the weights between.

Keras draws the first weights and computes the outputs. Pages call `draw` in the interactive worker.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import model_validator

from nncore.data import dataset
from nncore.networks.build import PICTURE, build_model
from nncore.networks.inspection import UnitArithmetic, activations, explain_unit
from nncore.specs.experiment import NetworkSpec
from nncore.specs.layers import ActivationName, Dense, InitializerName, Layer, Shape

Floats = NDArray[np.float32]
PIXELS = 784
ALL_SHOWN, ENDS = 10, 3
"""A layer of up to so many neurons is drawn in full; of a larger one, so many at either end."""


class AnySize(NetworkSpec):
    """A stack of layers from any number of inputs to any number of outputs: for diagrams, not for the digits."""

    @model_validator(mode="after")
    def _layers_fit(self) -> AnySize:
        self.shapes()  # raises ValueError where a layer cannot follow the one before it
        return self


@dataclass(frozen=True)
class Column:
    """One layer, or the inputs, as the diagram shows it."""

    kind: str
    """`Input` or the layer's class: `Dense`, `Conv2D`, ..."""
    activation: str
    """The name of the activation function, empty where there is none."""
    shape: Shape
    """Of the layer's output: (units,) or (rows, columns, maps)."""
    shown: tuple[int, ...]
    """Which of its neurons, or maps, are drawn, in ascending order."""
    values: Floats
    """The outputs of those, (len(shown),); of a map, its mean."""

    @property
    def size(self) -> int:
        """How many neurons, or maps, there are."""
        return self.shape[-1]


@dataclass(frozen=True)
class Diagram:
    """What there is to draw of one network, for one input."""

    columns: tuple[Column, ...]
    """The inputs, then one a layer."""
    links: tuple[Floats, ...]
    """From column to column, (shown before, shown after): the weight, of a kernel its mean; nan where nothing leads."""
    weighted: tuple[bool, ...]
    """Whether a link is a weight; pooling and flattening only pass values on."""
    largest: float
    """The largest weight of all dense layers, shown or not, by its size."""
    unit: UnitArithmetic
    """The chosen neuron, taken apart."""
    seen: str
    """What the inputs are, in words."""


def dense_stack(
    inputs: int,
    hidden: tuple[int, ...],
    outputs: int,
    activation: ActivationName,
    output_activation: ActivationName,
    initializer: InitializerName = "glorot_uniform",
) -> NetworkSpec:
    """Dense layers of these sizes, 1 to 2048 each; ValueError (pydantic's) for any other size."""
    sizes = [*((units, activation) for units in hidden), (outputs, output_activation)]
    layers = tuple(Dense(units=units, activation=f, initializer=initializer) for units, f in sizes)
    return AnySize(input_shape=(inputs,), layers=layers)


def make_inputs(shape: Shape, seed: int) -> tuple[Floats, str]:
    """What the diagram's network sees, in this shape, and in words what it is.

    The first test digit, scaled to 0..1, where there are 784 inputs; else numbers from 0 to 1 drawn after the seed.
    """
    if shape in ((PIXELS,), PICTURE):
        digits = dataset.mnist()
        picture = np.asarray(digits.x_test[0], np.float32) / np.float32(255)
        return picture.reshape(shape), f"the first test digit, a {digits.y_test[0]}, its grey values from 0 to 1"
    drawn = np.random.default_rng(seed).random(shape).round(2).astype(np.float32)
    return drawn, "numbers from 0 to 1, drawn after the seed"


def draw(network: NetworkSpec, seed: int, layer: int, unit: int) -> Diagram:
    """The network with weights as Keras draws them after this seed, and one neuron of a dense layer taken apart.

    Layers and units are counted from 0, as in `model.layers`; IndexError or ValueError, in words, for a neuron that
    is not there.
    """
    model = _fresh_model(network, seed)
    inputs, seen = make_inputs(network.input_shape, seed)
    taken_apart = explain_unit(model, inputs, layer, unit)
    outputs = [("Input", "", inputs)]
    outputs += [(found.kind, found.activation, found.values) for found in activations(model, inputs)]
    columns = tuple(
        _column(kind, name, values, unit if number == layer + 1 else None)
        for number, (kind, name, values) in enumerate(outputs)
    )
    links = tuple(
        _link(layer, kept, before, after)
        for layer, kept, before, after in zip(network.layers, model.layers, columns[:-1], columns[1:], strict=True)
    )
    kernels = [kept.get_weights()[0] for kept in model.layers if type(kept).__name__ == "Dense"]
    return Diagram(
        columns,
        links,
        tuple(layer.kind in ("Dense", "Conv2D") for layer in network.layers),
        max(float(np.abs(kernel).max()) for kernel in kernels),
        taken_apart,
        seen,
    )


@lru_cache(maxsize=16)
def _fresh_model(network: NetworkSpec, seed: int) -> Any:
    return build_model(network, seed=seed)


def shown(size: int, chosen: int | None = None) -> tuple[int, ...]:
    """Which of so many neurons are drawn: all, or the first and last few and the chosen one."""
    if size <= ALL_SHOWN:
        return tuple(range(size))
    return tuple(sorted({*range(ENDS), *range(size - ENDS, size), *([] if chosen is None else [chosen])}))


def _column(kind: str, name: str, values: Floats, chosen: int | None) -> Column:
    drawn = shown(values.shape[-1], chosen)
    means = values.reshape(-1, values.shape[-1]).mean(axis=0)
    return Column(kind, name if kind in ("Dense", "Conv2D") else "", values.shape, drawn, means[list(drawn)])


def _link(layer: Layer, kept: Any, before: Column, after: Column) -> Floats:
    """The weights between what is shown of two columns; 1 for a value that is only passed on."""
    if layer.kind in ("Dense", "Conv2D"):
        kernel = np.asarray(kept.get_weights()[0], np.float32)
        between = kernel if layer.kind == "Dense" else kernel.mean(axis=(0, 1))
        return between[np.ix_(before.shown, after.shown)]
    sources = np.array(before.shown)[:, None]
    places = np.array(after.shown)[None, :] % before.size if layer.kind == "Flatten" else np.array(after.shown)[None, :]
    return np.where(sources == places, np.float32(1), np.float32(np.nan))
