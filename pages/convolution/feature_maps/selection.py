"""What the parts of the page "Inside the network" share: the selected value, and what an analysis answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from nncore.networks.inspection import LayerActivation, MapArithmetic, PixelArithmetic


@dataclass(frozen=True)
class Selection:
    """One network, one picture, and one map or unit of one layer."""

    name: str
    """The network: model1 to model4, or the id of a run or of a visitor's file."""
    picture: NDArray[np.uint8]
    """(28, 28), 0 to 255."""
    label: int | None
    """The true class, where it is known."""
    index: int | None
    """The number of the test digit; None for a drawing."""
    activations: list[LayerActivation]
    """The outputs of all layers for the picture."""
    layer: int
    channel: int
    """The number of the map or unit in its layer."""

    @property
    def activation(self) -> LayerActivation:
        """The output of the selected layer."""
        return self.activations[self.layer]

    @property
    def title(self) -> str:
        """The selected layer in a few words."""
        return layer_title(self.layer, self.activation)

    @property
    def part_name(self) -> str:
        """The word for the parts of the selected layer: `map` or `unit`."""
        return "map" if self.activation.values.ndim == 3 else "unit"

    @property
    def outputs(self) -> NDArray[np.float32]:
        """The network's ten outputs for the picture."""
        return self.activations[-1].values

    @property
    def predicted(self) -> int:
        """The class with the largest output."""
        return int(self.outputs.argmax())


class SelectedPixel(NamedTuple):
    """A pixel of a map."""

    map: MapArithmetic
    row: int
    column: int

    @property
    def arithmetic(self) -> PixelArithmetic:
        """How the pixel's value comes about."""
        return self.map.pixel(self.row, self.column)


class Settings(NamedTuple):
    """How the networks are fed and what the analyses are set to; the page's script repeats it."""

    scale: bool
    """Whether the network wants grey values divided by 255."""
    data: str
    """The name of the network's data set."""
    off: tuple[int, ...]
    """Maps or units that are switched off."""
    occlusion_size: int
    """Side of the grey square, in pixels."""
    beside: str | None
    """The other network, if there is one."""
    beside_scale: bool
    """Whether the other network wants grey values divided by 255."""


class Outcome(NamedTuple):
    """Whether an analysis has to run again to go on, and the challenges that it solves now."""

    busy: bool = False
    solved: tuple[str, ...] = ()


def layer_title(number: int, layer: LayerActivation) -> str:
    """Return number, kind, activation and shape of a layer: `0 · Conv2D, relu · 24 × 24 × 20`."""
    shape = " × ".join(str(side) for side in layer.values.shape)
    function = f", {layer.activation}" if layer.activation else ""
    return f"{number} · {layer.kind}{function} · {shape}"


def select_clicked_digit(key: str) -> None:
    """Select the test digit whose number is the customdata of the point clicked in the figure `key`."""
    points = st.session_state[key]["selection"]["points"]
    if points:
        data = points[0]["customdata"]
        select_digit(int(data[0] if isinstance(data, list) else data))


def select_digit(index: int) -> None:
    """Select a test digit for the whole page, also from a callback in a fragment."""
    st.session_state["index"] = index
    st.session_state["source"] = "test"
    st.session_state["digit selected"] = True


def pop_selection() -> bool:
    """Return whether `select_digit` was called since the last call of this function."""
    return bool(st.session_state.pop("digit selected", False))
