"""The quadratic cost of a straight line through data: C is half the sum of the squared errors, as in the lecture.

The line f(x) = slope*x + offset is a neuron with one input and no activation. C is least where both derivatives are 0,
which gives the normal equations; `numpy.linalg.lstsq` is the oracle in the tests.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

X = np.array([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5])
"""The inputs of the data: few enough to look at one by one, with mean 0."""
Y = np.array([0.4, 0.2, 1.6, 1.1, 2.9, 2.2])
"""The targets."""
REACH = 4.0
"""A figure shows x from -4 to 4."""
STEP_SIZE = 0.05
"""The step size of gradient descent on this cost; the slope diverges from 2/17.5 on."""


@dataclass(frozen=True)
class Errors:
    """The errors of one line, or of P lines, at n points; arrays of shape (n,), or (P, n), unless stated otherwise."""

    outputs: Array
    """f(x) = slope*x + offset."""
    errors: Array
    """f(x) - y."""
    squares: Array
    """The squared errors, which are drawn as areas."""
    cost: Array
    """Half the sum of the squares, of shape (), or (P,)."""
    slope_gradient: Array
    """dC/dslope, the sum of error times x, in the shape of `cost`."""
    offset_gradient: Array
    """dC/doffset, the sum of the errors, in the shape of `cost`."""


def measure(slope: ArrayLike, offset: ArrayLike, x: ArrayLike = X, y: ArrayLike = Y) -> Errors:
    """Return the errors of lines with slope and offset of shape () or (P,) at points x and y of shape (n,).

    Raises ValueError if x and y differ in shape.
    """
    inputs, targets = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if inputs.ndim != 1 or inputs.shape != targets.shape:
        raise ValueError(f"expected as many targets as inputs, received shapes {targets.shape} and {inputs.shape}")
    outputs = np.asarray(slope, dtype=np.float64)[..., None] * inputs + np.asarray(offset, dtype=np.float64)[..., None]
    errors = outputs - targets
    squares = errors * errors
    cost = squares.sum(axis=-1) / 2
    return Errors(outputs, errors, squares, cost, (errors * inputs).sum(axis=-1), errors.sum(axis=-1))


def best_line(x: ArrayLike = X, y: ArrayLike = Y) -> tuple[float, float]:
    """Return the slope and offset of least cost; raise ValueError if all x are equal, since then no line is best."""
    inputs, targets = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    spread = inputs - inputs.mean()
    if not spread.any():
        raise ValueError(f"expected at least two different inputs, received {inputs.tolist()}")
    slope = float((spread * targets).sum() / (spread * spread).sum())
    return slope, float(targets.mean() - slope * inputs.mean())


def corners(slope: ArrayLike, offset: ArrayLike, x: Array = X, y: Array = Y) -> tuple[Array, Array]:
    """Return the outlines of the squared errors, x and y of shape (..., 6n): five corners for each, then NaN.

    One side is the error itself, upright between point and line. The square lies on the side where the line does not
    cut it, or on the other side where it would leave the figure.
    """
    steep, measured = np.asarray(slope, dtype=np.float64)[..., None], measure(slope, offset, x, y)
    width = np.where(measured.errors * steep >= 0, 1.0, -1.0) * np.abs(measured.errors)
    width = np.where(np.abs(x + width) > REACH, -width, width)
    near, far = np.broadcast_to(x, width.shape), x + width
    low, gap = np.broadcast_to(y, width.shape), np.full(width.shape, np.nan)
    across = np.stack([near, far, far, near, near, gap], axis=-1)
    up = np.stack([low, low, measured.outputs, measured.outputs, low, gap], axis=-1)
    return across.reshape(*width.shape[:-1], -1), up.reshape(*width.shape[:-1], -1)
