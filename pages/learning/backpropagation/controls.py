"""The controls of the lesson on backpropagation: the network, and where its training stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from nncore.figures.learning.backpropagation import targets
from nncore.theory.activations import ACTIVATIONS
from nncore.theory.network_221 import PARAMETERS, STARTS, UPDATE_PHASE, Setting
from pages.ui import lesson, url_state, widgets

MOST_UPDATES = 1000
COSTS = {"quadratic": "quadratic", "cross_entropy": "cross-entropy"}
START_NAMES = {"spread": "all different", "equal": "all equal", "large": "large"}


@dataclass(frozen=True)
class Settings:
    """The network with its example, and where its training stands."""

    network: Setting
    weight: str
    """The chosen one of PARAMETERS."""
    updates: int
    """The number of updates made before this one."""
    phase: int
    """The phase of this update, 1 to 7."""


def choose_settings(left: Any, right: Any, only_sigmoid: str) -> Settings:
    """Show the network's controls in the left column, the phase and its buttons in the right one; return the values.

    `only_sigmoid` says why a link's cross-entropy is not taken with another activation.
    """
    with left:
        network = _choose_network(only_sigmoid)
        one, other = pair()
        with one:
            weight = widgets.choice("weight", "Weight or bias", PARAMETERS, "w11")
        with other:
            updates = int(widgets.number("updates", "Updates made", 0, MOST_UPDATES, 0, step=1))
    with right:
        return Settings(network, weight, updates, _choose_phase(updates))


def pair() -> list:
    """Return two columns that stay side by side on a phone."""
    return st.columns(2, wrap=False)


def _choose_network(only_sigmoid: str) -> Setting:
    (first, second), (third, fourth), (fifth, sixth) = pair(), pair(), pair()
    with first:
        x1 = widgets.slider("x1", "Input x₁", -2.0, 2.0, 1.0, step=0.1, format="%.6g")
    with second:
        x2 = widgets.slider("x2", "Input x₂", -2.0, 2.0, 0.5, step=0.1, format="%.6g")
    with third:
        y = widgets.slider("y", "Target y", 0.0, 1.0, 1.0, step=0.05, format="%.6g")
    with fourth:
        eta = widgets.slider("eta", "Step size η", 0.0, 10.0, 0.5, step=0.1, format="%.6g")
    with fifth:
        f = widgets.choice("activation", "Activation f", tuple(ACTIVATIONS), "sigmoid")
    with sixth:
        start = widgets.choice("start", "First weights", tuple(STARTS), "spread", names=START_NAMES)
    cost = "quadratic"
    if f == "sigmoid":
        cost = widgets.radio("cost_function", "Cost C", tuple(COSTS), "quadratic", names=COSTS)
    elif url_state.linked("cost_function") not in (None, cost):
        lesson.problem(only_sigmoid)
    return Setting((x1, x2), y, eta, f, cost, start)


def _choose_phase(updates: int) -> int:
    """Show the phase with the buttons that move it and the number of updates; return it."""
    slider, buttons = st.columns([0.34, 0.66], gap="medium", vertical_alignment="bottom")
    with slider:
        phase = widgets.slider("phase", "Phase", 1, UPDATE_PHASE, 1)
    first, last = (updates, phase) == (0, 1), updates == MOST_UPDATES
    with buttons, st.container(horizontal=True, gap="small"):
        st.button("Back", key="back", on_click=_move_phase, args=(-1,), disabled=first)
        end = last and phase == UPDATE_PHASE
        st.button("Next", key="next", on_click=_move_phase, args=(1,), disabled=end, type="primary")
        st.button("Repeat 100 times", key="repeat", on_click=_update, args=(100,), disabled=last)
        st.button("Start over", key="restart", on_click=_update, args=(-updates,), disabled=updates == 0)
    return int(phase)


def _move_phase(by: int) -> None:
    """Go on or back by so many phases; the first phase of the next update follows the last one of this update."""
    phases = st.session_state["updates"] * UPDATE_PHASE + st.session_state["phase"] - 1 + by
    st.session_state["updates"], phase = divmod(phases, UPDATE_PHASE)
    st.session_state["phase"] = phase + 1


def _update(times: int) -> None:
    st.session_state["updates"] = min(st.session_state["updates"] + times, MOST_UPDATES)


def choose_clicked() -> None:
    """Choose the weight or bias that was clicked in the drawing of the network."""
    points = st.session_state["network_drawing"]["selection"]["point_indices"]
    if points:
        st.session_state["weight"] = targets()[points[0]]
