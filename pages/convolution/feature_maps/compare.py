"""Compare the selected network with another one on the same picture."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from nncore.cluster.engine import default_engine
from nncore.figures.convolution.ablation import plot_compared
from nncore.figures.digits.digit import percent
from nncore.networks import inspection
from nncore.registry import networks
from pages.convolution.feature_maps.layer_sheets import element
from pages.convolution.feature_maps.selection import Outcome, Selection, layer_title
from pages.training import network_select
from pages.ui import lesson


def show(selection: Selection, sections: Mapping[str, str]) -> Outcome:
    """Show the choice `beside` of the other network, and outputs and one layer of both."""
    st.markdown(sections["analysis beside"])
    controls, results = st.columns([0.3, 0.7], gap="medium")
    with controls:
        other = network_select.choose_network("none", "beside", none="none")
    if other == "none":
        with controls:
            st.caption("Choose a network to see it read the same picture.")
        return Outcome()
    activations = default_engine().ask(networks.apply_to_network, inspection.activations, other, selection.picture)
    outputs, layer = activations[-1].values, min(selection.layer, len(activations) - 1)
    activation = activations[layer]
    with controls:
        lesson.result(
            "beside_own", "This network", f"{selection.predicted} · {percent(float(selection.outputs.max()))}"
        )
        lesson.result("beside_other", "Beside", f"{int(outputs.argmax())} · {percent(float(outputs.max()))}")
    with results:
        answers = {"this network": selection.outputs, "the network beside": outputs}
        lesson.figure(
            "compared_beside", plot_compared(answers, label=selection.label), "The ten outputs of both networks"
        )
    panels = (
        ("beside_own_layer", "This network", selection.title, selection.activation.values, selection.channel),
        ("beside_other_layer", "Beside", layer_title(layer, activation), activation.values, None),
    )
    for column, (key, heading, title, values, chosen) in zip(st.columns(2, gap="medium"), panels, strict=True):
        with column:
            st.markdown(f"**{heading}**")
            element.show_layer_sheets(key, [(title, values)], None if chosen is None else (0, chosen))
    return Outcome()
