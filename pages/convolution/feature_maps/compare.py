"""Another network on the same picture, beside the page's own."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from nncore.cluster.engine import default_engine
from nncore.figures.convolution.ablation import plot_compared
from nncore.figures.digits.digit import percent
from nncore.networks.inspection import activations
from nncore.registry import networks
from pages.convolution.feature_maps.layer_sheets import element
from pages.convolution.feature_maps.layer_title import title_of
from pages.convolution.feature_maps.selection import Outcome, Selection
from pages.training import network_select
from pages.ui import lesson


def show(look: Selection, sections: Mapping[str, str]) -> Outcome:
    """The other network is the key `beside`."""
    st.markdown(sections["room beside"])
    controls, results = st.columns([0.3, 0.7], gap="medium")
    with controls:
        other = network_select.choose_network("none", "beside", none="none")
    if other == "none":
        with controls:
            st.caption("Choose a network to see it read the same picture.")
        return Outcome()
    seen = default_engine().ask(networks.apply_to_network, activations, other, look.picture)
    outputs, layer = seen[-1].values, min(look.layer, len(seen) - 1)
    with controls:
        lesson.result("beside_own", "This network", f"{look.read} · {percent(float(look.outputs.max()))}")
        lesson.result("beside_other", "Beside", f"{int(outputs.argmax())} · {percent(float(outputs.max()))}")
    with results:
        answers = {"this network": look.outputs, "the network beside": outputs}
        lesson.figure("compared_beside", plot_compared(answers, label=look.label), "The ten outputs of both networks")
    panels = (
        ("beside_own_layer", "This network", look.titles[look.layer], look.seen[look.layer].values, look.chosen),
        ("beside_other_layer", "Beside", title_of(layer, seen[layer]), seen[layer].values, None),
    )
    for column, (key, words, title, values, chosen) in zip(st.columns(2, gap="medium"), panels, strict=True):
        with column:
            st.markdown(f"**{words}**")
            element.show_layer_sheets(key, [(title, values)], None if chosen is None else (0, chosen))
    return Outcome()
