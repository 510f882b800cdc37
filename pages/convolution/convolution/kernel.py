"""Which kernel a page convolves with: a preset, one that a network learned, or numbers that were typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

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


@dataclass(frozen=True)
class Choice:
    """A kernel and where it comes from."""

    name: str
    """A preset, `model3`, `model4`, or the numbers themselves."""
    kernel: NDArray[np.float64]
    """(3, 3) or (5, 5)."""
    bias: float
    """What the network learned with it; 0 for the others."""
    number: int | None
    """Which of the network's kernels it is."""

    @property
    def typed(self) -> bool:
        """Whether somebody typed the numbers, and not those of a preset."""
        known = (preset_kernel(name, len(self.kernel)) for name in PRESETS)
        return self.name not in NAMES and not any(np.array_equal(self.kernel, preset) for preset in known)


def choose_kernel(kernel_place: Any, size_place: Any) -> Choice:
    """A select box, key `kernel`, in one place; beside it `size`, or `learned`, which of a network's kernels."""
    with kernel_place:
        name = _choose_name()
    with size_place:
        if name in LEARNED:
            kernels, biases = learned_kernels(name)
            number = widgets.index_number("learned", "Kernel number", len(kernels) - 1)
            return Choice(name, kernels[number], float(f"{biases[number]:.6g}"), number)
        typed = None if name in PRESETS else read_kernel(name)
        sizes = tuple(str(size) for size in SIZES) if typed is None else (str(len(typed)),)
        size = int(widgets.radio("size", "Kernel size", sizes, sizes[-1], names={"3": "3 × 3", "5": "5 × 5"}))
    return Choice(name, preset_kernel(name, size) if typed is None else typed, 0.0, None)


def _choose_name() -> str:
    """The numbers of a link or of the table are an option like the presets."""
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


def edit(choice: Choice) -> None:
    """The kernel as a table to type into; what is typed becomes the kernel of the page.

    The table keeps what it was given first and its edits, so that the keyboard stays in its place; only a kernel that
    came from elsewhere makes a new one.
    """
    text = write_kernel(choice.kernel)
    edited = st.session_state.setdefault(EDITED, {"number": 0, "shown": None})
    if edited["shown"] != text:
        edited.update(number=edited["number"] + 1, shown=text, given=np.array(choice.kernel))
    key = f"kernel_cells_{edited['number']}"
    columns = [str(column) for column in range(len(choice.kernel))]
    number = st.column_config.NumberColumn(format="%.2g", min_value=-LARGEST_WEIGHT, max_value=LARGEST_WEIGHT)
    with st.container(key="kernel_cells"):
        st.data_editor(
            pd.DataFrame(edited["given"], columns=columns),
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
    kernel = edited["given"].copy()
    for row, cells in st.session_state[key]["edited_rows"].items():
        for column, weight in cells.items():
            kernel[int(row), int(column)] = 0.0 if weight is None else np.clip(weight, -LARGEST_WEIGHT, LARGEST_WEIGHT)
    edited["shown"] = edited["typed"] = st.session_state["kernel"] = write_kernel(kernel)


def choose_bias(choice: Choice) -> float:
    """The bias, key `bias`; a learned kernel brings its own, and takes it away again when a preset comes."""
    owner = f"{choice.name} {choice.number}" if choice.number is not None else "preset"
    if choice.name in NAMES and url_state.previous("whose bias", owner) != owner:
        st.session_state["bias"] = choice.bias
    return float(widgets.number("bias", "Bias b", -10_000.0, 10_000.0, choice.bias, step=1.0, format="%.6g"))


def show_learned(choice: Choice) -> None:
    """All kernels that a network learned, to click."""
    name = choice.name if choice.name in LEARNED else LEARNED[0]
    found, _ = learned_kernels(name)
    st.markdown(f"**The {len(found)} kernels that model {name[-1]} learned:** click one to convolve with it.")
    drawn = plot_kernels(found, chosen=choice.number)
    alt = f"{len(found)} kernels of 5 × 5 weights, blue where they are negative, orange where positive"
    lesson.figure("learned_kernels", drawn, alt, on_select=lambda: _take_learned(name), selection_mode="points")


def _take_learned(name: str) -> None:
    points = st.session_state["learned_kernels"]["selection"]["point_indices"]
    if points:
        st.session_state["kernel"], st.session_state["learned"] = name, int(points[0])
