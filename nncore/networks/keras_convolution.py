"""The feature map of one kernel by Keras' own operations, to be compared with `theory.convolution.feature_map`."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nncore import _keras as keras


def keras_map(
    picture: ArrayLike, kernel: ArrayLike, *, bias: float, stride: int, padding: str, activation: str
) -> NDArray[np.float32]:
    """Return the feature map (rows', columns') of a picture (rows, columns) and a kernel (k, k), in float32.

    `padding` is `valid` or `same`, and `activation` a name that Keras knows. Call it in the interactive worker.
    """
    inputs = np.asarray(picture, np.float32)[None, :, :, None]
    weights = np.asarray(kernel, np.float32)[:, :, None, None]
    sums = keras.ops.conv(inputs, weights, strides=stride, padding=padding) + np.float32(bias)
    answer: NDArray[np.float32] = np.asarray(keras.activations.get(activation)(sums), np.float32)[0, :, :, 0]
    return answer
