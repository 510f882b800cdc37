"""Which part of a layer's input, and of the network's input image, a part of its output depends on.

Araujo, Norris and Sim, Computing Receptive Fields of Convolutional Neural Networks, Distill (2019).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Window = tuple[int, int, int, int]
"""First row, first column, number of rows, number of columns; the first two are negative inside padding."""


def window_size(layer: Any) -> tuple[int, int]:
    """Rows and columns under the window of a Keras layer: its kernel's or pool's size, (1, 1) for other layers."""
    rows, columns = layer.kernel_size if type(layer).__name__ == "Conv2D" else getattr(layer, "pool_size", (1, 1))
    return int(rows), int(columns)


def step(layer: Any) -> tuple[int, int]:
    """How many rows and columns the window moves from one output to the next."""
    rows, columns = getattr(layer, "strides", (1, 1))
    return int(rows), int(columns)


def border(layer: Any, input_shape: Sequence[int]) -> tuple[int, int]:
    """Rows and columns of padding before the first pixel of an input (rows, columns, ...).

    With padding `same` it is the smaller half of what the windows need beyond the input, otherwise none.
    """
    if getattr(layer, "padding", "valid") != "same":
        return 0, 0
    missing = [
        max(0, (-(-side // stride) - 1) * stride + size - side)
        for side, stride, size in zip(input_shape[:2], step(layer), window_size(layer), strict=True)
    ]
    return missing[0] // 2, missing[1] // 2


def seen_by(layer: Any, input_shape: Sequence[int], part: Window) -> Window:
    """The window of a layer's input, of this shape, that determines the window `part` of its output."""
    sizes, strides, before = window_size(layer), step(layer), border(layer, input_shape)
    first = [part[axis] * strides[axis] - before[axis] for axis in (0, 1)]
    length = [(part[axis + 2] - 1) * strides[axis] + sizes[axis] for axis in (0, 1)]
    return first[0], first[1], length[0], length[1]


def receptive_field(layers: Sequence[Any], input_shapes: Sequence[Sequence[int]]) -> tuple[Window, tuple[int, int]]:
    """The part of the image that pixel (0, 0) after these layers depends on, and its shift with each row and column.

    `input_shapes` holds the input shape (rows, columns, ...) of each layer.
    """
    field: Window = (0, 0, 1, 1)
    rows, columns = 1, 1
    for layer, shape in zip(reversed(layers), reversed(input_shapes), strict=True):
        field = seen_by(layer, shape, field)
        rows, columns = rows * step(layer)[0], columns * step(layer)[1]
    return field, (rows, columns)


def bordered(layer: Any, seen: Floats, shape: Sequence[int], filling: float) -> Floats:
    """Pad a layer's input (rows, columns, channels) with `filling`, as far as the windows of its output reach.

    The output is (rows', columns', ...) = `shape`.
    """
    around = []
    for axis in (0, 1):
        before = border(layer, seen.shape)[axis]
        needed = (shape[axis] - 1) * step(layer)[axis] + window_size(layer)[axis]
        around.append((before, max(0, needed - before - seen.shape[axis])))
    return np.pad(seen, [*around, (0, 0)], constant_values=filling)


def patches(layer: Any, inputs: Floats, shape: Sequence[int]) -> Floats:
    """The patch of the padded input under each output of this shape, (rows', columns', channels, k, k), as a view."""
    down, across = step(layer)
    windows: Floats = sliding_window_view(inputs, window_size(layer), axis=(0, 1))
    return windows[::down, ::across][: shape[0], : shape[1]]
