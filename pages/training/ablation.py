"""Ablation: switch hidden units or feature maps off, or scale them, and measure the test accuracy again."""

from __future__ import annotations

from functools import partial

import streamlit as st

from nncore.analysis.classification import Evaluation
from nncore.figures.digits.confusion import plot_unit_accuracies
from pages.training import ablation_accuracy
from pages.training.ablation_accuracy import Layer
from pages.ui import lesson, widgets


def show_ablation(name: str, summary: Evaluation) -> None:
    """Show the controls, the result `ablated_accuracy`, and the accuracy without each single unit of a layer."""
    st.markdown("**Without some of its units or maps:** what each of them is worth")
    layers = _layers(summary)
    if not layers:
        st.caption("This network has no hidden layer: there is nothing to switch off.")
        return
    left, right = st.columns([0.35, 0.65], gap="medium")
    with left:
        layer = _choose(layers)
        units = tuple(str(unit) for unit in range(layer.count))
        names = {unit: f"{layer.what} {unit}" for unit in units}
        off = widgets.several("unit_off", f"{layer.what.title()}s to change", units, (), names=names)
        factor = widgets.slider("unit_scale", "Their outputs times (0 is off)", 0.0, 1.0, 0.0, step=0.05)
        chosen = [int(unit) for unit in off]
        now = ablation_accuracy.ablated_accuracy(name, summary, layer, chosen, factor)
        points = f"{100 * (now.accuracy - now.full):+.2f} points".replace("-", "−")
        of = f"{points}, {len(chosen)} of {len(units)} {layer.what}s changed"
        lesson.result("ablated_accuracy", "Test accuracy now", f"{100 * now.accuracy:.2f} %", of=of)
        if now.digits < summary.tested:
            first = f"Of the first {now.digits:,} test {summary.things}"
            st.caption(f"{first}: more take this network longer than a second.")
    with right:
        each = ablation_accuracy.one_by_one(name, summary, layer, factor)
        few = f" of the first {each.digits:,} test {summary.things}" if each.digits < summary.tested else ""
        st.caption(
            f"Test accuracy{few} with one {layer.what} changed and all others as they are; click a bar to change it."
        )
        drawn = plot_unit_accuracies(each.accuracies, full=each.full, chosen=chosen, what=layer.what)
        alt = f"Test accuracy without each single {layer.what}; a click switches it off or on"
        lesson.figure("each_unit", drawn, alt, on_select=partial(_toggle, len(units)), selection_mode="points")


def _layers(summary: Evaluation) -> dict[str, Layer]:
    """The layers by their names in a link: hidden dense layers `1`, `2`, ..., convolutions `conv1`, `conv2`, ..."""
    dense = {str(n): Layer("unit", n - 1, count) for n, count in enumerate(summary.units, 1)}
    return dense | {f"conv{n}": Layer("map", n - 1, count) for n, count in enumerate(summary.maps, 1)}


def _choose(layers: dict[str, Layer]) -> Layer:
    """The layer to change; asks only if there are several."""
    if len(layers) == 1:
        return next(iter(layers.values()))
    kinds = {"unit": "Hidden dense layer", "map": "Convolution"}
    names = {
        key: f"{kinds[layer.what]} {layer.number + 1}: {layer.count} {layer.what}s" for key, layer in layers.items()
    }
    return layers[widgets.option("unit_layer", "Layer", names)]


def _toggle(units: int) -> None:
    """Add the unit of the clicked bar to those that are changed, or take it out again."""
    points = st.session_state["each_unit"]["selection"]["point_indices"]
    if points:
        unit, off = str(points[0] % units), list(st.session_state.get("unit_off", []))
        st.session_state["unit_off"] = [other for other in off if other != unit] if unit in off else [*off, unit]
