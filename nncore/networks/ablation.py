"""How the outputs change when something is taken away: maps or units of a layer, or a part of the image.

Zeiler and Fergus, Visualizing and Understanding Convolutional Networks (2014), slid a grey square over the image.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nncore.networks.forward import Floats, forward_from, layer_output

GREY = 127
"""The pixel value of the square: neither paper nor ink."""


def switch_off(model: Any, image: NDArray[Any], layer: int, off: Sequence[int]) -> Floats:
    """The ten outputs (10,) for an image (28, 28) with these maps, or units, of one layer set to zero.

    With an empty `off` they are those of the unchanged network. Layers, maps and units are counted from 0; raises
    IndexError for one that does not exist.
    """
    values = layer_output(model, image, layer)
    count = values.shape[-1]
    for number in off:
        if not 0 <= number < count:
            raise IndexError(f"expected maps or units of layer {layer} from 0 to {count - 1}, received {number}")
    kept = np.ones(count, np.float32)
    kept[list(off)] = 0
    outputs: Floats = forward_from(model, values * kept, layer)[0]
    return outputs


def each_off(model: Any, image: NDArray[Any], layer: int) -> Floats:
    """The ten outputs with one map, or unit, of a layer set to zero, for each of them in turn: (maps, 10).

    The image is (28, 28) and layers are counted from 0; raises IndexError for a layer that does not exist.
    """
    values = layer_output(model, image, layer)
    count = values.shape[-1]
    if values.ndim == 2:
        return forward_from(model, values * (1 - np.eye(count, dtype=np.float32)), layer)
    rows = [_without(values, number) for number in range(count)]
    return forward_from(model, np.concatenate(rows), layer)


def _without(values: Floats, number: int) -> Floats:
    changed = values.copy()
    changed[..., number] = 0
    return changed


def cover(image: NDArray[Any], size: int) -> NDArray[np.uint8]:
    """Cover an image (rows, columns) of 0 to 255 with a grey square around every pixel in turn.

    The square's side `size` is odd, and it is cut off at the border. Returns one image a pixel, row by row, (rows *
    columns, rows, columns), so that one output for each can be reshaped to (rows, columns). Raises ValueError for a
    side that is even or not positive.
    """
    if size < 1 or size % 2 == 0:
        raise ValueError(f"expected an odd side of the square, 1 or more, received {size}")
    rows, columns = image.shape
    half = size // 2
    down = np.abs(np.subtract.outer(np.arange(rows), np.arange(rows))) <= half
    across = np.abs(np.subtract.outer(np.arange(columns), np.arange(columns))) <= half
    hidden = down[:, None, :, None] & across[None, :, None, :]
    covered: NDArray[np.uint8] = np.where(hidden, np.uint8(GREY), np.asarray(image, np.uint8))
    return covered.reshape(rows * columns, rows, columns)
