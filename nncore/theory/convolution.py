"""Convolution and pooling of one channel in plain NumPy, the explanation of any output, and the arithmetic of sizes.

As in all libraries of neural networks, "convolution" is a cross-correlation: the kernel is not flipped
(https://keras.io/api/layers/convolution_layers/convolution2d/). Keras is the oracle in the tests.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from nncore.specs.layers import Conv2D, ParameterCount
from nncore.theory.activations import activation as activation_named

Array = NDArray[np.float64]

PADDINGS = ("valid", "same")
POOLINGS = ("max", "average", "l2")


@dataclass(frozen=True)
class Windows:
    """The windows of a convolution or pooling along one side of a picture.

    Raises ValueError if no window fits, or for another padding.
    """

    side: int
    """Pixels along the side, at least 1."""
    size: int
    """Pixels that one window covers, at least 1."""
    stride: int = 1
    """Pixels from the start of one window to that of the next, at least 1."""
    padding: str = "valid"
    """With `valid` all windows lie inside; with `same`, zeros at the border make room for one every `stride` pixels."""

    def __post_init__(self) -> None:
        if self.padding not in PADDINGS:
            raise ValueError(f"expected a padding out of {', '.join(PADDINGS)}, received {self.padding!r}")
        if min(self.side, self.size, self.stride) < 1:
            raise ValueError(f"expected a side, a size and a stride of at least 1, received {self}")
        if self.padding == "valid" and self.size > self.side:
            raise ValueError(f"expected a window of at most {self.side} pixels, received {self.size}")

    @property
    def count(self) -> int:
        """The number of windows, hence of outputs, along the side, as Keras counts them."""
        if self.padding == "same":
            return -(-self.side // self.stride)
        return (self.side - self.size) // self.stride + 1

    @property
    def border(self) -> tuple[int, int]:
        """The numbers of zeros before the first and behind the last pixel; of an odd total the larger lies behind."""
        if self.padding == "valid":
            return 0, 0
        missing = max(0, (self.count - 1) * self.stride + self.size - self.side)
        return missing // 2, missing - missing // 2

    @property
    def formula(self) -> str:
        """The count as arithmetic in LaTeX, e.g. (28 - 5)/1 + 1 = 24; `valid` rounds the division down, `same` up."""
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
    """One pixel of a feature map: the patch of the picture behind it, and each step from there to its value."""

    patch: Array
    """The part of the picture under the kernel, (k, k), with padding as zeros."""
    products: Array
    """The patch times the kernel, pixel by pixel, (k, k)."""
    total: float
    """The sum of all products."""
    bias: float
    z: float
    """The total plus the bias."""
    activation: str
    """The name of the activation function."""
    value: float
    """The activation of z, which is the pixel's value in the map."""


def convolve(
    picture: ArrayLike, kernel: ArrayLike, *, bias: float = 0.0, stride: int = 1, padding: str = "valid"
) -> Array:
    """Return z of every output pixel, before any activation: the sum of patch times kernel, plus the bias.

    The picture is (rows, columns) with any values, the kernel (k, k), and the result (rows', columns') as `Windows`
    counts them. Raises ValueError for other shapes, or if no window fits.
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
    """Return the activation of `convolve`, elementwise, as keras.layers.Conv2D with one filter computes it."""
    return activation_named(activation)(convolve(picture, kernel, bias=bias, stride=stride, padding=padding))


def pool(values: ArrayLike, kind: str, *, size: int = 2, stride: int | None = None) -> Array:
    """Pool a map (rows, columns) by the `max`, the `average` or the `l2` norm of every window, with padding `valid`.

    Without a `stride` the windows lie side by side. Raises ValueError for another kind, or if no window fits.
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
    """Return every step to the value at (row, column) of the feature map; raise IndexError outside the map.

    The arguments are those of `feature_map`.
    """
    weights = _square(kernel)
    patches = _patches(_plane(picture, "a picture"), weights, stride, padding)
    for axis, index, count in zip(("row", "column"), (row, column), patches.shape[:2], strict=True):
        if not 0 <= index < count:
            raise IndexError(f"expected a {axis} from 0 to {count - 1}, received {index}")
    patch = patches[row, column].copy()
    products = patch * weights
    total = float(products.sum())
    value = float(activation_named(activation)(total + bias))
    return OutputPixel(patch, products, total, float(bias), total + bias, activation, value)


def shared_parameters(size: int) -> ParameterCount:
    """Return the parameters of one feature map over a grey picture: one kernel (size, size) and one bias."""
    return Conv2D(filters=1, kernel_size=size).parameters((28, 28, 1))


def dense_parameters(inputs: int, outputs: int) -> ParameterCount:
    """Return the parameters of a dense layer: every output has a weight for every input, and a bias of its own."""
    return ParameterCount(f"{inputs}*{outputs} + {outputs}", inputs * outputs + outputs)


def _patches(plane: Array, kernel: Array, stride: int, padding: str) -> Array:
    """Return every window of the size of the kernel, (rows', columns', k, k), as a view if there is no padding."""
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
