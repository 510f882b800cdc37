"""Settings of the page about convolution, made without its widgets."""

import numpy as np

from nncore.theory.convolution import Windows
from nncore.theory.kernels import PRESETS, preset_kernel, read_kernel
from pages.convolution.convolution.settings import KernelChoice, Settings

LAYER = {"bias": 0.0, "stride": 1, "padding": "valid", "activation": "relu"}


def settings_of(
    picture, kernel, *, size=5, index=None, pooling="none", pool_size=2, pool_stride=2, pixel=(0, 0), **layer
):
    """Return the settings for a kernel given as a preset's name, as typed text, or as an array (k, k)."""
    if isinstance(kernel, str):
        weights = preset_kernel(kernel, size) if kernel in PRESETS else read_kernel(kernel)
    else:
        kernel, weights = "model3", np.asarray(kernel)
    layer = LAYER | layer
    side = Windows(len(picture), len(weights), layer["stride"], layer["padding"]).count
    pool_windows = Windows(side, pool_size, pool_stride)
    return Settings(
        picture, index, KernelChoice(kernel, weights, 0.0, None), **layer, pooling=pooling,
        pool_windows=pool_windows, pixel=pixel,
    )  # fmt: skip
