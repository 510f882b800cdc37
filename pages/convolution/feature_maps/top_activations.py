"""The test digits that excite the chosen map most."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from nncore.analysis import top_activations
from nncore.cluster.engine import default_engine
from nncore.figures.convolution.projection import plot_exemplars
from pages.convolution.feature_maps.selection import Outcome, Selection, look_at_clicked, select_digit
from pages.ui import lesson


def show(look: Selection, sections: Mapping[str, str]) -> Outcome:
    """While the test digits are measured, block by block, the room is busy."""
    st.markdown(sections["room exemplars"])
    found = default_engine().ask(top_activations.strongest, look.name, look.layer, look.chosen)
    if not found.done:
        share = found.measured / found.total
        st.progress(share, f"{found.measured:,} of {found.total:,} test digits measured, once for this layer")
        return Outcome(busy=True)
    st.markdown(f"**{look.parts.title()} {look.chosen} of {look.titles[look.layer]}:** click a digit to look at it")
    labels = [found.classes[label] for label in found.labels]
    drawn = plot_exemplars(
        found.pictures,
        labels,
        found.indices.tolist(),
        largest=found.largest,
        fields=found.fields,
        chosen=look.index,
    )
    alt = "The ten test digits that excite it most: " + ", ".join(labels)
    lesson.figure("exemplars", drawn, alt, on_select=lambda: look_at_clicked("exemplars"), selection_mode="points")
    with st.container(key="exemplar_numbers", horizontal=True, gap="small"):
        for place, (index, label) in enumerate(zip(found.indices.tolist(), labels, strict=True)):
            words = f"{label} · no. {index}"
            st.button(words, key=f"exemplar_{place}", on_click=select_digit, args=(index,), type="tertiary")
    return Outcome()
