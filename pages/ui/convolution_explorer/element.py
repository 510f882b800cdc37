"""A picture, one map that a layer makes, and perhaps a pooled map; hovering an output shows what it sees and its sum.

The element computes nothing but products of patch and kernel and what they add up to: sums a channel and values come
from `nncore`. A click, a lifted finger or Enter sends the pixel to Python, where it becomes the page's row and column.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from nncore.figures import theme
from nncore.figures.interactive.encode import pack_array
from nncore.networks.inspection import MapArithmetic
from nncore.theory.convolution import Windows, convolve
from pages.ui.convolution_explorer import words

HERE = Path(__file__).parent
ELEMENT = st.components.v2.component(
    "patch",
    js=(HERE / "element.js").read_text(encoding="utf-8"),
    css=(HERE / "style.css").read_text(encoding="utf-8"),
    isolate_styles=False,
)
Array = NDArray[Any]
KINDS = {"Conv2D": "convolution", "MaxPooling2D": "max", "AveragePooling2D": "average"}
COLOURS = {
    "negative": theme.SIGNED[0][1],
    "zero": theme.SIGNED[1][1],
    "positive": theme.SIGNED[2][1],
    "window": theme.WEIGHT,
    "output": theme.OUTPUT,
}


@dataclass(frozen=True)
class Pooling:
    """A pooling of the map and its result, as `nncore.theory.convolution.pool` computed it."""

    kind: str
    size: int
    stride: int
    values: Array


def of_one_kernel(
    picture: Array, kernel: Array, values: Array, *, bias: float, stride: int, padding: str, activation: str
) -> MapArithmetic:
    """What `show` takes, for a picture (rows, columns), a kernel (k, k) and the feature map they give."""
    borders = [Windows(side, len(kernel), stride, padding).border for side in picture.shape]
    before, size = (borders[0][0], borders[1][0]), (len(kernel), len(kernel))
    return MapArithmetic(
        kind="Conv2D",
        inputs=np.pad(picture, borders)[..., None].astype(np.float32),
        kernel=kernel[..., None].astype(np.float32),
        sums=convolve(picture, kernel, stride=stride, padding=padding)[..., None],
        bias=bias,
        activation=activation,
        values=values.astype(np.float32),
        stored=values.astype(np.float32),
        size=size,
        strides=(stride, stride),
        before=before,
        field=(-before[0], -before[1], *size),
        jump=(stride, stride),
    )


def show(
    key: str,
    picture: Array,
    shown: MapArithmetic,
    chosen: tuple[int, int],
    *,
    pooling: Pooling | None = None,
    names: tuple[str, str] = ("row", "column"),
    channel: int | None = None,
) -> None:
    """The element for a picture (rows, columns), 0 to 255, and the map that some layer made of it.

    A chosen pixel is put into the session under `names`, and a clicked input map under `channel`; their widgets must
    stand above. Shown in cells is the input map `channel`, by itself the one whose sum is largest either way.
    """
    data = {
        "kind": KINDS[shown.kind],
        "input": pack_array(picture),
        "map": pack_array(shown.stored),
        "seen": pack_array(np.moveaxis(shown.inputs, 2, 0)),
        "kernel": None if shown.kernel is None else pack_array(np.moveaxis(shown.kernel, 2, 0)),
        "sums": pack_array(shown.sums),
        "bias": shown.bias,
        "activation": shown.activation,
        "size": shown.size,
        "strides": shown.strides,
        "field": shown.field,
        "jump": shown.jump,
        "white": words.white(shown),
        "channel": channel,
        "pooling": vars(pooling) | {"values": pack_array(pooling.values)} if pooling else None,
        "chosen": chosen,
        "colours": COLOURS,
        "words": words.words_for(shown, picture.shape, pooling.values.shape if pooling else None),
    }
    element = f"{key}_element"
    hear_pixel, hear_channel = _hear_pixel(element, names, shown.stored.shape), _hear_channel(element, shown)
    with st.container(key=key):
        ELEMENT(key=element, data=data, on_chosen_change=hear_pixel, on_channel_change=hear_channel)


def _hear_pixel(element: str, names: tuple[str, str], shape: tuple[int, ...]) -> Callable[[], None]:
    """What is done when a pixel was chosen: `chosen` is [row, column]."""

    def hear() -> None:
        given = st.session_state[element]["chosen"]
        if isinstance(given, list) and len(given) == 2 and all(isinstance(place, int) for place in given):
            for name, place, count in zip(names, given, shape, strict=True):
                st.session_state[name] = min(max(place, 0), count - 1)

    return hear


def _hear_channel(element: str, shown: MapArithmetic) -> Callable[[], None]:
    def hear() -> None:
        given = st.session_state[element]["channel"]
        if isinstance(given, int) and 0 <= given < shown.sums.shape[2] > 1:
            st.session_state["channel"] = str(given)

    return hear
