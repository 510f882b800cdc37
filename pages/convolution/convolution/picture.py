"""What the page computes from its settings: the feature map, the pooled map, and one output pixel taken apart."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nncore.theory.convolution import OutputPixel, explain_output, feature_map, pool
from pages.convolution.convolution.settings import Settings


class Maps(NamedTuple):
    """The outputs of convolution and pooling."""

    feature_map: NDArray[np.float64]
    """(rows, columns)."""
    pooled: NDArray[np.float64] | None
    """(rows, columns); None without pooling."""
    pixel: OutputPixel
    """The chosen pixel of the feature map."""


def compute_maps(settings: Settings) -> Maps:
    """Convolve the picture, pool the feature map where the settings say so, and take the chosen pixel apart."""
    picture, weights = settings.picture, settings.kernel.weights
    values = feature_map(picture, weights, **settings.layer)
    windows, pooled = settings.pool_windows, None
    if settings.pooling != "none":
        pooled = pool(values, settings.pooling, size=windows.size, stride=windows.stride)
    return Maps(values, pooled, explain_output(picture, weights, *settings.pixel, **settings.layer))
