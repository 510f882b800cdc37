"""Show the test digits that excite the selected map or unit most."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from nncore.analysis import top_activations
from nncore.cluster.engine import default_engine
from nncore.figures.convolution.projection import plot_exemplars
from pages.convolution.feature_maps.selection import Outcome, Selection, select_clicked_digit, select_digit
from pages.ui import lesson


def show(selection: Selection, sections: Mapping[str, str]) -> Outcome:
    """Show the ten digits; while the test digits are still measured, block by block, the outcome is busy."""
    st.markdown(sections["analysis exemplars"])
    best = default_engine().ask(top_activations.strongest, selection.name, selection.layer, selection.channel)
    if not best.done:
        share = best.measured / best.total
        st.progress(share, f"{best.measured:,} of {best.total:,} test digits measured, once for this layer")
        return Outcome(busy=True)
    st.markdown(
        f"**{selection.part_name.title()} {selection.channel} of {selection.title}:** click a digit to look at it"
    )
    labels = [best.classes[label] for label in best.labels]
    drawn = plot_exemplars(
        best.pictures,
        labels,
        best.indices.tolist(),
        largest=best.largest,
        fields=best.fields,
        chosen=selection.index,
    )
    alt = "The ten test digits that excite it most: " + ", ".join(labels)
    lesson.figure("exemplars", drawn, alt, on_select=lambda: select_clicked_digit("exemplars"), selection_mode="points")
    with st.container(key="exemplar_numbers", horizontal=True, gap="small"):
        for rank, (index, label) in enumerate(zip(best.indices.tolist(), labels, strict=True)):
            words = f"{label} · no. {index}"
            st.button(words, key=f"exemplar_{rank}", on_click=select_digit, args=(index,), type="tertiary")
    return Outcome()
