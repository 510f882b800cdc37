"""Inside the network: every layer's activations for one digit, and any single value of them taken apart."""

from __future__ import annotations

import streamlit as st

from nncore.analysis import classification
from nncore.cluster.engine import EngineError, default_engine
from nncore.data.drawing import EmptyDrawingError
from nncore.figures.digits.digit import plot_digit
from nncore.networks import inspection
from nncore.registry import networks
from nncore.storage.run_store import StoreError
from pages.convolution.feature_maps import explore, script
from pages.convolution.feature_maps.challenges import NAMES, solved_by
from pages.convolution.feature_maps.controls import choose_layer_and_map, choose_network_and_index, pick_or_draw
from pages.convolution.feature_maps.layer_sheets import element
from pages.convolution.feature_maps.pixel import take_apart
from pages.convolution.feature_maps.selection import Selection, layer_title
from pages.training import predict
from pages.ui import challenges, lesson

engine = default_engine()
solved, code = dict.fromkeys(NAMES, False), ""
sections = lesson.header(__file__)
equation = st.container(
    key="equation", horizontal=True, horizontal_alignment="center", vertical_alignment="center", gap="xsmall"
)
columns = st.columns([0.4, 0.28, 0.32], gap="medium")
description = st.container(key="about_own")
left, right = st.columns([0.3, 0.7], gap="medium")
below = st.container()
try:
    name, index = choose_network_and_index(columns, description, sections)
    with left, st.spinner(engine.progress, show_time=True):
        picture, label = pick_or_draw(name, index)
        activations = engine.ask(networks.apply_to_network, inspection.activations, name, picture)
    outputs = activations[-1].values
    with left:
        if label is not None:
            lesson.figure("digit", plot_digit(picture, height=230), f"The picture, a {label}")
        classes = engine.ask(classification.classes_of, name)
        predict.show_reading(outputs, classes)
        bars = st.container()  # filled after the maps, which are quicker
    with below:
        st.subheader("One value, taken apart", anchor=False)
        layer_column, map_column, pixel_column = st.columns([0.4, 0.2, 0.4], gap="medium")
        row_and_column = pixel_column.columns(2, wrap=False)
        layer, channel = choose_layer_and_map((layer_column, map_column), activations)
    with right:
        layers = [(layer_title(number, activation), activation.values) for number, activation in enumerate(activations)]
        element.show_layer_sheets("layers", layers, (layer, channel), clickable=True)
        st.caption("Click a map, or a unit, to take one of its values apart below.")
    with bars:
        predict.show_outputs(outputs, label, classes=classes, height=190)
    with below:
        selection = Selection(name, picture, label, index, activations, layer, channel)
        pixel = take_apart(selection, equation, row_and_column, sections)
        solved = solved_by(selection, pixel.arithmetic if pixel else None)
        explore.show(selection, sections)
    settings = explore.read_settings(name)
    code, files = script.script(selection, settings, pixel), script.files(selection, settings)
except (EngineError, networks.UnknownNetworkError, StoreError, EmptyDrawingError) as error:
    with left:
        lesson.problem(str(error))

challenges.try_this(sections, solved)
if code:
    lesson.code(code, "feature_maps.py", files)
lesson.lecture(sections)
