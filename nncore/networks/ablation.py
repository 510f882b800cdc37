"""What becomes of an answer when something is taken away: maps of a layer, or a part of the picture.

Zeiler and Fergus, Visualizing and Understanding Convolutional Networks (2014), slid a grey square over the picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nncore.networks.forward import Floats, forward_from, layer_output

GREY = 127
"""Of the square: neither paper nor ink."""


def switch_off(model: Any, picture: NDArray[Any], layer: int, off: Sequence[int]) -> Floats:
    """The ten outputs (10,) with these maps, or units, of one layer set to zero; none of them is the network as it is.

    IndexError for a layer, map or unit outside; the messages are sentences.
    """
    values = layer_output(model, picture, layer)
    count = values.shape[-1]
    for number in off:
        if not 0 <= number < count:
            raise IndexError(f"expected maps or units of layer {layer} from 0 to {count - 1}, received {number}")
    kept = np.ones(count, np.float32)
    kept[list(off)] = 0
    outputs: Floats = forward_from(model, values * kept, layer)[0]
    return outputs


def each_off(model: Any, picture: NDArray[Any], layer: int) -> Floats:
    """The ten outputs with only one map, or unit, of a layer set to zero, for each of them: (maps, 10)."""
    values = layer_output(model, picture, layer)
    count = values.shape[-1]
    if values.ndim == 2:
        return forward_from(model, values * (1 - np.eye(count, dtype=np.float32)), layer)
    rows = [_without(values, number) for number in range(count)]
    return forward_from(model, np.concatenate(rows), layer)


def _without(values: Floats, number: int) -> Floats:
    changed = values.copy()
    changed[..., number] = 0
    return changed


def cover(picture: NDArray[Any], size: int) -> NDArray[np.uint8]:
    """The picture (rows, columns), 0 to 255, with a grey square around every pixel in turn: one picture a pixel.

    The square has an odd side and is cut off at the border. Row by row, so that what a network makes of them is
    reshaped to the picture. ValueError for a side that is even or not positive.
    """
    if size < 1 or size % 2 == 0:
        raise ValueError(f"expected an odd side of the square, 1 or more, received {size}")
    rows, columns = picture.shape
    half = size // 2
    down = np.abs(np.subtract.outer(np.arange(rows), np.arange(rows))) <= half
    across = np.abs(np.subtract.outer(np.arange(columns), np.arange(columns))) <= half
    hidden = down[:, None, :, None] & across[None, :, None, :]
    covered: NDArray[np.uint8] = np.where(hidden, np.uint8(GREY), np.asarray(picture, np.uint8))
    return covered.reshape(rows * columns, rows, columns)
