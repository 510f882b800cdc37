"""The challenges of the page about convolution and pooling."""

from __future__ import annotations

from nncore.theory.kernels import sees_only_vertical
from pages.convolution.convolution.picture import Maps
from pages.convolution.convolution.settings import Settings

NAMES = ("twelve", "strokes", "same", "quarter")


def solved_by(settings: Settings, maps: Maps) -> dict[str, bool]:
    """Return for each challenge, by name, whether the settings and the maps that they give meet it."""
    values, pooled, side, kernel = maps.feature_map, maps.pooled, settings.windows.count, settings.kernel
    return {
        "twelve": side == 12,
        "strokes": kernel.typed and sees_only_vertical(kernel.weights),
        "same": side == 28 and len(kernel.weights) == 5,
        "quarter": pooled is not None and 4 * pooled.size == values.size and bool(0 < values.max() == pooled.max()),
    }
