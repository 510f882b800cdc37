"""An untrained network as a diagram: its layers, as many of their neurons as can be drawn, and the weights between.

Keras draws the initial weights and computes the outputs. Pages call `draw` in the interactive worker.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import model_validator

from nncore.data import dataset
from nncore.networks.build import build_model
from nncore.networks.inspection import UnitArithmetic, activations, explain_unit
from nncore.specs.experiment import NetworkSpec
from nncore.specs.layers import ActivationName, Dense, InitializerName, Layer, Shape
from nncore.specs.presets import IMAGE_SHAPE

Floats = NDArray[np.float32]
PIXELS = 784
ALL_SHOWN, ENDS = 10, 3
"""A layer of up to ALL_SHOWN neurons is drawn in full, a larger one with ENDS neurons at either end."""


class AnySize(NetworkSpec):
    """A stack of layers from any number of inputs to any number of outputs: for diagrams, not for the digits."""

    @model_validator(mode="after")
    def _layers_fit(self) -> AnySize:
        self.shapes()  # raises ValueError where a layer cannot follow the one before it
        return self


@dataclass(frozen=True)
class Column:
    """One layer of the network, or its inputs, as a column of the diagram."""

    kind: str
    """`Input` or the layer's class: `Dense`, `Conv2D`, ..."""
    activation: str
    """The name of the activation function, empty where there is none."""
    shape: Shape
    """The shape of the layer's output: (units,) or (rows, columns, maps)."""
    shown: tuple[int, ...]
    """The numbers of the neurons, or maps, that are drawn, in ascending order."""
    values: Floats
    """The outputs of the drawn neurons, or the means of the drawn maps, (len(shown),)."""

    @property
    def size(self) -> int:
        """How many neurons, or maps, the layer has."""
        return self.shape[-1]


@dataclass(frozen=True)
class Diagram:
    """Everything that the diagram of one network shows for one input."""

    columns: tuple[Column, ...]
    """One column for the inputs, then one for each layer."""
    links: tuple[Floats, ...]
    """The weights from each column to the next, (shown before, shown after).

    For a convolution it is the mean of the kernel; nan where there is no connection.
    """
    weighted: tuple[bool, ...]
    """For each layer, whether its links are weights; pooling and flattening only pass values on."""
    largest: float
    """The largest absolute value of any dense layer's weights, shown or not."""
    unit: UnitArithmetic
    """The arithmetic of the chosen neuron."""
    seen: str
    """A phrase that says what the inputs are."""


def dense_stack(
    inputs: int,
    hidden: tuple[int, ...],
    outputs: int,
    activation: ActivationName,
    output_activation: ActivationName,
    initializer: InitializerName = "glorot_uniform",
) -> NetworkSpec:
    """Specify dense layers of these sizes, 1 to 2048 units each, the last with its own activation.

    Raises pydantic's ValidationError, a ValueError, for any other size.
    """
    sizes = [*((units, activation) for units in hidden), (outputs, output_activation)]
    layers = tuple(Dense(units=units, activation=f, initializer=initializer) for units, f in sizes)
    return AnySize(input_shape=(inputs,), layers=layers)


def make_inputs(shape: Shape, seed: int) -> tuple[Floats, str]:
    """Make the network's input, in this shape, and a phrase that says what it is.

    It is the first test digit, scaled to 0 to 1, where there are 784 inputs, otherwise random numbers from 0 to 1 drawn
    after the seed.
    """
    if shape in ((PIXELS,), IMAGE_SHAPE):
        digits = dataset.mnist()
        image = np.asarray(digits.x_test[0], np.float32) / np.float32(255)
        return image.reshape(shape), f"the first test digit, a {digits.y_test[0]}, its grey values from 0 to 1"
    drawn = np.random.default_rng(seed).random(shape).round(2).astype(np.float32)
    return drawn, "numbers from 0 to 1, drawn after the seed"


def draw(network: NetworkSpec, seed: int, layer: int, unit: int) -> Diagram:
    """Compute the diagram of a network with initial weights after this seed, and the arithmetic of one neuron.

    The neuron is unit `unit` of the dense layer `layer`, both counted from 0 as in `model.layers`. Raises IndexError or
    ValueError, in words, for a neuron that does not exist.
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
    """Which of `size` neurons are drawn: all, or the first and last few and the chosen one."""
    if size <= ALL_SHOWN:
        return tuple(range(size))
    return tuple(sorted({*range(ENDS), *range(size - ENDS, size), *([] if chosen is None else [chosen])}))


def _column(kind: str, name: str, values: Floats, chosen: int | None) -> Column:
    drawn = shown(values.shape[-1], chosen)
    means = values.reshape(-1, values.shape[-1]).mean(axis=0)
    return Column(kind, name if kind in ("Dense", "Conv2D") else "", values.shape, drawn, means[list(drawn)])


def _link(layer: Layer, kept: Any, before: Column, after: Column) -> Floats:
    """The weights between the shown parts of two columns; 1 for a value that is only passed on, nan for no link."""
    if layer.kind in ("Dense", "Conv2D"):
        kernel = np.asarray(kept.get_weights()[0], np.float32)
        between = kernel if layer.kind == "Dense" else kernel.mean(axis=(0, 1))
        return between[np.ix_(before.shown, after.shown)]
    sources = np.array(before.shown)[:, None]
    places = np.array(after.shown)[None, :] % before.size if layer.kind == "Flatten" else np.array(after.shown)[None, :]
    return np.where(sources == places, np.float32(1), np.float32(np.nan))
