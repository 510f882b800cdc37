"""The section that compares the gradients of the page with those that Keras computes for the same network."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import streamlit as st

from nncore.cluster.engine import EngineError, default_engine
from nncore.networks import gradients
from nncore.theory.backpropagation import Backward, DenseNetwork
from nncore.theory.network_221 import GRADIENT_PHASE, PARAMETERS, Step, by_name
from pages.learning.backpropagation.controls import Settings
from pages.ui import lesson


def show_check(step: Step, settings: Settings, network: DenseNetwork, not_yet: str) -> None:
    """Show the comparison from phase 6 on, and the sentence `not_yet` before."""
    st.markdown("**Checked against Keras**")
    if settings.phase < GRADIENT_PHASE:
        st.markdown(not_yet)
        return
    x, y, cost = settings.network.x, [settings.network.y], settings.network.cost
    try:
        show_gradients(step, default_engine().ask(gradients.dense_gradients, network, x, y, cost))
    except EngineError as error:
        lesson.problem(str(error))


def show_gradients(step: Step, keras: Backward) -> None:
    """Show the nine gradients of backpropagation beside Keras' own, to six digits, and whether they agree."""
    theirs = by_name(keras.kernels, keras.biases)
    agree = all(np.isclose(step.gradients[name], theirs[name], rtol=1e-6, atol=1e-12) for name in PARAMETERS)
    with st.container(key="agreement"):
        st.markdown(
            ":material/check: All nine agree to six digits." if agree else ":material/close: The two do not agree."
        )
    rows = [
        {"∂C/∂": name, "backpropagation": f"{step.gradients[name] + 0.0:.6g}", "Keras": f"{theirs[name] + 0.0:.6g}"}
        for name in PARAMETERS
    ]
    widths = dict(zip(rows[0], (52, 122, 104), strict=True))
    columns = {name: st.column_config.TextColumn(width=width) for name, width in widths.items()}
    st.dataframe(pa.Table.from_pylist(rows), hide_index=True, key="keras_gradients", height=352, column_config=columns)
