"""Convolution kernels: those of image processing, those that the lecture's networks learned, and typed ones."""

from __future__ import annotations

import io
import re
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

PRESETS = ("edges_horizontal", "edges_vertical", "sobel", "blur", "sharpen", "identity")
LEARNED = ("model3", "model4")
SIZES = (3, 5)
LARGEST_WEIGHT = 1000.0
"""The largest size of a weight in a typed kernel."""


class KernelError(ValueError):
    """The typed text is no kernel; the message is a sentence for the reader."""


_SMOOTH = {3: [1.0, 2.0, 1.0], 5: [1.0, 4.0, 6.0, 4.0, 1.0]}
_CHANGE = {3: [-1.0, 0.0, 1.0], 5: [-1.0, -2.0, 0.0, 2.0, 1.0]}
_SHARPEN = {
    3: [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    5: [[0, 0, -1, 0, 0], [0, -1, -2, -1, 0], [-1, -2, 17, -2, -1], [0, -1, -2, -1, 0], [0, 0, -1, 0, 0]],
}


def preset_kernel(name: str, size: int) -> Array:
    """Return a kernel (size, size) of image processing, for size 3 or 5.

    The two edge kernels are plain differences. Sobel is a difference along the row, smoothed along the column, so it
    finds vertical edges. Sharpen adds the negative Laplacian to the picture, and blur takes the mean. Raises
    ValueError for another name or size.
    """
    if name not in PRESETS or size not in SIZES:
        expected = f"a kernel out of {', '.join(PRESETS)} with size 3 or 5"
        raise ValueError(f"expected {expected}, received {name!r} with size {size}")
    if name == "blur":
        return np.full((size, size), 1 / size**2)
    if name == "sharpen":
        return np.array(_SHARPEN[size], float)
    if name == "sobel":
        return np.outer(_SMOOTH[size], _CHANGE[size])
    if name == "identity":
        middle = np.eye(size)[size // 2]
        return np.outer(middle, middle)
    change = np.outer(np.ones(size), np.sign(_CHANGE[size]))
    return change if name == "edges_vertical" else np.ascontiguousarray(change.T)


@lru_cache(maxsize=2)
def learned_kernels(name: str) -> tuple[Array, Array]:
    """Return the kernels (20, 5, 5) and biases (20,) of the first layer of the lecture's `model3` or `model4`.

    The arrays are read-only, since all callers share them. Raises ValueError for another name.
    """
    if name not in LEARNED:
        raise ValueError(f"expected {' or '.join(LEARNED)}, received {name!r}")
    packed = files("nncore.reference").joinpath(f"{name}.npz").read_bytes()
    with np.load(io.BytesIO(packed), allow_pickle=False) as arrays:
        kernels, biases = arrays["arr_0"].astype(np.float64), arrays["arr_1"].astype(np.float64)
    kernels = np.moveaxis(kernels[:, :, 0], -1, 0)
    for shared in (kernels, biases):
        shared.setflags(write=False)
    return kernels, biases


def write_kernel(kernel: ArrayLike) -> str:
    """Write a kernel for a link: its numbers row by row to six digits, such as `1_0_-1_2_0_-2_1_0_-1`."""
    return "_".join(f"{weight + 0.0:.6g}" for weight in np.ravel(kernel))


def read_kernel(text: str) -> Array:
    """Read a kernel (3, 3) or (5, 5) from the text of `write_kernel`, or from numbers with commas or spaces between.

    Raises KernelError for any other text.
    """
    tokens = [token for token in re.split(r"[_,;\s]+", text.strip()) if token]
    sizes = {size**2: size for size in SIZES}
    try:
        numbers = np.array([float(token) for token in tokens])
    except ValueError:
        numbers = np.array([np.nan])
    if len(numbers) not in sizes or not (np.abs(numbers) <= LARGEST_WEIGHT).all():
        received = text if len(text) <= 60 else f"{text[:60]}…"
        raise KernelError(
            f"expected 9 or 25 numbers from -{LARGEST_WEIGHT:g} to {LARGEST_WEIGHT:g}, received “{received}”"
        )
    size = sizes[len(numbers)]
    return numbers.reshape(size, size)


def sees_only_vertical(kernel: ArrayLike) -> bool:
    """Return whether flat grey and horizontal strokes of any width give 0 everywhere, and vertical strokes do not.

    On a horizontal stroke a patch is constant along each row, so only the sum of each row of the kernel matters.
    """
    weights = np.asarray(kernel, np.float64)
    return bool(np.allclose(weights.sum(axis=1), 0, atol=1e-6) and not np.allclose(weights.sum(axis=0), 0, atol=1e-6))
