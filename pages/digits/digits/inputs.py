"""One picture as the network gets it: as numbers, as a row of numbers, and with its target."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from nncore.figures.digits.mnist import plot_strip, plot_target, plot_values
from pages.ui import lesson, widgets


def show(picture: NDArray[np.uint8], label: int, sections: Mapping[str, str]) -> None:
    """Show the values of a picture (28, 28), raw or divided by 255, its row of 784 values, and its one-hot target."""
    st.subheader("One picture, as the network gets it", anchor=False)
    grid, words = st.columns([0.58, 0.42], gap="medium")
    with words:
        scaled = widgets.switch("scaled", "Divide by 255: grey values from 0 to 1")
        st.markdown(sections["scaled" if scaled else "raw"])
        st.markdown(f"**Target:** the digit {label}, one-hot")
        lesson.figure("target", plot_target(label), f"Ten cells, all 0 but the one of digit {label}")
        st.markdown(sections["one_hot"])
        st.markdown(sections["shapes"])
    with grid:
        drawn = plot_values(picture, scaled=scaled)
        lesson.figure("values", drawn, f"The 28 by 28 grey values of a {label}; drag over a part to enlarge it")
    st.markdown("**The same pixels as one row of 784**, each row of the picture behind the one above it")
    lesson.figure("strip", plot_strip(picture), "The 784 grey values side by side")
