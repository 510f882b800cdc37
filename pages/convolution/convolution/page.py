"""Convolution and pooling: one kernel over one picture, every output traced back to the patch it came from."""

from __future__ import annotations

import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from nncore.cluster.engine import EngineError, default_engine
from nncore.networks.keras_convolution import keras_map
from nncore.theory.convolution import (
    POOLINGS,
    OutputPixel,
    Windows,
    dense_parameters,
    explain_output,
    feature_map,
    pool,
    shared_parameters,
)
from pages.convolution.convolution import controls, kernel, script
from pages.convolution.convolution.challenges import NAMES, solved_by
from pages.ui import challenges, lesson, pixel_arithmetic, widgets
from pages.ui.convolution_explorer import element
from pages.ui.latex import latex_factor, latex_number


def show_equation(equation: DeltaGenerator, pixel: OutputPixel, row: int, column: int, sizes: str) -> None:
    """The chosen pixel with its numbers, and the sizes as arithmetic."""
    name, k = pixel.activation.replace("_", r"\_"), len(pixel.patch)
    total = rf"\text{{{name}}}\left({latex_number(pixel.total, 5)} + {latex_factor(pixel.bias, 5)}\right)"
    value = rf"{total} = \text{{{name}}}\left({latex_number(pixel.z, 5)}\right) = {latex_number(pixel.value, 5)}"
    general = rf"a_{{{row},{column}}} = f\big(\sum_{{{k}\times {k}}} w\,x + b\big)"
    pixel_arithmetic.show_equation(equation, rf"{general} = {value}")
    with equation:
        st.latex(sizes, width="content")


def show_results(pixel: OutputPixel, stored: float, inputs: int, values: NDArray, pooled: NDArray | None) -> None:
    """The numbers of the page: the pixel, also as Keras computes it, the sizes, and what sharing weights is worth."""
    shared, dense = shared_parameters(len(pixel.patch)), dense_parameters(inputs, values.size)
    numbers = [("map_size", "Feature map", f"{values.shape[0]} × {values.shape[1]}", f"{values.size} outputs")]
    if pooled is not None:
        numbers += [("pooled_size", "Pooled", f"{pooled.shape[0]} × {pooled.shape[1]}", f"{pooled.size} outputs")]
    numbers += [
        ("computed", "This pixel", f"{pixel.value:.5g}", "by this arithmetic"),
        ("stored", "In Keras", f"{stored:.5g}", "Conv2D's output"),
        ("conv_parameters", "Parameters of this map", f"{shared.count}", shared.arithmetic.replace("*", "·")),
        ("dense_parameters", "Of a dense layer", f"{dense.count:,}", dense.arithmetic.replace("*", "·")),
    ]
    for place, (key, label, value, of) in zip(st.columns(len(numbers)), numbers, strict=True):
        with place:
            lesson.result(key, label, value, of=of)


engine = default_engine()
solved = dict.fromkeys(NAMES, False)
sections = lesson.header(__file__)
equation = st.container(
    key="equation", horizontal=True, horizontal_alignment="center", vertical_alignment="center", gap="medium"
)
tops = st.columns([0.25, 0.12, 0.25, 0.16, 0.11, 0.11], gap="small")
left, right = st.columns([0.3, 0.7], gap="medium")
below = st.container()
with tops[0]:
    source = controls.choose_source()
with tops[1]:
    index = widgets.index_number("index", "Test digit", 9999) if source == "test" else None
choice = kernel.choose_kernel(tops[2], tops[3])
code = None
try:
    with left, st.spinner(engine.progress, show_time=True):
        picture = controls.choose_picture(index, sections["empty"])
    with left:
        table = st.container()
        settings = controls.choose_layer(choice)
        windows = Windows(len(picture), len(choice.kernel), settings["stride"], settings["padding"])
        kind, pool_windows = controls.choose_pooling(windows.count)
    with table if source == "test" else left:  # below a drawing, since the kernel can also be chosen above it
        kernel.edit(choice)
    values = feature_map(picture, choice.kernel, **settings)
    size, stride = pool_windows.size, pool_windows.stride
    pooled = pool(values, kind, size=size, stride=stride) if kind in POOLINGS else None
    with tops[4]:
        row = widgets.pixel_index("row", "Row", windows.count - 1)
    with tops[5]:
        column = widgets.pixel_index("column", "Column", windows.count - 1)
    pixel = explain_output(picture, choice.kernel, row, column, **settings)
    sizes = windows.formula if pooled is None else rf"{windows.formula} \ \to\  {pool_windows.formula}"
    show_equation(equation, pixel, row, column, sizes)
    with right:
        shown = element.of_one_kernel(picture, choice.kernel, values, **settings)
        pooling = None if pooled is None else element.Pooling(kind, size, stride, pooled)
        element.show_convolution_explorer("patches", picture, shown, (row, column), pooling=pooling)
        st.caption(sections["how"])
    with below:
        stored = float(engine.ask(keras_map, picture, choice.kernel, **settings)[row, column])
        show_results(pixel, stored, picture.size, values, pooled)
        st.markdown(sections["shared"])
        kernel.show_learned(choice)
    solved = solved_by(choice.typed, choice.kernel, windows, values, pooled)
    code = script.script(picture, index, choice.kernel, settings, pooling and (kind, size, stride), (row, column))
except EngineError as error:
    with right:
        lesson.problem(str(error))

challenges.try_this(sections, solved)
if code is not None:
    lesson.code(code, "convolution.py")
lesson.lecture(sections)
