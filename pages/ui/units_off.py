"""Hidden units switched off or scaled, one at a time or several, with the test accuracy measured again."""

from __future__ import annotations

from functools import partial

import streamlit as st

from nncore import tested
from nncore.engine import default_engine
from nncore.figures.confusion import plot_unit_accuracies
from nncore.tested import Summary
from pages.ui import controls, lesson, places


def show(name: str, summary: Summary) -> None:
    """The controls `unit_off` and `unit_scale`, the result `ablated_accuracy`, and each unit's own contribution."""
    st.markdown("**Without some of its units:** what the hidden layer's units are worth")
    if not summary.units:
        st.caption("This network has no hidden layer: there is nothing to switch off.")
        return
    left, right = st.columns([0.35, 0.65], gap="medium")
    with left:
        layer = _choose_layer(summary)
        units = tuple(str(unit) for unit in range(summary.units[layer]))
        if "unit_off" in st.session_state:  # of another network or layer, with more units
            st.session_state["unit_off"] = [unit for unit in st.session_state["unit_off"] if unit in units]
        off = controls.several("unit_off", "Units to change", units, (), names={unit: f"unit {unit}" for unit in units})
        factor = controls.slider("unit_scale", "Their outputs times (0 is off)", 0.0, 1.0, 0.0, step=0.05)
        chosen = [int(unit) for unit in off]
        measured = default_engine().ask(tested.accuracy_with, name, layer, chosen, factor)
        points = 100 * (measured - summary.accuracy)
        of = f"{points:+.2f} points".replace("-", "−") + f", {len(chosen)} of {len(units)} units changed"
        lesson.result("ablated_accuracy", "Test accuracy now", f"{100 * measured:.2f} %", of=of)
    with right:
        st.caption("Test accuracy with one unit changed and all others as they are; click a bar to change its unit.")
        each = _one_by_one(name, summary, layer, factor)
        drawn = plot_unit_accuracies(each, full=summary.accuracy, chosen=chosen)
        alt = "Test accuracy without each single unit; a click switches the unit off or on"
        lesson.figure("each_unit", drawn, alt, on_select=partial(_turn, len(units)), selection_mode="points")


def _choose_layer(summary: Summary) -> int:
    """From 0; asked for only where there are several."""
    if len(summary.units) == 1:
        return 0
    names = {str(n): f"Hidden layer {n}: {units} units" for n, units in enumerate(summary.units, 1)}
    return int(places.one_of("unit_layer", "Layer", names)) - 1


def _turn(units: int) -> None:
    """A click on a bar changes its unit, or leaves it as it was again."""
    points = st.session_state["each_unit"]["selection"]["point_indices"]
    if points:
        unit, off = str(points[0] % units), list(st.session_state.get("unit_off", []))
        st.session_state["unit_off"] = [other for other in off if other != unit] if unit in off else [*off, unit]


def _one_by_one(name: str, summary: Summary, layer: int, factor: float) -> list[float]:
    """Accuracies with each unit alone changed, measured once a network, layer and factor in this session."""
    asked = (name, summary.matrix.tobytes(), layer, factor)
    known, found = st.session_state.get("units_off: each", (None, []))
    if known == asked:
        return list(found)
    bar, measured, count = st.empty(), list[float](), summary.units[layer]
    while len(measured) < count:
        measured += default_engine().ask(tested.accuracies_one_by_one, name, layer, factor, len(measured))
        bar.progress(len(measured) / count, f"Switching off {len(measured)} of {count} units, one at a time")
    bar.empty()
    st.session_state["units_off: each"] = (asked, measured)
    return measured
