"""What the page about convolution convolves, and how: picture, layer settings but for the kernel, and pooling."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from nncore.cluster import worker
from nncore.cluster.engine import default_engine
from nncore.data import drawing as digits
from nncore.theory.activations import ACTIVATIONS
from nncore.theory.convolution import PADDINGS, Windows
from pages.convolution.convolution import kernel
from pages.ui import canvas, lesson, widgets

PICTURES = {"test": "A test digit", "draw": "Draw one"}
POOLINGS = {"none": "None", "max": "Max", "average": "Average", "l2": "L2 norm"}


def choose_source() -> str:
    """`test` or `draw`."""
    return widgets.radio("source", "Picture", tuple(PICTURES), "test", names=PICTURES)


def choose_picture(index: int | None, empty: str) -> NDArray[Any]:
    """The test digit of this index, else a drawing as MNIST would hold it, (28, 28).

    Nothing drawn is a black picture and the words `empty`.
    """
    if index is not None:
        return np.asarray(default_engine().ask(worker.pick_digit, index)[0])
    drawing = canvas.draw_digit(side=220)
    try:
        if drawing is not None:
            return digits.prepare(drawing).picture
    except digits.EmptyDrawingError as error:
        lesson.problem(str(error))
    st.info(empty)
    return np.zeros((28, 28), np.uint8)


def choose_layer(choice: kernel.Choice) -> dict[str, Any]:
    """Bias, stride, padding and activation; a learned kernel brings its bias."""
    first, second = st.columns(2, wrap=False)
    with first:
        stride = widgets.number("stride", "Stride", 1, 4, 1, step=1)
        bias = kernel.choose_bias(choice)
    with second:
        padding = widgets.choice("padding", "Padding", PADDINGS, "valid")
        activation = widgets.choice("activation", "Activation", tuple(ACTIVATIONS), "relu")
    return {"bias": bias, "stride": stride, "padding": padding, "activation": activation}


def choose_pooling(side: int) -> tuple[str, Windows]:
    """The kind of pooling, or `none`, and how its windows lie along the feature map."""
    steps = tuple("12345")
    with st.container(horizontal=True, gap="xsmall"):
        kind = widgets.choice("pooling", "Pooling", tuple(POOLINGS), "none", names=POOLINGS, width=118)
        off = kind == "none"
        size = int(widgets.choice("pool_size", "Size", steps, "2", disabled=off, width=72))
        stride = int(widgets.choice("pool_stride", "Stride", steps, "2", disabled=off, width=72))
    return kind, Windows(side, size, stride)
