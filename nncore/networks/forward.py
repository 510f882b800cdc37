"""Forward passes of many images at once, to any layer or from any layer on.

Images are (n, 28, 28) and hold the values the network was trained on, as in `inspection`. A keras.Sequential is run
layer by layer, so that a pass may end or begin anywhere.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def layer_output(model: Any, images: NDArray[Any], layer: int) -> Floats:
    """The output of the layer with this number, counted from 0: (n, rows, columns, maps) or (n, units).

    Raises IndexError for a layer that does not exist.
    """
    if not 0 <= layer < len(model.layers):
        raise IndexError(f"expected a layer from 0 to {len(model.layers) - 1}, received {layer}")
    values = np.asarray(images, np.float32).reshape(-1, *model.input_shape[1:])
    return _through(model.layers[: layer + 1], values)


def forward_from(model: Any, values: Floats, layer: int) -> Floats:
    """The network's outputs (n, 10) if the layer with this number had these output values."""
    return _through(model.layers[layer + 1 :], values)


def predict_batch(model: Any, images: NDArray[Any]) -> Floats:
    """The network's outputs (n, 10) for images (n, 28, 28)."""
    return layer_output(model, images, len(model.layers) - 1)


def layer_outputs(model: Any, image: NDArray[Any]) -> list[Floats]:
    """The image (28, 28) in the network's input shape, then each layer's output for it, without the batch axis.

    Calling layer by layer takes a quarter of the time of a functional model with all outputs. Raises ValueError for an
    image of another size.
    """
    array, shape = np.asarray(image, np.float32), model.input_shape[1:]
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
