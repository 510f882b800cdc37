"""Inside the network: every layer's activations for one digit, and any single value of them taken apart."""

from __future__ import annotations

from functools import partial

import numpy as np
import streamlit as st

from nncore import digits, networks, worker
from nncore.engine import EngineError, default_engine
from nncore.figures.digits import plot_digit
from nncore.figures.feature_maps import plot_layers, targets
from nncore.inspection import PIXEL_KINDS, PixelArithmetic, activations, explain_pixel, explain_unit
from pages.ui import arithmetic, canvas, challenges, controls, lesson, look_further, network_choice, places, reading
from pages.ui.look import Look
from pages.ui.one_pixel import show_pixel
from pages.ui.titles import title_of

LIVELY_MAP = 14  # shown first: in models 3 and 4 this map has much to show in the middle of a 7
PICTURES = {"test": "A test digit", "draw": "Draw one"}


def draw() -> np.ndarray:
    drawing = canvas.draw_digit()
    if drawing is None:
        raise digits.EmptyDrawingError("Draw a digit, large, with the mouse or a finger: all maps follow it.")
    return digits.prepare(drawing).picture


def choose_layer(places_of: list[tuple[int, int]]) -> None:
    """A click on a map or unit among all layers chooses it."""
    points = st.session_state["layers"]["selection"]["point_indices"]
    if points:
        layer, st.session_state["map"] = places_of[points[0]]
        st.session_state["layer"] = str(layer)


def take_apart(layer: int, chosen: int) -> PixelArithmetic | None:
    """One pixel or unit: where it lies, what it sees, and its arithmetic, which for a pixel is returned."""
    kind, values = seen[layer].kind, seen[layer].values
    if kind == "Dense":
        unit = engine.ask(networks.examine, explain_unit, name, picture, layer, chosen)
        equation.latex(arithmetic.unit_equation(unit))
        st.markdown(sections["dense"])
        arithmetic.unit_pictures(unit)
        arithmetic.agreement(unit)
    elif kind in PIXEL_KINDS:
        with row_column:
            row = places.along("row", "Row", values.shape[0] - 1)
        with col_column:
            column = places.along("col", "Column", values.shape[1] - 1)
        pixel = engine.ask(networks.examine, explain_pixel, name, picture, layer, row, column, chosen)
        equation.latex(arithmetic.pixel_equation(pixel))
        show_pixel(pixel, picture, values[..., chosen], row, column)
        return pixel
    else:
        st.markdown(sections["unchanged"])
    return None


engine = default_engine()
solved = dict.fromkeys(("cut", "wide", "doubt", "flip", "hide"), False)
sections = lesson.header(__file__)
equation = st.container(key="equation")
network_column, source_column, index_column = st.columns([0.3, 0.3, 0.4], gap="medium")
left, right = st.columns([0.3, 0.7], gap="medium")
below = st.container()
try:
    with network_column:
        name = network_choice.choose_network()
    with source_column:
        source = controls.radio("source", "Picture", tuple(PICTURES), "test", names=PICTURES)
    with index_column:
        index = places.whole("index", "Number of the test digit", 9999) if source == "test" else 0
    with left, st.spinner(engine.progress, show_time=True):
        picture, label = (draw(), None) if source == "draw" else engine.ask(worker.pick_digit, index)
        seen = engine.ask(networks.examine, activations, name, picture)
    with left:
        if label is not None:
            lesson.figure("digit", plot_digit(picture, height=230), f"The picture, a {label}")
        reading.show_answer(seen[-1].values, label, height=190)
    with below:
        st.subheader("One value, taken apart", anchor=False)
        layer_column, map_column, row_column, col_column = st.columns([0.4, 0.2, 0.2, 0.2], gap="medium")
        with layer_column:
            names = {str(number): title_of(number, layer) for number, layer in enumerate(seen)}
            layer = int(places.one_of("layer", "Layer", names))
        with map_column:
            shape = seen[layer].values.shape
            highest = shape[-1] - 1
            chosen = places.whole("map", "Map" if len(shape) == 3 else "Unit", highest, min(LIVELY_MAP, highest))
    with right:
        layers = [(names[str(number)], activation.values) for number, activation in enumerate(seen)]
        drawn = plot_layers(layers, layer=layer, chosen=chosen)
        select = partial(choose_layer, targets(layers))
        lesson.figure("layers", drawn, "All values of all layers", on_select=select, selection_mode="points")
        st.caption("Click a map, or a unit, to take one of its values apart below.")
    with below:
        pixel = take_apart(layer, chosen)
        number = index if source == "test" else None
        look = Look(name, picture, label, number, seen, layer, chosen, tuple(names.values()))
    solved["doubt"] = source == "draw" and float(seen[-1].values.max()) < 0.6
    if pixel is not None:
        solved["cut"] = layer == 0 and pixel.kernel is not None and pixel.pre_activation < 0 and pixel.value == 0
        solved["wide"] = min(pixel.receptive_field[2:]) >= 10
    with below:
        look_further.show(look, sections)
except (EngineError, networks.UnknownNetworkError, network_choice.StoreError, digits.EmptyDrawingError) as error:
    with left:
        lesson.problem(str(error))

challenges.try_this(sections, solved)
lesson.code(sections["script"].removeprefix("```python\n").removesuffix("```"), "feature_maps.py")
lesson.lecture(sections)
