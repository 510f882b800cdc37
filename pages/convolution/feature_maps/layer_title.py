"""A layer in a few words."""

from __future__ import annotations

from nncore.networks.inspection import LayerActivation


def title_of(number: int, layer: LayerActivation) -> str:
    """Its number, kind, activation and size: `0 · Conv2D, relu · 24 × 24 × 20`."""
    size = " × ".join(str(side) for side in layer.values.shape)
    function = f", {layer.activation}" if layer.activation else ""
    return f"{number} · {layer.kind}{function} · {size}"
