"""The controls of the page about convolution: the picture, the kernel, the layer, the pooling and one output pixel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from nncore.cluster import worker
from nncore.cluster.engine import default_engine
from nncore.data.drawing import EmptyDrawingError, prepare
from nncore.theory.activations import ACTIVATIONS
from nncore.theory.convolution import PADDINGS, Windows
from pages.convolution.convolution import kernel
from pages.convolution.convolution.settings import KernelChoice, Settings
from pages.ui import canvas, lesson, widgets

SOURCES = {"test": "A test digit", "draw": "Draw one"}
POOLINGS = {"none": "None", "max": "Max", "average": "Average", "l2": "L2 norm"}


def choose_settings(top: Sequence[DeltaGenerator], left: DeltaGenerator, empty: str) -> Settings:
    """Show all controls, in the six columns of `top` and in `left`; an empty canvas answers with the words `empty`.

    Raises EngineError if no worker answers with the test digit.
    """
    with top[0]:
        source = widgets.radio("source", "Picture", tuple(SOURCES), "test", names=SOURCES)
    with top[1]:
        index = widgets.index_number("index", "Test digit", 9999) if source == "test" else None
    choice = kernel.choose_kernel(top[2], top[3])
    with left:
        with st.spinner(default_engine().progress, show_time=True):
            picture = _choose_picture(index, empty)
        table = st.container()
        layer = _choose_layer(choice)
        windows = Windows(len(picture), len(choice.weights), layer["stride"], layer["padding"])
        pooling, pool_windows = _choose_pooling(windows.count)
    with table if source == "test" else left:  # below a drawing, since the kernel can also be chosen above it
        kernel.edit(choice)
    with top[4]:
        row = widgets.pixel_index("row", "Row", windows.count - 1)
    with top[5]:
        column = widgets.pixel_index("column", "Column", windows.count - 1)
    return Settings(picture, index, choice, **layer, pooling=pooling, pool_windows=pool_windows, pixel=(row, column))


def _choose_picture(index: int | None, empty: str) -> NDArray[Any]:
    """Return the test digit of this index, else the drawing as MNIST would hold it; an empty canvas is black."""
    if index is not None:
        return np.asarray(default_engine().ask(worker.pick_digit, index)[0])
    drawing = canvas.draw_digit(side=220)
    try:
        if drawing is not None:
            return prepare(drawing).picture
    except EmptyDrawingError as error:
        lesson.problem(str(error))
    st.info(empty)
    return np.zeros((28, 28), np.uint8)


def _choose_layer(choice: KernelChoice) -> dict[str, Any]:
    """Choose bias, stride, padding and activation; a learned kernel brings its own bias."""
    first, second = st.columns(2, wrap=False)
    with first:
        stride = widgets.number("stride", "Stride", 1, 4, 1, step=1)
        bias = kernel.choose_bias(choice)
    with second:
        padding = widgets.choice("padding", "Padding", PADDINGS, "valid")
        activation = widgets.choice("activation", "Activation", tuple(ACTIVATIONS), "relu")
    return {"bias": bias, "stride": stride, "padding": padding, "activation": activation}


def _choose_pooling(side: int) -> tuple[str, Windows]:
    """Choose the kind of pooling, and how its windows lie along a feature map of `side` pixels."""
    options = tuple("12345")
    with st.container(horizontal=True, gap="xsmall"):
        kind = widgets.choice("pooling", "Pooling", tuple(POOLINGS), "none", names=POOLINGS, width=118)
        off = kind == "none"
        size = int(widgets.choice("pool_size", "Size", options, "2", disabled=off, width=72))
        stride = int(widgets.choice("pool_stride", "Stride", options, "2", disabled=off, width=72))
    return kind, Windows(side, size, stride)
