"""A picture, its feature map and the pooled map; hovering an output shows the patch and the arithmetic behind it.

The element computes nothing but products and their sum: all values come from `nncore.convolution`. A click, a lifted
finger or Enter sends the pixel to Python, where it becomes the page's `row` and `column`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st
from numpy.typing import NDArray

from nncore.convolution import Windows
from nncore.figures import theme

HERE = Path(__file__).parent
ELEMENT = st.components.v2.component(
    "patch",
    js=(HERE / "patch.js").read_text(encoding="utf-8"),
    css=(HERE / "patch.css").read_text(encoding="utf-8"),
    isolate_styles=False,
)
Array = NDArray[Any]


@dataclass(frozen=True)
class Convolution:
    """What the element shows: a picture (rows, columns), 0 to 255, a kernel (k, k), and the feature map they give."""

    picture: Array
    kernel: Array
    bias: float
    stride: int
    padding: str
    activation: str
    values: Array
    """The feature map, through the activation, as `nncore.convolution.feature_map` computed it."""


@dataclass(frozen=True)
class Pooling:
    """A pooling of the feature map and its result, as `nncore.convolution.pool` computed it."""

    kind: str
    size: int
    stride: int
    values: Array


def show(key: str, shown: Convolution, pooling: Pooling | None, chosen: tuple[int, int]) -> None:
    """The element; a chosen pixel is put into the session's `row` and `column`, whose widgets must stand above."""
    sides = [Windows(side, len(shown.kernel), shown.stride, shown.padding) for side in shown.picture.shape]
    data = {
        "input": shown.picture.tolist(),
        "kernel": shown.kernel.tolist(),
        "bias": shown.bias,
        "stride": shown.stride,
        "border": [side.border for side in sides],
        "activation": shown.activation,
        "map": shown.values.tolist(),
        "pooling": _plain(pooling) if pooling else None,
        "chosen": chosen,
        "colours": {
            "negative": theme.SIGNED[0][1],
            "zero": theme.SIGNED[1][1],
            "positive": theme.SIGNED[2][1],
            "window": theme.WEIGHT,
            "output": theme.OUTPUT,
        },
        "words": _words(shown, pooling),
    }
    element = f"{key}_element"
    with st.container(key=key):
        ELEMENT(key=element, data=data, on_chosen_change=_hear(element, shown.values.shape))


def _hear(element: str, shape: tuple[int, ...]) -> Callable[[], None]:
    """What is done when a pixel was chosen: `chosen` is [row, column]."""

    def hear() -> None:
        given = st.session_state[element]["chosen"]
        if isinstance(given, list) and len(given) == 2 and all(isinstance(place, int) for place in given):
            for name, place, count in zip(("row", "column"), given, shape, strict=True):
                st.session_state[name] = min(max(place, 0), count - 1)

    return hear


def _plain(pooling: Pooling) -> dict[str, Any]:
    return {"kind": pooling.kind, "size": pooling.size, "stride": pooling.stride, "values": pooling.values.tolist()}


def _words(shown: Convolution, pooling: Pooling | None) -> dict[str, Any]:
    """Titles, and what is read out instead of the pictures."""
    arrows = "The arrow keys move over it, Enter chooses."

    def size(values: Array) -> str:
        return f"{values.shape[0]} × {values.shape[1]}"

    zeros = ", zeros around it" if shown.padding == "same" else ""
    picture_alt = "The picture; the patch of the chosen output is outlined"
    words: dict[str, Any] = {
        "input": {"title": f"Picture {size(shown.picture)}{zeros}", "alt": picture_alt},
        "map": {"title": f"Feature map {size(shown.values)}", "alt": f"The feature map. {arrows}"},
        "patch": "Patch x",
        "kernel": "Kernel w",
        "products": "Products w·x",
        "window": "Window of the feature map",
    }
    if pooling:
        words["pooled"] = {"title": f"Pooled {size(pooling.values)}", "alt": f"The pooled map. {arrows}"}
    return words
