"""Convolution and pooling: one kernel over one picture, every output traced back to the patch it came from."""

from __future__ import annotations

import numpy as np
import streamlit as st

from nncore import digits, kernels, worker
from nncore.activations import ACTIVATIONS
from nncore.convolution import (
    PADDINGS,
    POOLINGS,
    Windows,
    dense_parameters,
    explain_output,
    feature_map,
    keras_map,
    pool,
    shared_parameters,
)
from nncore.engine import EngineError, default_engine
from pages.ui import canvas, challenges, controls, convolution_script, kernel_choice, lesson, patch, places
from pages.ui.numerals import factor, tex

PICTURES = {"test": "A test digit", "draw": "Draw one"}
POOLING_NAMES = {"none": "None", "max": "Max", "average": "Average", "l2": "L2 norm"}


def choose_picture() -> np.ndarray:
    """A test digit of the data set, or a drawing as MNIST would hold it, (28, 28); nothing drawn is a black picture."""
    if source == "test":
        return np.asarray(engine.ask(worker.pick_digit, index)[0])
    drawing = canvas.draw_digit(side=220)
    try:
        if drawing is not None:
            return digits.prepare(drawing).picture
    except digits.EmptyDrawingError as error:
        lesson.problem(str(error))
    st.info(sections["empty"])
    return np.zeros((28, 28), np.uint8)


def choose_layer() -> dict:
    """The settings of the convolution, but for its kernel."""
    first, second = st.columns(2, wrap=False)
    with first:
        stride = controls.number("stride", "Stride", 1, 4, 1, step=1)
        bias = kernel_choice.choose_bias(choice)
    with second:
        padding = controls.choice("padding", "Padding", PADDINGS, "valid")
        activation = controls.choice("activation", "Activation", tuple(ACTIVATIONS), "relu")
    return {"bias": bias, "stride": stride, "padding": padding, "activation": activation}


def choose_pooling(side: int) -> tuple[str, Windows]:
    """The kind of pooling, or none, and how its windows lie along the feature map."""
    steps = tuple("12345")
    with st.container(horizontal=True, gap="xsmall"):
        kind = controls.choice("pooling", "Pooling", tuple(POOLING_NAMES), "none", names=POOLING_NAMES, width=118)
        off = kind == "none"
        size = int(controls.choice("pool_size", "Size", steps, "2", disabled=off, width=72))
        stride = int(controls.choice("pool_stride", "Stride", steps, "2", disabled=off, width=72))
    return kind, Windows(side, size, stride)


def show_equation() -> None:
    """The chosen pixel with its numbers, and the sizes as arithmetic."""
    name, k = pixel.activation.replace("_", r"\_"), len(choice.kernel)
    total = rf"\text{{{name}}}\left({tex(pixel.total, 5)} + {factor(pixel.bias, 5)}\right)"
    value = rf"{total} = \text{{{name}}}\left({tex(pixel.z, 5)}\right) = {tex(pixel.value, 5)}"
    sizes = windows.formula if pooled is None else rf"{windows.formula} \ \to\  {pool_windows.formula}"
    with equation:
        st.latex(rf"a_{{{row},{column}}} = f\big(\sum_{{{k}\times {k}}} w\,x + b\big) = {value}", width="content")
        st.latex(sizes, width="content")


def show_results() -> None:
    """The numbers of the page, and what the weights of one feature map are worth."""
    stored = engine.ask(keras_map, picture, choice.kernel, **settings)[row, column]
    shared, dense = shared_parameters(len(choice.kernel)), dense_parameters(picture.size, values.size)
    numbers = [("map_size", "Feature map", f"{values.shape[0]} × {values.shape[1]}", f"{values.size} outputs")]
    if pooled is not None:
        numbers += [("pooled_size", "Pooled", f"{pooled.shape[0]} × {pooled.shape[1]}", f"{pooled.size} outputs")]
    numbers += [
        ("computed", "This pixel", f"{pixel.value:.5g}", "by this arithmetic"),
        ("stored", "In Keras", f"{float(stored):.5g}", "Conv2D's output"),
        ("conv_parameters", "Parameters of this map", f"{shared.count}", shared.arithmetic.replace("*", "·")),
        ("dense_parameters", "Of a dense layer", f"{dense.count:,}", dense.arithmetic.replace("*", "·")),
    ]
    for place, (key, label, value, of) in zip(st.columns(len(numbers)), numbers, strict=True):
        with place:
            lesson.result(key, label, value, of=of)
    st.markdown(sections["shared"])


engine = default_engine()
solved = dict.fromkeys(("twelve", "strokes", "same", "quarter"), False)
sections = lesson.header(__file__)
equation = st.container(
    key="equation", horizontal=True, horizontal_alignment="center", vertical_alignment="center", gap="medium"
)
tops = st.columns([0.25, 0.12, 0.25, 0.16, 0.11, 0.11], gap="small")
left, right = st.columns([0.3, 0.7], gap="medium")
below = st.container()
with tops[0]:
    source = controls.radio("source", "Picture", tuple(PICTURES), "test", names=PICTURES)
with tops[1]:
    index = places.whole("index", "Test digit", 9999) if source == "test" else None
choice = kernel_choice.choose_kernel(tops[2], tops[3])
script = None
try:
    with left, st.spinner(engine.progress, show_time=True):
        picture = choose_picture()
    with left:
        table = st.container()
        settings = choose_layer()
        windows = Windows(len(picture), len(choice.kernel), settings["stride"], settings["padding"])
        kind, pool_windows = choose_pooling(windows.count)
    with table if source == "test" else left:  # below a drawing, since the kernel can also be chosen above it
        kernel_choice.edit(choice)
    values = feature_map(picture, choice.kernel, **settings)
    size, stride = pool_windows.size, pool_windows.stride
    pooled = pool(values, kind, size=size, stride=stride) if kind in POOLINGS else None
    with tops[4]:
        row = places.along("row", "Row", windows.count - 1)
    with tops[5]:
        column = places.along("column", "Column", windows.count - 1)
    pixel = explain_output(picture, choice.kernel, row, column, **settings)
    show_equation()
    with right:
        convolution = patch.Convolution(picture, choice.kernel, values=values, **settings)
        pooling = None if pooled is None else patch.Pooling(kind, size, stride, pooled)
        patch.show("patches", convolution, pooling, (row, column))
        st.caption(sections["how"])
    with below:
        show_results()
        kernel_choice.show_learned(choice)
    solved["twelve"] = windows.count == 12
    solved["strokes"] = choice.typed and kernels.sees_only_vertical(choice.kernel)
    solved["same"] = windows.count == 28 and len(choice.kernel) == 5
    solved["quarter"] = pooled is not None and 4 * pooled.size == values.size and 0 < values.max() == pooled.max()
    script = convolution_script.write(picture, index, choice.kernel, settings, pooling, (row, column))
except EngineError as error:
    with right:
        lesson.problem(str(error))

challenges.try_this(sections, solved)
if script is not None:
    lesson.code(script, "convolution.py")
lesson.lecture(sections)
