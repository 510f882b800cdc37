"""Convolution and pooling: one kernel over one picture, every output traced back to the patch it came from."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from nncore.cluster.engine import EngineError, default_engine
from nncore.networks.keras_convolution import keras_map
from nncore.theory.convolution import dense_parameters, shared_parameters
from pages.convolution.convolution import kernel
from pages.convolution.convolution.challenges import NAMES, solved_by
from pages.convolution.convolution.controls import choose_settings
from pages.convolution.convolution.equations import pixel_equation, size_equation
from pages.convolution.convolution.picture import Maps, compute_maps
from pages.convolution.convolution.script import script
from pages.convolution.convolution.settings import Settings
from pages.ui import challenges, lesson, pixel_arithmetic
from pages.ui.convolution_explorer import element


def show_equation(container: DeltaGenerator, settings: Settings, maps: Maps) -> None:
    """Show the chosen pixel with its numbers, and the sizes as arithmetic."""
    pixel_arithmetic.show_equation(container, pixel_equation(maps.pixel, *settings.pixel))
    with container:
        st.latex(size_equation(settings), width="content")


def show_explorer(settings: Settings, maps: Maps) -> None:
    """Show picture, feature map and pooled map; hovering an output shows the patch it came from and its sum."""
    windows, pooling = settings.pool_windows, None
    if maps.pooled is not None:
        pooling = element.Pooling(settings.pooling, windows.size, windows.stride, maps.pooled)
    arithmetic = element.of_one_kernel(settings.picture, settings.kernel.weights, maps.feature_map, **settings.layer)
    element.show_convolution_explorer("patches", settings.picture, arithmetic, settings.pixel, pooling=pooling)


def show_results(settings: Settings, maps: Maps) -> None:
    """Show the chosen pixel, also as Keras computes it, the sizes, and how many parameters sharing weights saves."""
    values, pooled, pixel = maps.feature_map, maps.pooled, maps.pixel
    in_keras = default_engine().ask(keras_map, settings.picture, settings.kernel.weights, **settings.layer)
    shared, dense = shared_parameters(len(pixel.patch)), dense_parameters(settings.picture.size, values.size)
    results = [("map_size", "Feature map", f"{values.shape[0]} × {values.shape[1]}", f"{values.size} outputs")]
    if pooled is not None:
        results += [("pooled_size", "Pooled", f"{pooled.shape[0]} × {pooled.shape[1]}", f"{pooled.size} outputs")]
    results += [
        ("computed", "This pixel", f"{pixel.value:.5g}", "by this arithmetic"),
        ("stored", "In Keras", f"{float(in_keras[settings.pixel]):.5g}", "Conv2D's output"),
        ("conv_parameters", "Parameters of this map", f"{shared.count}", shared.arithmetic.replace("*", "·")),
        ("dense_parameters", "Of a dense layer", f"{dense.count:,}", dense.arithmetic.replace("*", "·")),
    ]
    for column, (key, label, value, of) in zip(st.columns(len(results)), results, strict=True):
        with column:
            lesson.result(key, label, value, of=of)


solved, code = dict.fromkeys(NAMES, False), ""
sections = lesson.header(__file__)
equation = st.container(
    key="equation", horizontal=True, horizontal_alignment="center", vertical_alignment="center", gap="medium"
)
top = st.columns([0.25, 0.12, 0.25, 0.16, 0.11, 0.11], gap="small")
left, right = st.columns([0.3, 0.7], gap="medium")
below = st.container()
try:
    settings = choose_settings(top, left, sections["empty"])
    maps = compute_maps(settings)
    show_equation(equation, settings, maps)
    with right:
        show_explorer(settings, maps)
        st.caption(sections["how"])
    with below:
        show_results(settings, maps)
        st.markdown(sections["shared"])
        kernel.show_learned(settings.kernel)
    solved, code = solved_by(settings, maps), script(settings)
except EngineError as error:
    with right:
        lesson.problem(str(error))

challenges.try_this(sections, solved)
if code:
    lesson.code(code, "convolution.py")
lesson.lecture(sections)
