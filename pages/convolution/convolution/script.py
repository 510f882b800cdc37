"""The script of the page about convolution: the layers on the screen in Keras, and the chosen pixel by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nncore.theory.convolution import Windows
from pages.ui.convolution_explorer.element import Pooling

HEAD = """\
import numpy as np
import keras
import keras.models as km
import keras.layers as kl

{picture}
kernel = np.array({kernel})
bias = {bias}

model = km.Sequential()
model.add(kl.Input(shape = (28, 28, 1), dtype = 'float64'))
model.add(kl.Conv2D(1, kernel_size = ({size}, {size}), strides = {stride}, padding = '{padding}',
                    activation = '{activation}', dtype = 'float64'))
model.set_weights([kernel.reshape({size}, {size}, 1, 1), np.array([bias])])

feature_map = np.array(model(picture.reshape(1, 28, 28, 1)))
print('feature map', feature_map.shape[1:3])
print('pixel ({row}, {column}) = %.5g' % feature_map[0, {row}, {column}, 0])

# The same pixel by hand: its patch times the kernel, summed, plus bias.
padded = np.pad(picture, {border})
patch = padded[{top}:{bottom}, {left}:{right}]
print('sum + bias = %.5g' % ((patch * kernel).sum() + bias))
"""
LOADED = """\
(x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()
picture = x_test[{index}].astype('float64')"""
POOLED = {
    "max": "pooled = kl.MaxPooling2D({size}, strides = {stride}, dtype = 'float64')(feature_map)",
    "average": "pooled = kl.AveragePooling2D({size}, strides = {stride}, dtype = 'float64')(feature_map)",
    "l2": "# Keras has no L2 pooling: the root of the mean square, times the window's side.\n"
    "mean = kl.AveragePooling2D({size}, strides = {stride}, dtype = 'float64')(feature_map**2)\n"
    "pooled = {size} * np.sqrt(np.array(mean))",
}
TAIL = """
{pooling}
print('pooled', tuple(pooled.shape[1:3]))
print('largest pooled value = %.5g' % np.max(pooled))
"""


def write(
    picture: NDArray[Any],
    index: int | None,
    kernel: NDArray[np.float64],
    settings: dict[str, Any],
    pooling: Pooling | None,
    chosen: tuple[int, int],
) -> str:
    """The script for a test digit of this index, or for a drawing, whose pixels are then written out."""
    row, column = chosen
    size, stride = len(kernel), settings["stride"]
    border = [Windows(side, size, stride, settings["padding"]).border for side in picture.shape]
    script = HEAD.format(
        picture=LOADED.format(index=index) if index is not None else write_picture(picture),
        kernel=_rows(kernel.tolist()),
        size=size,
        row=row,
        column=column,
        border=border,
        top=row * stride,
        bottom=row * stride + size,
        left=column * stride,
        right=column * stride + size,
        **settings,
    )
    if pooling is not None:
        script += TAIL.format(pooling=POOLED[pooling.kind].format(size=pooling.size, stride=pooling.stride))
    return script


def _rows(rows: list[list[float]]) -> str:
    """Nested lists, one row a line below the one before."""
    return "[" + (",\n" + " " * 18).join(str(row) for row in rows) + "]"


def write_picture(picture: NDArray[Any]) -> str:
    """A drawing (28, 28) written out, as `picture`."""
    lines = (",\n    ".join(str(row) for row in picture.tolist())).replace(" ", "")
    return f"picture = np.array([\n    {lines},\n], dtype = 'float64')".replace(",\n[", ",\n    [")
