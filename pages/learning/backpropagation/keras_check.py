"""The gradients of the page beside those that Keras computes for the same network."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import streamlit as st

from nncore.theory.backpropagation import Backward
from nncore.theory.network_221 import PARAMETERS, Step, by_name


def show_check(step: Step, keras: Backward) -> None:
    """The nine gradients of backpropagation beside Keras' own, to six digits, and whether they agree."""
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
