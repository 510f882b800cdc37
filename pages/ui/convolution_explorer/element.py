"""An image, a feature map and perhaps a pooled map; hovering an output shows its receptive field and its arithmetic.

The browser computes only the products of patch and kernel and their sum: values and the sums of the channels come from
`nncore`. A click, a lifted finger or Enter sends the pixel to Python, where it becomes the page's row and column.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
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
    """A pooling of the map and its `values`, computed by `nncore.theory.convolution.pool`."""

    kind: str
    size: int
    stride: int
    values: Array


def of_one_kernel(
    picture: Array, kernel: Array, values: Array, *, bias: float, stride: int, padding: str, activation: str
) -> MapArithmetic:
    """The arithmetic to be shown for an image (rows, columns), a kernel (k, k) and the feature map that they give."""
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


def show_convolution_explorer(
    key: str,
    picture: Array,
    shown: MapArithmetic,
    chosen: tuple[int, int],
    *,
    pooling: Pooling | None = None,
    names: tuple[str, str] = ("row", "column"),
    channel: int | None = None,
) -> None:
    """Show an image (rows, columns), 0 to 255, and the map that a layer made of it.

    The session gets the row and column of a chosen pixel under `names`, and a clicked input map under `channel`; their
    widgets must stand above. The cells show the input map `channel`, by default the one whose sum is largest in size.
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
    choose_pixel = partial(_choose_pixel, element, names, shown.stored.shape)
    choose_channel = partial(_choose_channel, element, shown.sums.shape[2])
    with st.container(key=key):
        ELEMENT(key=element, data=data, on_chosen_change=choose_pixel, on_channel_change=choose_channel)


def _choose_pixel(element: str, names: tuple[str, str], shape: tuple[int, ...]) -> None:
    """Take the browser's `chosen`, which is [row, column]."""
    given = st.session_state[element]["chosen"]
    if isinstance(given, list) and len(given) == 2 and all(isinstance(place, int) for place in given):
        for name, place, count in zip(names, given, shape, strict=True):
            st.session_state[name] = min(max(place, 0), count - 1)


def _choose_channel(element: str, channels: int) -> None:
    """Take the browser's `channel`, the number of an input map."""
    given = st.session_state[element]["channel"]
    if isinstance(given, int) and 0 <= given < channels > 1:
        st.session_state["channel"] = str(given)
