"""Switch maps or units of the selected layer off, and see what the network reads then."""

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
from pages.convolution.feature_maps.challenges import flips_answer
from pages.convolution.feature_maps.selection import Outcome, Selection
from pages.ui import lesson, widgets


def show(selection: Selection, sections: Mapping[str, str]) -> Outcome:
    """Show the choice `off`, in a link `off=2,5`, and the outputs with and without these maps or units."""
    st.markdown(sections["analysis off"])
    count = selection.activation.values.shape[-1]
    off = [int(number) for number in _choose(selection, count)]
    ask, where = default_engine().ask, (selection.name, selection.picture, selection.layer)
    after = ask(networks.apply_to_network, switch_off, *where, off)
    singly = ask(networks.apply_to_network, each_off, *where)[:, selection.predicted]
    left, right = st.columns([0.5, 0.5], gap="medium")
    with left:
        before_column, after_column = st.columns(2)
        with before_column:
            lesson.result("before_off", "All on", _reading(selection.outputs))
        with after_column:
            lesson.result("after_off", f"{len(off)} off", _reading(after))
        drawn = plot_compared({"all on": selection.outputs, f"{len(off)} off": after}, label=selection.label)
        lesson.figure("compared_off", drawn, "The ten outputs with all maps on and with some off")
    with right:
        st.markdown(f"**Each {selection.part_name} alone:** click a bar to switch it off or on")
        whole = float(selection.outputs[selection.predicted])
        drawn = plot_each_off(singly, digit=selection.predicted, whole=whole, off=off, height=330)
        alt = f"The probability of {selection.predicted} with each {selection.part_name} alone switched off"
        lesson.figure("each_off", drawn, alt, on_select=_toggle, selection_mode="points")
    return Outcome(solved=("flip",) if flips_answer(selection, off, after) else ())


def _choose(selection: Selection, count: int) -> list[str]:
    options = [str(number) for number in range(count)]
    label = f"Switched off: {selection.part_name}s of layer {selection.title}"
    return widgets.several("off", label, options, [], names={})


def _toggle() -> None:
    """Switch the map or unit whose bar was clicked off, or on again."""
    points = st.session_state["each_off"]["selection"]["point_indices"]
    if points:
        clicked, off = str(points[0]), st.session_state.get("off", [])
        others = [number for number in off if number != clicked]
        st.session_state["off"] = others if clicked in off else [*off, clicked]


def _reading(outputs: NDArray[np.float32]) -> str:
    best = int(outputs.argmax())
    return f"{best} · {percent(float(outputs[best]))}"
