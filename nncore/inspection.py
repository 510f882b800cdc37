"""A look inside a trained network: its answer, the activations of its layers, and one output pixel taken apart.

Pictures are (28, 28) and hold the values the network was trained on: raw grey values, 0 to 255, or scaled ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Window = tuple[int, int, int, int]
"""First row, first column, rows and columns; the first may be negative where padding is seen."""

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
    """The seen part of the layer's input, (k, k, channels), padding as zeros; for pooling its one channel."""
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
    answer: Floats = np.asarray(model(_batch(model, picture), training=False), np.float32)[0]
    return answer


def activations(model: Any, picture: NDArray[Any]) -> list[LayerActivation]:
    """Every layer's output for a picture (28, 28), first to last, of a keras.Sequential; without the picture itself."""
    return [
        LayerActivation(layer.name, type(layer).__name__, _activation_name(layer), values)
        for layer, values in zip(model.layers, _outputs(model, picture)[1:], strict=True)
    ]


def explain_pixel(
    model: Any, picture: NDArray[Any], layer: int, row: int, column: int, channel: int
) -> PixelArithmetic:
    """Take apart the value at (row, column) of map `channel` of the layer with this number, counted from 0.

    ValueError for a layer without pixels, IndexError for a layer or pixel outside; the messages are sentences.
    """
    chosen = _layer(model, layer, PIXEL_KINDS)
    outputs = _outputs(model, picture)
    seen, output = outputs[layer], outputs[layer + 1]
    for what, place, size in zip(("row", "column", "channel"), (row, column, channel), output.shape, strict=True):
        _check_index(f"a {what} of layer {layer}", place, size)
    window = _window(chosen, seen.shape, (row, column, 1, 1))
    field = window
    for number in range(layer - 1, -1, -1):
        field = _window(model.layers[number], outputs[number].shape, field)
    arithmetic = _convolve if type(chosen).__name__ == "Conv2D" else _pool
    return arithmetic(chosen, _cut(seen, window), channel, float(output[row, column, channel]), window, field)


def explain_unit(model: Any, picture: NDArray[Any], layer: int, unit: int) -> UnitArithmetic:
    """Take apart the value of one unit of the dense layer with this number, counted from 0.

    ValueError for a layer of another kind, IndexError for a layer or unit outside; the messages are sentences.
    """
    chosen = _layer(model, layer, ("Dense",))
    outputs = _outputs(model, picture)
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


def _convolve(layer: Any, patch: Floats, channel: int, stored: float, window: Window, field: Window) -> PixelArithmetic:
    kernels, biases = _weights(layer)
    products = patch * kernels[..., channel]
    sums = products.sum(axis=(0, 1), dtype=np.float64)
    total = float(sums.sum() + biases[channel])
    return PixelArithmetic(
        kind="Conv2D",
        patch=patch,
        kernel=kernels[..., channel],
        products=products,
        sums=sums.astype(np.float32),
        bias=float(biases[channel]),
        pre_activation=total,
        activation=_activation_name(layer),
        value=float(np.asarray(layer.activation(np.full((1, 1), total, np.float32)))[0, 0]),
        stored=stored,
        window=window,
        receptive_field=field,
    )


def _pool(layer: Any, patch: Floats, channel: int, stored: float, window: Window, field: Window) -> PixelArithmetic:
    kind = type(layer).__name__
    seen = patch[..., channel : channel + 1]
    value = float(seen.max() if kind == "MaxPooling2D" else seen.mean(dtype=np.float64))
    return PixelArithmetic(
        kind=kind,
        patch=seen,
        kernel=None,
        products=None,
        sums=np.full(1, value, np.float32),
        bias=0.0,
        pre_activation=value,
        activation="linear",
        value=value,
        stored=stored,
        window=window,
        receptive_field=field,
    )


def _outputs(model: Any, picture: NDArray[Any]) -> list[Floats]:
    """The picture as the network takes it, then each layer's output, without the batch.

    Layer by layer: for one picture that takes a quarter of the time of a functional model with all outputs.
    """
    values: Any = _batch(model, picture)
    found = [values[0]]
    for layer in model.layers:
        values = layer(values, training=False)
        found.append(np.asarray(values, np.float32)[0])
    return found


def _batch(model: Any, picture: NDArray[Any]) -> Floats:
    array = np.asarray(picture, np.float32)
    shape = model.input_shape[1:]
    if array.size != np.prod(shape):
        raise ValueError(f"expected a picture for a network with input {shape}, received shape {array.shape}")
    return array.reshape(1, *shape)


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


def _window(layer: Any, input_shape: tuple[int, ...], field: Window) -> Window:
    """What a layer must see of its input to compute this part of its output."""
    sizes = layer.kernel_size if type(layer).__name__ == "Conv2D" else getattr(layer, "pool_size", (1, 1))
    strides = getattr(layer, "strides", (1, 1))
    starts, lengths = [], []
    for axis in range(2):
        size, stride = sizes[axis], strides[axis]
        starts.append(field[axis] * stride - _padding(layer, input_shape[axis], size, stride))
        lengths.append((field[axis + 2] - 1) * stride + size)
    return starts[0], starts[1], lengths[0], lengths[1]


def _padding(layer: Any, side: int, size: int, stride: int) -> int:
    """Zeros before the first pixel: with `same`, half of what is missing, the smaller half first."""
    if getattr(layer, "padding", "valid") != "same":
        return 0
    return int(max(0, (-(-side // stride) - 1) * stride + size - side) // 2)


def _cut(seen: Floats, window: Window) -> Floats:
    """The window out of (rows, columns, channels), with zeros where it reaches over the border."""
    row, column, rows, columns = window
    patch = np.zeros((rows, columns, seen.shape[2]), np.float32)
    top, left = max(row, 0), max(column, 0)
    inside = seen[top : row + rows, left : column + columns]
    patch[top - row : top - row + inside.shape[0], left - column : left - column + inside.shape[1]] = inside
    return patch
