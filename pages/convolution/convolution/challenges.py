"""The challenges of the page of convolution and pooling: sizes, a kernel for strokes, and a quarter of the outputs."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nncore.theory import kernels
from nncore.theory.convolution import Windows

NAMES = ("twelve", "strokes", "same", "quarter")


def solved_by(
    typed: bool, kernel: NDArray[np.float64], windows: Windows, values: NDArray[Any], pooled: NDArray[Any] | None
) -> dict[str, bool]:
    """Which challenges are met by a kernel, `typed` by hand or not, and by its feature map, (H, W), also pooled."""
    fewer = pooled is not None and 4 * pooled.size == values.size
    return {
        "twelve": windows.count == 12,
        "strokes": typed and kernels.sees_only_vertical(kernel),
        "same": windows.count == 28 and len(kernel) == 5,
        "quarter": fewer and bool(0 < values.max() == pooled.max()),
    }
