"""What the page about convolution is set to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nncore.theory.convolution import Windows
from nncore.theory.kernels import LEARNED, PRESETS, preset_kernel


@dataclass(frozen=True)
class KernelChoice:
    """A kernel and where it comes from."""

    name: str
    """A preset, `model3`, `model4`, or the numbers themselves."""
    weights: NDArray[np.float64]
    """(3, 3) or (5, 5)."""
    bias: float
    """The bias that the network learned with it; 0 for the others."""
    number: int | None
    """The kernel's number in the network; None for the others."""

    @property
    def typed(self) -> bool:
        """Whether the numbers were typed and are not those of a preset."""
        if self.name in (*PRESETS, *LEARNED):
            return False
        presets = (preset_kernel(name, len(self.weights)) for name in PRESETS)
        return not any(np.array_equal(self.weights, preset) for preset in presets)


@dataclass(frozen=True)
class Settings:
    """What is convolved, and how."""

    picture: NDArray[Any]
    """(28, 28), grey values from 0 to 255."""
    index: int | None
    """The number of the test digit; None for a drawing."""
    kernel: KernelChoice
    bias: float
    stride: int
    padding: str
    activation: str
    pooling: str
    """`max`, `average`, `l2` or `none`."""
    pool_windows: Windows
    """How the windows of the pooling lie along a side of the feature map."""
    pixel: tuple[int, int]
    """Row and column of the output pixel that is taken apart."""

    @property
    def layer(self) -> dict[str, Any]:
        """The arguments of the functions in `nncore.theory.convolution` beside picture and kernel."""
        return {name: getattr(self, name) for name in ("bias", "stride", "padding", "activation")}

    @property
    def windows(self) -> Windows:
        """How the windows of the kernel lie along a side of the picture."""
        return Windows(len(self.picture), len(self.kernel.weights), self.stride, self.padding)
