"""The section about what depth does to gradients: a deep network's controls, its measured gradients and a verdict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import streamlit as st

from nncore.cluster.engine import EngineError, default_engine
from nncore.networks.gradient_flow import DEEPEST, DepthProfile, measure_depth
from nncore.specs.layers import ActivationName, InitializerName
from nncore.theory.activations import ACTIVATIONS
from pages.neurons.network import picture
from pages.neurons.network.controls import INITIALIZERS
from pages.ui import lesson, widgets

BOX = {"vanishes": st.error, "holds": st.success, "explodes": st.error}


class DepthSettings(NamedTuple):
    """The deep network, as `measure_depth` takes it."""

    layers: int
    """The number of hidden layers."""
    activation: ActivationName
    initializer: InitializerName
    scale: float
    """The factor by which the first weights are multiplied."""


def show_depth(sections: Mapping[str, str], seed: int) -> tuple[DepthSettings, DepthProfile | None]:
    """Show the section; return its settings and the measured gradients, None if no worker answers."""
    engine = default_engine()
    st.subheader("What depth does to gradients", anchor=False)
    left, right = st.columns([0.32, 0.68], gap="medium")
    with left:
        depth = _choose_depth()
    try:
        with right, st.spinner(engine.progress, show_time=True):
            profile = engine.ask(measure_depth, *depth, seed)
    except EngineError as error:
        with right:
            lesson.problem(str(error))
        return depth, None
    with left:
        _show_results(profile, sections[profile.outcome])
    with right:
        lesson.figure("depth_figure", *picture.draw_depth(profile))
        st.caption(sections["measured"])
    return depth, profile


def _choose_depth() -> DepthSettings:
    layers = widgets.slider("depth", "Hidden layers of 100 units", 2, DEEPEST, 10)
    one, other = st.columns(2, wrap=False)
    with one:
        f = widgets.choice("depth_activation", "Their activation", tuple(ACTIVATIONS), "sigmoid")
    with other:
        initializer = widgets.choice("depth_initializer", "First weights", INITIALIZERS, "glorot_uniform")
    scale = widgets.slider("depth_scale", "First weights times", 0.1, 5.0, 1.0, step=0.1, format="%.6g")
    return DepthSettings(layers, f, initializer, scale)  # type: ignore[arg-type]


def _show_results(profile: DepthProfile, verdict: str) -> None:
    first, second = st.columns(2, wrap=False)
    with first:
        lesson.result("gradient_ratio", "First : last layer", f"{profile.ratio:.3g}")
    with second:
        lesson.result("gradient_factor", "From layer to layer", f"× {profile.per_layer:.3g}")
    with st.container(key="gradient_verdict"):
        BOX[profile.outcome](verdict)
