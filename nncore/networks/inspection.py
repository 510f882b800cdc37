"""A look inside a trained network: its answer, the activations of its layers, and maps taken apart pixel by pixel.

Pictures are (28, 28) and hold the values the network was trained on: raw grey values, 0 to 255, or scaled ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nncore.networks.forward import Floats, layer_outputs
from nncore.networks.receptive_field import Window, border, bordered, patches, receptive_field, step, window_size

PIXEL_KINDS = ("Conv2D", "MaxPooling2D", "AveragePooling2D")


@dataclass(frozen=True)
class LayerActivation:
    """What one layer made of a picture."""

    name: str
    """The layer's name in Keras."""
    kind: str
    """Its class: `Conv2D`, `MaxPooling2D`, `Flatten`, `Dense`, ..."""
    activation: str
    """The name of its activation function, empty where it has none."""
    values: Floats
    """(rows, columns, maps) or (units,), without the batch."""


@dataclass(frozen=True)
class PixelArithmetic:
    """One pixel of one output map: what it saw, and how its value came about."""

    kind: str
    patch: Floats
    """The seen part of the layer's input, (k, k, channels), padding as zeros; for pooling its one channel, as nan."""
    kernel: Floats | None
    """The weights of this map, (k, k, channels); None for pooling."""
    products: Floats | None
    """patch * kernel, pixel by pixel; None for pooling."""
    sums: Floats
    """The products added up, one sum a channel, (channels,); for pooling the maximum or mean of the patch, (1,)."""
    bias: float
    pre_activation: float
    """All sums and the bias together."""
    activation: str
    """The name of the activation function, `linear` for pooling."""
    value: float
    """What the arithmetic gives."""
    stored: float
    """What the layer itself put into its output, for comparison."""
    window: Window
    """The patch on the layer's input."""
    receptive_field: Window
    """All that this pixel can see of the 28x28 picture."""


@dataclass(frozen=True)
class MapArithmetic:
    """One output map: what its layer saw, and how each of its values came about."""

    kind: str
    inputs: Floats
    """(rows, columns, channels): the layer's input with the border that padding puts around it; for pooling the one
    channel that the map sees, and the border nan."""
    kernel: Floats | None
    """The weights of this map, (k, k, channels); None for pooling."""
    sums: NDArray[np.float64]
    """patch * kernel added up, one sum a channel, for every pixel of the map, (rows', columns', channels); for pooling
    the maximum or mean of the patch, (rows', columns', 1)."""
    bias: float
    activation: str
    """The name of the activation function, `linear` for pooling."""
    values: Floats
    """What the arithmetic gives, (rows', columns')."""
    stored: Floats
    """What the layer itself put into its output, (rows', columns')."""
    size: tuple[int, int]
    """Rows and columns of a patch."""
    strides: tuple[int, int]
    """By so much the patch moves with each row and column of the map."""
    before: tuple[int, int]
    """Rows and columns of the border above and to the left of the layer's input."""
    field: Window
    """All that pixel (0, 0) can see of the 28x28 picture."""
    jump: tuple[int, int]
    """By so much that moves with each row and column of the map."""

    def pixel(self, row: int, column: int) -> PixelArithmetic:
        """One pixel of the map."""
        top, left = row * self.strides[0], column * self.strides[1]
        patch = self.inputs[top : top + self.size[0], left : left + self.size[1]]
        field = (self.field[0] + row * self.jump[0], self.field[1] + column * self.jump[1], *self.field[2:])
        return PixelArithmetic(
            kind=self.kind,
            patch=patch,
            kernel=self.kernel,
            products=None if self.kernel is None else patch * self.kernel,
            sums=self.sums[row, column].astype(np.float32),
            bias=self.bias,
            pre_activation=float(self.sums[row, column].sum() + self.bias),
            activation=self.activation,
            value=float(self.values[row, column]),
            stored=float(self.stored[row, column]),
            window=(top - self.before[0], left - self.before[1], *self.size),
            receptive_field=field,
        )


@dataclass(frozen=True)
class UnitArithmetic:
    """One unit of a dense layer: all that it saw, and how its value came about."""

    inputs: Floats
    """(n,): the layer's input."""
    weights: Floats
    """(n,): this unit's weight for each input."""
    bias: float
    pre_activation: float
    """The weighted sum of the inputs and the bias."""
    activation: str
    value: float
    """What the arithmetic gives."""
    stored: float
    """What the layer itself put into its output, for comparison."""


def predict(model: Any, picture: NDArray[Any]) -> Floats:
    """The ten outputs for a picture (28, 28), as it was scaled for training; probabilities after a softmax."""
    return layer_outputs(model, picture)[-1]


def activations(model: Any, picture: NDArray[Any]) -> list[LayerActivation]:
    """Every layer's output for a picture (28, 28), first to last, of a keras.Sequential; without the picture itself."""
    return [
        LayerActivation(layer.name, type(layer).__name__, _activation_name(layer), values)
        for layer, values in zip(model.layers, layer_outputs(model, picture)[1:], strict=True)
    ]


def explain_map(model: Any, picture: NDArray[Any], layer: int, channel: int) -> MapArithmetic:
    """Take apart all values of map `channel` of the layer with this number, counted from 0.

    ValueError for a layer without pixels, IndexError for a layer or map outside; the messages are sentences.
    """
    chosen = _layer(model, layer, PIXEL_KINDS)
    outputs = layer_outputs(model, picture)
    seen, output = outputs[layer], outputs[layer + 1]
    _check_index(f"a channel of layer {layer}", channel, output.shape[2])
    field, jump = receptive_field(model.layers[: layer + 1], [values.shape for values in outputs[: layer + 1]])
    arithmetic = _convolve if type(chosen).__name__ == "Conv2D" else _pool
    return MapArithmetic(
        kind=type(chosen).__name__,
        stored=output[..., channel],
        size=window_size(chosen),
        strides=step(chosen),
        before=border(chosen, seen.shape),
        field=field,
        jump=jump,
        **arithmetic(chosen, seen, output.shape, channel),
    )


def explain_pixel(
    model: Any, picture: NDArray[Any], layer: int, row: int, column: int, channel: int
) -> PixelArithmetic:
    """Take apart the value at (row, column) of map `channel` of the layer with this number, counted from 0.

    Errors as in `explain_map`, and IndexError for a pixel outside.
    """
    found = explain_map(model, picture, layer, channel)
    for what, place, size in zip(("row", "column"), (row, column), found.stored.shape, strict=True):
        _check_index(f"a {what} of layer {layer}", place, size)
    return found.pixel(row, column)


def explain_unit(model: Any, picture: NDArray[Any], layer: int, unit: int) -> UnitArithmetic:
    """Take apart the value of one unit of the dense layer with this number, counted from 0.

    ValueError for a layer of another kind, IndexError for a layer or unit outside; the messages are sentences.
    """
    chosen = _layer(model, layer, ("Dense",))
    outputs = layer_outputs(model, picture)
    _check_index(f"a unit of layer {layer}", unit, len(outputs[layer + 1]))
    kernel, biases = _weights(chosen)
    sums = outputs[layer].astype(np.float64) @ kernel + biases
    values = np.asarray(chosen.activation(sums[None].astype(np.float32)))[0]  # softmax needs all of them
    return UnitArithmetic(
        inputs=outputs[layer],
        weights=kernel[:, unit],
        bias=float(biases[unit]),
        pre_activation=float(sums[unit]),
        activation=_activation_name(chosen),
        value=float(values[unit]),
        stored=float(outputs[layer + 1][unit]),
    )


def _convolve(layer: Any, seen: Floats, shape: tuple[int, ...], channel: int) -> dict[str, Any]:
    kernels, biases = _weights(layer)
    inputs = bordered(layer, seen, shape, 0.0)
    sums = np.einsum("rcnij,ijn->rcn", patches(layer, inputs, shape), kernels[..., channel], dtype=np.float64)
    totals = sums.sum(axis=2) + biases[channel]
    return {
        "inputs": inputs,
        "kernel": kernels[..., channel],
        "sums": sums,
        "bias": float(biases[channel]),
        "activation": _activation_name(layer),
        "values": np.asarray(layer.activation(totals[..., None].astype(np.float32)), np.float32)[..., 0],
    }


def _pool(layer: Any, seen: Floats, shape: tuple[int, ...], channel: int) -> dict[str, Any]:
    inputs = bordered(layer, seen[..., channel : channel + 1], shape, np.nan)
    combine = np.nanmax if type(layer).__name__ == "MaxPooling2D" else np.nanmean
    values = combine(patches(layer, inputs, shape)[:, :, 0].astype(np.float64), axis=(2, 3))
    plain = {"kernel": None, "bias": 0.0, "activation": "linear"}
    return plain | {"inputs": inputs, "sums": values[..., None], "values": values.astype(np.float32)}


def _layer(model: Any, number: int, kinds: tuple[str, ...]) -> Any:
    _check_index("a layer", number, len(model.layers))
    kind = type(model.layers[number]).__name__
    if kind not in kinds:
        raise ValueError(f"expected a layer of kind {' or '.join(kinds)}, received {kind} as layer {number}")
    return model.layers[number]


def _check_index(what: str, number: int, size: int) -> None:
    if not 0 <= number < size:
        raise IndexError(f"expected {what} from 0 to {size - 1}, received {number}")


def _weights(layer: Any) -> tuple[Floats, Floats]:
    """Kernel and biases; zeros for a layer without biases."""
    kernel, *biases = (np.asarray(weight, np.float32) for weight in layer.get_weights())
    return kernel, biases[0] if biases else np.zeros(kernel.shape[-1], np.float32)


def _activation_name(layer: Any) -> str:
    return str(getattr(getattr(layer, "activation", None), "__name__", ""))
