"""A look inside a trained network: its outputs, its layers' activations, and the arithmetic of each pixel and unit.

Images are (28, 28) and hold the values the network was trained on: raw pixel values, 0 to 255, or scaled ones.
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
    """The output of one layer for an image."""

    name: str
    """The layer's name in Keras."""
    kind: str
    """The layer's class: `Conv2D`, `MaxPooling2D`, `Flatten`, `Dense`, ..."""
    activation: str
    """The name of the layer's activation function, empty if it has none."""
    values: Floats
    """The layer's output without the batch axis, (rows, columns, maps) or (units,)."""


@dataclass(frozen=True)
class PixelArithmetic:
    """One pixel of one output map: its patch of the input, and how its value is computed."""

    kind: str
    patch: Floats
    """The input under the window, (k, k, channels), padding as 0; for pooling its one channel, padding as nan."""
    kernel: Floats | None
    """The weights of this map, (k, k, channels); None for pooling."""
    products: Floats | None
    """The elementwise products patch * kernel, (k, k, channels); None for pooling."""
    sums: Floats
    """The sum of the products of each channel, (channels,); for pooling the maximum or mean of the patch, (1,)."""
    bias: float
    pre_activation: float
    """The sums of all channels plus the bias."""
    activation: str
    """The name of the activation function, `linear` for pooling."""
    value: float
    """The result of the arithmetic."""
    stored: float
    """The value in the layer's own output."""
    window: Window
    """Where the patch lies on the layer's input."""
    receptive_field: Window
    """The part of the 28x28 image that this pixel depends on."""


@dataclass(frozen=True)
class MapArithmetic:
    """One output map: its layer's input, and how each of its values is computed."""

    kind: str
    inputs: Floats
    """The padded input, (rows, columns, channels), with padding 0; for pooling the map's one channel, padding nan."""
    kernel: Floats | None
    """The weights of this map, (k, k, channels); None for pooling."""
    sums: NDArray[np.float64]
    """The sum of patch * kernel for each pixel of the map and each channel, (rows', columns', channels).

    For pooling it is the maximum or mean of the patch, (rows', columns', 1).
    """
    bias: float
    activation: str
    """The name of the activation function, `linear` for pooling."""
    values: Floats
    """The results of the arithmetic, (rows', columns')."""
    stored: Floats
    """The values in the layer's own output, (rows', columns'), for comparison."""
    size: tuple[int, int]
    """Rows and columns of a patch."""
    strides: tuple[int, int]
    """How many rows and columns the patch moves from one pixel of the map to the next."""
    before: tuple[int, int]
    """Rows and columns of the border above and to the left of the layer's input."""
    field: Window
    """The part of the 28x28 image that pixel (0, 0) depends on."""
    jump: tuple[int, int]
    """How many rows and columns that part moves from one pixel of the map to the next."""

    def pixel(self, row: int, column: int) -> PixelArithmetic:
        """The arithmetic of the pixel at (row, column) of the map, both counted from 0."""
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
    """One unit of a dense layer: its inputs, and how its value is computed."""

    inputs: Floats
    """The layer's input, (n,)."""
    weights: Floats
    """The unit's weight for each input, (n,)."""
    bias: float
    pre_activation: float
    """The weighted sum of the inputs plus the bias."""
    activation: str
    value: float
    """The result of the arithmetic."""
    stored: float
    """The value in the layer's own output, for comparison."""


def predict(model: Any, image: NDArray[Any]) -> Floats:
    """The ten outputs (10,) for an image (28, 28), scaled as in training; probabilities after a softmax."""
    return layer_outputs(model, image)[-1]


def activations(model: Any, image: NDArray[Any]) -> list[LayerActivation]:
    """The output of every layer of a keras.Sequential, first to last, for an image (28, 28)."""
    return [
        LayerActivation(layer.name, type(layer).__name__, _activation_name(layer), values)
        for layer, values in zip(model.layers, layer_outputs(model, image)[1:], strict=True)
    ]


def explain_map(model: Any, image: NDArray[Any], layer: int, channel: int) -> MapArithmetic:
    """Explain all values of map `channel` of the layer with this number, both counted from 0.

    Raises ValueError for a layer whose output has no pixels, and IndexError for a layer or map that does not exist.
    """
    chosen = _layer(model, layer, PIXEL_KINDS)
    outputs = layer_outputs(model, image)
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


def explain_pixel(model: Any, image: NDArray[Any], layer: int, row: int, column: int, channel: int) -> PixelArithmetic:
    """Explain the value at (row, column) of map `channel` of the layer with this number, all counted from 0.

    Raises what `explain_map` raises, and IndexError for a pixel outside the map.
    """
    found = explain_map(model, image, layer, channel)
    for what, place, size in zip(("row", "column"), (row, column), found.stored.shape, strict=True):
        _check_index(f"a {what} of layer {layer}", place, size)
    return found.pixel(row, column)


def explain_unit(model: Any, image: NDArray[Any], layer: int, unit: int) -> UnitArithmetic:
    """Explain the value of one unit of the dense layer with this number, both counted from 0.

    Raises ValueError for a layer of another kind, and IndexError for a layer or unit that does not exist.
    """
    chosen = _layer(model, layer, ("Dense",))
    outputs = layer_outputs(model, image)
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
    """The layer's kernel and its biases, which are zeros for a layer without biases."""
    kernel, *biases = (np.asarray(weight, np.float32) for weight in layer.get_weights())
    return kernel, biases[0] if biases else np.zeros(kernel.shape[-1], np.float32)


def _activation_name(layer: Any) -> str:
    return str(getattr(getattr(layer, "activation", None), "__name__", ""))
