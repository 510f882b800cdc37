"""The choice of the kernel: a preset, one that a network learned, or typed numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from nncore.figures.convolution.kernels import plot_kernels
from nncore.theory.kernels import (
    LARGEST_WEIGHT,
    LEARNED,
    PRESETS,
    SIZES,
    KernelError,
    learned_kernels,
    preset_kernel,
    read_kernel,
    write_kernel,
)
from pages.convolution.convolution.settings import KernelChoice
from pages.ui import lesson, url_state, widgets

NAMES = {
    "edges_horizontal": "Horizontal edges",
    "edges_vertical": "Vertical edges",
    "sobel": "Sobel, vertical edges",
    "blur": "Blur",
    "sharpen": "Sharpen",
    "identity": "Identity",
    "model3": "Learned by model 3",
    "model4": "Learned by model 4",
}
EDITED = "kernel:edited"


def choose_kernel(kernel_column: DeltaGenerator, size_column: DeltaGenerator) -> KernelChoice:
    """Show the select box `kernel`, and in the other column `size` or, for the kernels of a network, `learned`."""
    with kernel_column:
        name = _choose_name()
    with size_column:
        if name in LEARNED:
            kernels, biases = learned_kernels(name)
            number = widgets.index_number("learned", "Kernel number", len(kernels) - 1)
            return KernelChoice(name, kernels[number], float(f"{biases[number]:.6g}"), number)
        typed = None if name in PRESETS else read_kernel(name)
        sizes = tuple(str(size) for size in SIZES) if typed is None else (str(len(typed)),)
        size = int(widgets.radio("size", "Kernel size", sizes, sizes[-1], names={"3": "3 × 3", "5": "5 × 5"}))
    return KernelChoice(name, preset_kernel(name, size) if typed is None else typed, 0.0, None)


def _choose_name() -> str:
    """Show the select box, in which the numbers of a link or of the table are an option beside the presets."""
    edited = st.session_state.get(EDITED, {}).get("typed")  # on a return from another page
    typed = next((text for text in (url_state.given("kernel"), edited) if text and text not in NAMES), None)
    names = dict(NAMES)
    if typed is not None:
        try:
            read_kernel(typed)
            names[typed] = "My own numbers"
        except KernelError as error:
            lesson.problem(f"Kernel: {error}.")
    return widgets.choice("kernel", "Kernel", tuple(names), PRESETS[0], names=names, told=False)


def edit(choice: KernelChoice) -> None:
    """Show the kernel as a table; numbers typed into it become the kernel of the page.

    While numbers are typed, the table keeps its first data and its edits, so that the keyboard's focus stays in its
    cell; only a kernel that came from elsewhere makes a new table.
    """
    text = write_kernel(choice.weights)
    edited = st.session_state.setdefault(EDITED, {"number": 0, "text": None})
    if edited["text"] != text:
        edited.update(number=edited["number"] + 1, text=text, initial=np.array(choice.weights))
    key = f"kernel_cells_{edited['number']}"
    columns = [str(column) for column in range(len(choice.weights))]
    number = st.column_config.NumberColumn(format="%.2g", min_value=-LARGEST_WEIGHT, max_value=LARGEST_WEIGHT)
    with st.container(key="kernel_cells"):
        st.data_editor(
            pd.DataFrame(edited["initial"], columns=columns),
            key=key,
            hide_index=True,
            row_height=30,
            column_config=dict.fromkeys(columns, number),
            on_change=_take_edits,
            args=(key,),
            alt="The numbers of the kernel, to be typed over",
        )


def _take_edits(key: str) -> None:
    edited = st.session_state[EDITED]
    weights = edited["initial"].copy()
    for row, cells in st.session_state[key]["edited_rows"].items():
        for column, weight in cells.items():
            weights[int(row), int(column)] = 0.0 if weight is None else np.clip(weight, -LARGEST_WEIGHT, LARGEST_WEIGHT)
    edited["text"] = edited["typed"] = st.session_state["kernel"] = write_kernel(weights)


def choose_bias(choice: KernelChoice) -> float:
    """Show the widget `bias`; a learned kernel sets it to its own bias, and the next preset back to 0."""
    owner = f"{choice.name} {choice.number}" if choice.number is not None else "preset"
    named = choice.name in NAMES  # typed numbers leave the bias as it is
    if url_state.previous("whose bias", owner, keep=not named) != owner and named:
        st.session_state["bias"] = choice.bias
    return float(widgets.number("bias", "Bias b", -10_000.0, 10_000.0, choice.bias, step=1.0, format="%.6g"))


def show_learned(choice: KernelChoice) -> None:
    """Show all kernels that a network learned; a click chooses one."""
    name = choice.name if choice.name in LEARNED else LEARNED[0]
    kernels, _ = learned_kernels(name)
    st.markdown(f"**The {len(kernels)} kernels that model {name[-1]} learned:** click one to convolve with it.")
    drawn = plot_kernels(kernels, chosen=choice.number)
    alt = f"{len(kernels)} kernels of 5 × 5 weights, blue where they are negative, orange where positive"
    lesson.figure("learned_kernels", drawn, alt, on_select=lambda: _choose_learned(name), selection_mode="points")


def _choose_learned(name: str) -> None:
    points = st.session_state["learned_kernels"]["selection"]["point_indices"]
    if points:
        st.session_state["kernel"], st.session_state["learned"] = name, int(points[0])
