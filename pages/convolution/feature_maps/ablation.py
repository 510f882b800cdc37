"""Maps, or units, of the chosen layer switched off, and what the network reads then."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from nncore.cluster.engine import default_engine
from nncore.figures.convolution.ablation import plot_compared, plot_each_off
from nncore.figures.digits.digit import percent
from nncore.networks.ablation import each_off, switch_off
from nncore.registry import networks
from pages.convolution.feature_maps.selection import Outcome, Selection
from pages.ui import lesson, widgets

FEW = 5


def show(look: Selection, sections: Mapping[str, str]) -> Outcome:
    """Which are off is the key `off`, in the link as `off=2,5`."""
    st.markdown(sections["room off"])
    count = look.seen[look.layer].values.shape[-1]
    off = [int(number) for number in _choose(look, count)]
    ask = default_engine().ask
    after = ask(networks.apply_to_network, switch_off, look.name, look.picture, look.layer, off)
    singly = ask(networks.apply_to_network, each_off, look.name, look.picture, look.layer)[:, look.read]
    left, right = st.columns([0.5, 0.5], gap="medium")
    with left:
        one, two = st.columns(2)
        with one:
            lesson.result("before_off", "All on", _reading(look.outputs))
        with two:
            lesson.result("after_off", f"{len(off)} off", _reading(after))
        drawn = plot_compared({"all on": look.outputs, f"{len(off)} off": after}, label=look.label)
        lesson.figure("compared_off", drawn, "The ten outputs with all maps on and with some off")
    with right:
        st.markdown(f"**Each {look.parts} alone:** click a bar to switch it off or on")
        whole = float(look.outputs[look.read])
        drawn = plot_each_off(singly, digit=look.read, whole=whole, off=off, height=330)
        alt = f"The probability of {look.read} with each {look.parts} alone switched off"
        lesson.figure("each_off", drawn, alt, on_select=_toggle, selection_mode="points")
    below_outputs = look.layer < len(look.seen) - 1
    flipped = look.sure and below_outputs and len(off) <= FEW and int(after.argmax()) != look.read
    return Outcome(solved=("flip",) if flipped else ())


def _choose(look: Selection, count: int) -> list[str]:
    options = [str(number) for number in range(count)]
    label = f"Switched off: {look.parts}s of layer {look.titles[look.layer]}"
    return widgets.several("off", label, options, [], names={})


def _toggle() -> None:
    """A click on a bar switches its map off, or on again."""
    points = st.session_state["each_off"]["selection"]["point_indices"]
    if points:
        clicked, off = str(points[0]), st.session_state.get("off", [])
        kept = [number for number in off if number != clicked]
        st.session_state["off"] = kept if clicked in off else [*kept, clicked]


def _reading(outputs: NDArray[np.float32]) -> str:
    best = int(outputs.argmax())
    return f"{best} · {percent(float(outputs[best]))}"
