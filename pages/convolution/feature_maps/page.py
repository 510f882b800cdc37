"""Inside the network: every layer's activations for one digit, and any single value of them taken apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from nncore.analysis import classification
from nncore.cluster import worker
from nncore.cluster.engine import EngineError, default_engine
from nncore.data import drawing as digits
from nncore.figures.digits.digit import plot_digit
from nncore.keras_import.layers import IDLE
from nncore.networks.inspection import PIXEL_KINDS, activations, explain_map, explain_unit
from nncore.registry import networks
from pages.convolution.feature_maps import explore, script, upload
from pages.convolution.feature_maps.layer_sheets import element
from pages.convolution.feature_maps.layer_title import title_of
from pages.convolution.feature_maps.pixel import OnePixel, show_pixel
from pages.convolution.feature_maps.selection import Selection
from pages.training import predict
from pages.ui import canvas, challenges, lesson, pixel_arithmetic, widgets

LIVELY_MAP = 14  # shown first: in models 3 and 4 this map has much to show in the middle of a 7
PICTURES = {"test": "A test digit", "draw": "Draw one"}


def draw() -> np.ndarray:
    drawing = canvas.draw_digit()
    if drawing is None:
        raise digits.EmptyDrawingError("Draw a digit, large, with the mouse or a finger: all maps follow it.")
    return digits.prepare(drawing).picture


def take_apart(
    look: Selection, equation: DeltaGenerator, row_and_column: Sequence[DeltaGenerator], sections: Mapping[str, str]
) -> OnePixel | None:
    """One pixel or unit: where it lies, what it sees, and its arithmetic; a pixel is returned."""
    ask = default_engine().ask
    kind, values = look.seen[look.layer].kind, look.seen[look.layer].values
    if kind == "Dense":
        unit = ask(networks.apply_to_network, explain_unit, look.name, look.picture, look.layer, look.chosen)
        pixel_arithmetic.show_equation(equation, pixel_arithmetic.unit_equation(unit))
        st.markdown(sections["dense"])
        pixel_arithmetic.unit_pictures(unit)
        pixel_arithmetic.agreement(unit)
    elif kind in PIXEL_KINDS:
        with row_and_column[0]:
            row = widgets.pixel_index("row", "Row", values.shape[0] - 1)
        with row_and_column[1]:
            column = widgets.pixel_index("col", "Column", values.shape[1] - 1)
        one = OnePixel(
            ask(networks.apply_to_network, explain_map, look.name, look.picture, look.layer, look.chosen), row, column
        )
        pixel_arithmetic.show_equation(equation, pixel_arithmetic.pixel_equation(one.arithmetic))
        show_pixel(one, look.picture, sections["pixel"])
        return one
    else:
        st.markdown(sections["unchanged" if kind in IDLE else "by rule"])
    return None


engine = default_engine()
solved = dict.fromkeys(("cut", "wide", "doubt", "flip", "hide"), False)
code = ""
sections = lesson.header(__file__)
equation = st.container(
    key="equation", horizontal=True, horizontal_alignment="center", vertical_alignment="center", gap="xsmall"
)
network_column, source_column, index_column = st.columns([0.4, 0.28, 0.32], gap="medium")
about = st.container(key="about_own")
left, right = st.columns([0.3, 0.7], gap="medium")
below = st.container()
try:
    with network_column:
        name = upload.choose_or_open(sections["own network"])
    with about:
        upload.say_what_it_is(name)
    with source_column:
        source = widgets.radio("source", "Picture", tuple(PICTURES), "test", names=PICTURES)
    with index_column:
        index = widgets.index_number("index", "Number of the test digit", 9999) if source == "test" else 0
    with left, st.spinner(engine.progress, show_time=True):
        picture, label = (draw(), None) if source == "draw" else engine.ask(worker.pick_digit, index, name)
        seen = engine.ask(networks.apply_to_network, activations, name, picture)
    with left:
        if label is not None:
            lesson.figure("digit", plot_digit(picture, height=230), f"The picture, a {label}")
        classes = engine.ask(classification.classes_of, name)
        predict.show_reading(seen[-1].values, classes)
        bars = st.container()  # drawn after the maps, which are quicker
    with below:
        st.subheader("One value, taken apart", anchor=False)
        layer_column, map_column, place_column = st.columns([0.4, 0.2, 0.4], gap="medium")
        row_and_column = place_column.columns(2, wrap=False)
        with layer_column:
            names = {str(number): title_of(number, layer) for number, layer in enumerate(seen)}
            layer = int(widgets.option("layer", "Layer", names))
        with map_column:
            shape = seen[layer].values.shape
            highest = shape[-1] - 1
            chosen = widgets.index_number(
                "map", "Map" if len(shape) == 3 else "Unit", highest, min(LIVELY_MAP, highest)
            )
    with right:
        layers = [(names[str(number)], activation.values) for number, activation in enumerate(seen)]
        element.show_layer_sheets("layers", layers, (layer, chosen), clickable=True)
        st.caption("Click a map, or a unit, to take one of its values apart below.")
    with bars:
        predict.show_outputs(seen[-1].values, label, classes=classes, height=190)
    with below:
        number = index if source == "test" else None
        look = Selection(name, picture, label, number, seen, layer, chosen, tuple(names.values()))
        one = take_apart(look, equation, row_and_column, sections)
    solved["doubt"] = source == "draw" and float(seen[-1].values.max()) < 0.6
    if one is not None:
        pixel = one.arithmetic
        solved["cut"] = layer == 0 and pixel.kernel is not None and pixel.pre_activation < 0 and pixel.value == 0
        solved["wide"] = min(pixel.receptive_field[2:]) >= 10
    with below:
        explore.show(look, sections)
    scripted = explore.settings(name)
    code, files = script.script(look, scripted, one), script.files(look, scripted)
except (EngineError, networks.UnknownNetworkError, upload.StoreError, digits.EmptyDrawingError) as error:
    with left:
        lesson.problem(str(error))

challenges.try_this(sections, solved)
if code:
    lesson.code(code, "feature_maps.py", files)
lesson.lecture(sections)
