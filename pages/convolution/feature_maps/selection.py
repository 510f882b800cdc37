"""What the rooms of the page "Inside the network" share: where the page looks, and what a room answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from nncore.networks.inspection import LayerActivation

SURE = 0.9


@dataclass(frozen=True)
class Selection:
    """One network, one picture, one map of one layer."""

    name: str
    """The network: model1 to model4 or the id of a run."""
    picture: NDArray[np.uint8]
    """(28, 28), 0 to 255."""
    label: int | None
    """The true digit, where it is known."""
    index: int | None
    """The number of the test digit, None for a drawing."""
    seen: list[LayerActivation]
    layer: int
    chosen: int
    """The map, or unit, of the layer."""
    titles: tuple[str, ...]
    """One a layer."""

    @property
    def outputs(self) -> NDArray[np.float32]:
        """The ten outputs for the picture."""
        return self.seen[-1].values

    @property
    def read(self) -> int:
        """The digit that the network reads."""
        return int(self.outputs.argmax())

    @property
    def sure(self) -> bool:
        """Whether the digit is read with at least 90 %: only then is it something to change the answer."""
        return float(self.outputs.max()) >= SURE

    @property
    def parts(self) -> str:
        """What the layer consists of."""
        return "map" if self.seen[self.layer].values.ndim == 3 else "unit"


class Settings(NamedTuple):
    """What the rooms further down are set to, and how the networks read; the page's script repeats it."""

    scale: bool
    """Whether the network wants grey values divided by 255."""
    data: str
    """Its set of pictures."""
    off: tuple[int, ...]
    """Maps, or units, that are switched off."""
    occlusion_size: int
    beside: str | None
    """The network beside."""
    beside_scale: bool


class Outcome(NamedTuple):
    """Whether a room goes on computing, and the challenges that are solved in it now."""

    busy: bool = False
    solved: tuple[str, ...] = ()


def look_at_clicked(key: str) -> None:
    """A click on a point of the figure `key` makes its customdata the number of the test digit."""
    points = st.session_state[key]["selection"]["points"]
    if points:
        data = points[0]["customdata"]
        select_digit(int(data[0] if isinstance(data, list) else data))


def select_digit(index: int) -> None:
    """Let the whole page look at this test digit, also where only a fragment of it runs."""
    st.session_state["index"] = index
    st.session_state["source"] = "test"
    st.session_state["digit chosen"] = True


def pop_selection() -> bool:
    """Whether `select_digit` waits for the page; once."""
    return bool(st.session_state.pop("digit chosen", False))
