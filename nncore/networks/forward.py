"""Forward passes of many pictures at once: a layer's values, the outputs, and what follows from changed values.

Pictures are (n, 28, 28) and hold the values the network was trained on, as in `inspection`; a keras.Sequential is run
layer by layer, so that a pass may end or begin anywhere.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def layer_output(model: Any, pictures: NDArray[Any], layer: int) -> Floats:
    """What the layer with this number, counted from 0, makes of each picture: (n, rows, columns, maps) or (n, units).

    IndexError for a layer outside; the message is a sentence.
    """
    if not 0 <= layer < len(model.layers):
        raise IndexError(f"expected a layer from 0 to {len(model.layers) - 1}, received {layer}")
    values = np.asarray(pictures, np.float32).reshape(-1, *model.input_shape[1:])
    return _through(model.layers[: layer + 1], values)


def forward_from(model: Any, values: Floats, layer: int) -> Floats:
    """The outputs (n, 10) where the layer with this number has these values, whatever led to them."""
    return _through(model.layers[layer + 1 :], values)


def predict_batch(model: Any, pictures: NDArray[Any]) -> Floats:
    """The ten outputs for each picture, (n, 10)."""
    return layer_output(model, pictures, len(model.layers) - 1)


def layer_outputs(model: Any, picture: NDArray[Any]) -> list[Floats]:
    """One picture as the network takes it, then each layer's output for it, without the batch.

    Layer by layer: for one picture that takes a quarter of the time of a functional model with all outputs. ValueError
    for a picture of another size.
    """
    array, shape = np.asarray(picture, np.float32), model.input_shape[1:]
    if array.size != np.prod(shape):
        raise ValueError(f"expected a picture for a network with input {shape}, received shape {array.shape}")
    values: Any = array.reshape(1, *shape)
    found = [values[0]]
    for layer in model.layers:
        values = layer(values, training=False)
        found.append(np.asarray(values, np.float32)[0])
    return found


def _through(layers: list[Any], values: Any) -> Floats:
    for layer in layers:
        values = layer(values, training=False)
    return np.asarray(values, np.float32)
