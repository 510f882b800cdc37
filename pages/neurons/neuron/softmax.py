"""Softmax with a temperature over five logits: controls, three pictures and the arithmetic."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import streamlit as st

from nncore.figures.interactive.encode import encode
from nncore.figures.neurons.softmax import plot_softmax
from nncore.theory.activations import softmax
from pages.ui import lesson
from pages.ui.interactive_figure import control, element
from pages.ui.interactive_figure.control import Control
from pages.ui.latex import latex_number
from pages.ui.memoize import memoize

LOGITS = (2.0, 1.0, 0.1, -1.0, 0.5)


def show(sections: Mapping[str, str]) -> tuple[list[float], float]:
    """The section of softmax, keys `logit1` to `logit5` and `temperature`; gives both back."""
    numbers = _read()
    logits, temperature = np.array([number.value for number in numbers[:5]]), numbers[5].value
    title = "Softmax: five outputs that share one whole"
    with lesson.folded("softmax_section", title, opened_by=[number.key for number in numbers]) as section:
        if section.open:
            st.markdown(sections["softmax"])
            with st.container(key="softmax_equation"):
                st.latex(_equation(logits, temperature))
            element.show("softmax", numbers, lambda moving, *there: _picture(moving, there))
            st.dataframe(_arithmetic(logits, temperature), key="softmax_table", hide_index=True)
    return logits.tolist(), temperature


def _read() -> list[Control]:
    logits = zip("12345", "₁₂₃₄₅", LOGITS, strict=True)
    numbers = [control.read(f"logit{k}", f"Logit z{index}", -5, 5, first, step=0.1) for k, index, first in logits]
    return [*numbers, control.read("temperature", "Temperature T", 0.1, 10, 1.0, step=0.1)]


def _equation(logits: np.ndarray, temperature: float) -> str:
    """The first share with its numbers."""
    computed = softmax(logits, temperature)
    t = latex_number(temperature)
    first = rf"\frac{{e^{{{latex_number(logits[0])}/{t}}}}}{{\sum_k e^{{z_k/{t}}}}}"
    fraction = rf"\frac{{{latex_number(computed.exponentials[0])}}}{{{latex_number(float(computed.total))}}}"
    return rf"p_1 = {first} = {fraction} = {latex_number(computed.probabilities[0])}"


@memoize
def _picture(moving: str, numbers: tuple[Control, ...]) -> bytes:
    """The picture of one of the logits, or of the temperature."""
    k = [number.key for number in numbers].index(moving)
    rows = np.tile([number.value for number in numbers], (len(numbers[k].positions), 1))
    rows[:, k] = numbers[k].positions
    logits, temperatures = rows[:, :-1], rows[:, -1]
    return encode(plot_softmax(logits, softmax(logits, temperatures)))


def _arithmetic(logits: np.ndarray, temperature: float) -> pa.Table:
    """A row a class: its logit, the exponential, the division written out, and the share."""
    computed = softmax(logits, temperature)
    total = f"{float(computed.total):.4g}"
    return pa.table(
        {
            "class": list(range(1, len(logits) + 1)),
            "logit z": [f"{z:.4g}" for z in logits],
            "e^(z/T)": [f"{e:.4g}" for e in computed.exponentials],
            "divided by the sum": [f"{e:.4g} / {total}" for e in computed.exponentials],
            "share p": [f"{p:.4g}" for p in computed.probabilities],
        }
    )
