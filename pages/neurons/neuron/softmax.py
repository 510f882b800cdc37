"""The section about softmax: five logits and a temperature, three pictures and the arithmetic."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from pages.neurons.neuron import equations, picture
from pages.ui import lesson
from pages.ui.interactive_figure import control, element

LOGITS = (2.0, 1.0, 0.1, -1.0, 0.5)


def show_softmax(sections: Mapping[str, str]) -> tuple[list[float], float]:
    """Show the section, folded away unless it is opened; return the five logits and the temperature."""
    first = zip("12345", "₁₂₃₄₅", LOGITS, strict=True)
    numbers = [control.read(f"logit{k}", f"Logit z{index}", -5, 5, logit, step=0.1) for k, index, logit in first]
    numbers.append(control.read("temperature", "Temperature T", 0.1, 10, 1.0, step=0.1))
    *logits, temperature = (number.value for number in numbers)
    title = "Softmax: five outputs that share one whole"
    with lesson.expander("softmax_section", title, opened_by=[number.key for number in numbers]) as section:
        if section.open:
            st.markdown(sections["softmax"])
            with st.container(key="softmax_equation"):
                st.latex(equations.softmax_share(logits, temperature))
            element.show_interactive_figure(
                "softmax", numbers, lambda moving, *given: picture.draw_softmax(moving, given)
            )
            table = equations.softmax_table(logits, temperature)
            st.dataframe(table, key="softmax_table", hide_index=True)
    return logits, temperature
