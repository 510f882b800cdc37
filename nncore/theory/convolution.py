"""Convolution and pooling of one channel in plain NumPy, any output taken apart, and the arithmetic of sizes.

As in all libraries of neural networks, "convolution" is a cross-correlation: the kernel is not flipped
(https://keras.io/api/layers/convolution_layers/convolution2d/). Keras is the oracle in the tests.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from nncore import _keras as keras
from nncore.specs.layers import Conv2D, ParameterCount
from nncore.theory.activations import activation as activation_named

Array = NDArray[np.float64]

PADDINGS = ("valid", "same")
POOLINGS = ("max", "average", "l2")


@dataclass(frozen=True)
class Windows:
    """How windows lie along a side of so many pixels. ValueError, in words, where no window fits."""

    side: int
    size: int
    stride: int = 1
    padding: str = "valid"
    """`valid`: windows lie inside. `same`: zeros around the border make room for one window every `stride` pixels."""

    def __post_init__(self) -> None:
        if self.padding not in PADDINGS:
            raise ValueError(f"expected a padding out of {', '.join(PADDINGS)}, received {self.padding!r}")
        if min(self.side, self.size, self.stride) < 1:
            raise ValueError(f"expected a side, a size and a stride of at least 1, received {self}")
        if self.padding == "valid" and self.size > self.side:
            raise ValueError(f"expected a window of at most {self.side} pixels, received {self.size}")

    @property
    def count(self) -> int:
        """Outputs along the side, as Keras counts them."""
        if self.padding == "same":
            return -(-self.side // self.stride)
        return (self.side - self.size) // self.stride + 1

    @property
    def border(self) -> tuple[int, int]:
        """Zeros before the first pixel and behind the last; an odd one lies behind."""
        if self.padding == "valid":
            return 0, 0
        missing = max(0, (self.count - 1) * self.stride + self.size - self.side)
        return missing // 2, missing - missing // 2

    @property
    def formula(self) -> str:
        """The count as arithmetic in LaTeX: (28 - 5)/1 + 1 = 24, rounded down, or with `same` up, where it must be."""
        if self.padding == "same":
            share, sign, plus = rf"\frac{{{self.side}}}{{{self.stride}}}", "ceil", ""
            exact = self.side % self.stride == 0
        else:
            share, sign, plus = rf"\frac{{{self.side} - {self.size}}}{{{self.stride}}}", "floor", " + 1"
            exact = (self.side - self.size) % self.stride == 0
        rounded = share if exact else rf"\left\l{sign} {share} \right\r{sign}"
        return f"{rounded}{plus} = {self.count}"


@dataclass(frozen=True)
class OutputPixel:
    """One pixel of a feature map: what it saw, and how its value came about."""

    patch: Array
    """(k, k): the seen part of the picture, padding as zeros."""
    products: Array
    """patch times kernel, pixel by pixel, (k, k)."""
    total: float
    """All products added up."""
    bias: float
    z: float
    """total + bias."""
    activation: str
    value: float
    """The activation of z: what the map holds."""


def convolve(
    picture: ArrayLike, kernel: ArrayLike, *, bias: float = 0.0, stride: int = 1, padding: str = "valid"
) -> Array:
    """z of every output pixel: patch times kernel, summed, plus bias; no activation yet.

    Picture (rows, columns) of any values, kernel (k, k); the answer is (rows', columns') as `Windows` counts them.
    ValueError for other shapes, or where no window fits.
    """
    patches = _patches(_plane(picture, "a picture"), _square(kernel), stride, padding)
    answer: Array = np.einsum("rcij,ij->rc", patches, _square(kernel)) + bias
    return answer


def feature_map(
    picture: ArrayLike,
    kernel: ArrayLike,
    *,
    bias: float = 0.0,
    stride: int = 1,
    padding: str = "valid",
    activation: str = "relu",
) -> Array:
    """`convolve`, through the activation of this name: what keras.layers.Conv2D with one filter gives."""
    return activation_named(activation)(convolve(picture, kernel, bias=bias, stride=stride, padding=padding))


def pool(values: ArrayLike, kind: str, *, size: int = 2, stride: int | None = None) -> Array:
    """`max`, `average`, or `l2`, the root of the sum of squares, of every window; without `stride`, side by side.

    Takes (rows, columns), with padding `valid` as in the lecture. ValueError for another kind or where no window fits.
    """
    if kind not in POOLINGS:
        raise ValueError(f"expected a pooling out of {', '.join(POOLINGS)}, received {kind!r}")
    patches = _patches(_plane(values, "a map"), np.ones((size, size)), stride or size, "valid")
    if kind == "max":
        return np.asarray(patches.max(axis=(2, 3)))
    if kind == "average":
        return np.asarray(patches.mean(axis=(2, 3)))
    return np.asarray(np.sqrt((patches**2).sum(axis=(2, 3))))


def explain_output(
    picture: ArrayLike,
    kernel: ArrayLike,
    row: int,
    column: int,
    *,
    bias: float = 0.0,
    stride: int = 1,
    padding: str = "valid",
    activation: str = "relu",
) -> OutputPixel:
    """Take apart the value at (row, column) of the feature map; IndexError, in words, outside of it."""
    weights = _square(kernel)
    patches = _patches(_plane(picture, "a picture"), weights, stride, padding)
    for what, place, count in zip(("row", "column"), (row, column), patches.shape[:2], strict=True):
        if not 0 <= place < count:
            raise IndexError(f"expected a {what} from 0 to {count - 1}, received {place}")
    patch = patches[row, column].copy()
    products = patch * weights
    total = float(products.sum())
    value = float(activation_named(activation)(total + bias))
    return OutputPixel(patch, products, total, float(bias), total + bias, activation, value)


def keras_map(
    picture: ArrayLike, kernel: ArrayLike, *, bias: float, stride: int, padding: str, activation: str
) -> NDArray[np.float32]:
    """The same feature map by Keras' own operations, in float32; for the interactive worker."""
    inputs = np.asarray(picture, np.float32)[None, :, :, None]
    weights = np.asarray(kernel, np.float32)[:, :, None, None]
    sums = keras.ops.conv(inputs, weights, strides=stride, padding=padding) + np.float32(bias)
    answer: NDArray[np.float32] = np.asarray(keras.activations.get(activation)(sums), np.float32)[0, :, :, 0]
    return answer


def shared_parameters(size: int) -> ParameterCount:
    """Of one feature map over a grey picture: one kernel and one bias, wherever it looks."""
    return Conv2D(filters=1, kernel_size=size).parameters((28, 28, 1))


def dense_parameters(inputs: int, outputs: int) -> ParameterCount:
    """Of a dense layer with as many outputs: each has a weight for every input, and a bias of its own."""
    return ParameterCount(f"{inputs}*{outputs} + {outputs}", inputs * outputs + outputs)


def _patches(plane: Array, kernel: Array, stride: int, padding: str) -> Array:
    """Every window of the kernel's size, (rows', columns', k, k); a view where there is no padding."""
    sides = [Windows(side, len(kernel), stride, padding) for side in plane.shape]
    padded = np.pad(plane, [side.border for side in sides])
    answer: Array = sliding_window_view(padded, kernel.shape)[::stride, ::stride]
    return answer


def _plane(values: ArrayLike, what: str) -> Array:
    array = np.asarray(values, np.float64)
    if array.ndim != 2:
        raise ValueError(f"expected {what} (rows, columns), received shape {array.shape}")
    return array


def _square(kernel: ArrayLike) -> Array:
    array = np.asarray(kernel, np.float64)
    if array.ndim != 2 or array.shape[0] != array.shape[1]:
        raise ValueError(f"expected a square kernel (k, k), received shape {array.shape}")
    return array
