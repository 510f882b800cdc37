"""The controls of the page "Inside the network": network, picture, layer, map and pixel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from nncore.cluster import worker
from nncore.cluster.engine import default_engine
from nncore.data.drawing import EmptyDrawingError, prepare
from nncore.networks.inspection import LayerActivation
from pages.convolution.feature_maps import upload
from pages.convolution.feature_maps.selection import layer_title
from pages.ui import canvas, widgets

SOURCES = {"test": "A test digit", "draw": "Draw one"}
DEFAULT_MAP = 14  # in models 3 and 4 this map has much to show in the middle of a 7


def choose_network_and_index(
    columns: Sequence[DeltaGenerator], description: DeltaGenerator, sections: Mapping[str, str]
) -> tuple[str, int | None]:
    """Choose a network and a test digit, whose index is None for a drawing, in three columns.

    A visitor's own network is described in the container `description`.
    """
    with columns[0]:
        name = upload.choose_or_open(sections["own network"])
    with description:
        upload.show_description(name)
    with columns[1]:
        source = widgets.radio("source", "Picture", tuple(SOURCES), "test", names=SOURCES)
    with columns[2]:
        index = widgets.index_number("index", "Number of the test digit", 9999) if source == "test" else None
    return name, index


def pick_or_draw(name: str, index: int | None) -> tuple[NDArray[np.uint8], int | None]:
    """Return a picture (28, 28) of the network's data set and its class, or the drawing and None.

    Raises EmptyDrawingError while nothing is drawn, EngineError if no worker answers.
    """
    if index is not None:
        picture, label = default_engine().ask(worker.pick_digit, index, name)
        return picture, label
    drawing = canvas.draw_digit()
    if drawing is None:
        raise EmptyDrawingError("Draw a digit, large, with the mouse or a finger: all maps follow it.")
    return prepare(drawing).picture, None


def choose_layer_and_map(columns: Sequence[DeltaGenerator], activations: Sequence[LayerActivation]) -> tuple[int, int]:
    """Choose a layer, and one of its maps or units, in two columns."""
    with columns[0]:
        titles = {str(number): layer_title(number, layer) for number, layer in enumerate(activations)}
        layer = int(widgets.option("layer", "Layer", titles))
    with columns[1]:
        shape = activations[layer].values.shape
        label, highest = "Map" if len(shape) == 3 else "Unit", shape[-1] - 1
        return layer, widgets.index_number("map", label, highest, min(DEFAULT_MAP, highest))


def choose_pixel(columns: Sequence[DeltaGenerator], shape: Sequence[int]) -> tuple[int, int]:
    """Choose row and column of a pixel, in two columns, of a layer with this shape, (rows, columns, maps)."""
    with columns[0]:
        row = widgets.pixel_index("row", "Row", shape[0] - 1)
    with columns[1]:
        return row, widgets.pixel_index("col", "Column", shape[1] - 1)
