"""The texts of the convolution explorer, and the value that its patches show as white."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nncore.networks.inspection import MapArithmetic


def is_first(shown: MapArithmetic) -> bool:
    """Whether the layer's input is the image itself."""
    return (shown.field[2:], shown.jump) == (shown.size, shown.strides) and shown.inputs.shape[2] == 1


def white(shown: MapArithmetic) -> float:
    """The value drawn white in a patch: an image's white if the layer sees the image, else the largest input."""
    largest = float(np.nanmax(np.abs(shown.inputs))) or 1.0
    if not is_first(shown):
        return largest
    return 255.0 if largest > 1 else 1.0


def words_for(shown: MapArithmetic, sides: tuple[int, ...], pooled: tuple[int, ...] | None) -> dict[str, Any]:
    """Titles and alternative texts, for an image of these `sides` and perhaps a map of shape `pooled`."""
    arrows = "The arrow keys move over it, Enter chooses."
    size: Callable[[tuple[int, ...]], str] = lambda shape: f"{shape[0]} × {shape[1]}"  # noqa: E731
    zeros = ", zeros around it" if min(shown.field[:2]) < 0 else ""
    seen = f"Picture {size(sides)}{zeros}" if is_first(shown) else f"It sees {size(shown.field[2:])} pixels{zeros}"
    channels = shown.sums.shape[2]
    words: dict[str, Any] = {
        "input": {"title": seen, "alt": "The picture; what the chosen output sees of it is outlined"},
        "map": {"title": f"Feature map {size(shown.stored.shape)}", "alt": f"The feature map. {arrows}"},
        "patch": "Patch x",
        "kernel": "Kernel w",
        "products": "Products w·x",
        "sums": f"Sum of products w·x for each of the {channels} input maps: point at one to see its patch",
        "total": "Σ w·x + b" if channels == 1 else f"Σ of the {channels} sums + b",
        "window": "Window of the feature map" if pooled else "Window of the input map",
    }
    if pooled:
        words["pooled"] = {"title": f"Pooled {size(pooled)}", "alt": f"The pooled map. {arrows}"}
    return words
