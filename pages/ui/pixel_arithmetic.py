"""The arithmetic of one value in a network: as an equation, and compared with Keras' output."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from nncore.figures.convolution.feature_maps import plot_weights
from nncore.figures.digits.digit import plot_digit
from nncore.networks.inspection import PixelArithmetic, UnitArithmetic
from pages.ui import lesson, widgets
from pages.ui.latex import latex_factor, latex_number


def pixel_equation(pixel: PixelArithmetic) -> str:
    """The equation of a feature map's pixel with its numbers substituted, in LaTeX."""
    if pixel.kernel is None:
        values = pixel.patch[np.isfinite(pixel.patch)]  # a pool sees nothing of a border
        seen = ",\\,".join(latex_number(value) for value in values[:9]) + (",\\dots" if len(values) > 9 else "")
        name = r"\max" if pixel.kind == "MaxPooling2D" else r"\text{mean}"
        return rf"a = {name}\left({seen}\right) = {latex_number(pixel.value)}"
    rows, columns, channels = pixel.patch.shape
    over = rf"{rows}\times {columns}" + (rf"\times {channels}" if channels > 1 else "")
    return _weighted(over, float(pixel.sums.sum(dtype=np.float64)), pixel)


def unit_equation(unit: UnitArithmetic) -> str:
    """The equation of a dense unit with its numbers substituted, in LaTeX."""
    return _weighted(str(len(unit.inputs)), unit.pre_activation - unit.bias, unit)


def show_equation(place: DeltaGenerator, formula: str) -> None:
    """Show an equation in parts, which wrap on a narrow screen."""
    first, second, *rest = formula.split(" = ")
    parts = [f"{first} = {second}", *(f"= {part}" for part in rest)]
    if len(parts) > 1:
        parts[-2:] = [" ".join(parts[-2:])]
    with place:
        for part in parts:
            st.latex(part, width="content")


def _weighted(over: str, total: float, part: PixelArithmetic | UnitArithmetic) -> str:
    name = part.activation.replace("_", r"\_")
    numbers = rf"{latex_number(total)} + {latex_factor(part.bias)}"
    return (
        rf"a = f\Big(\sum_{{{over}}} w\,x + b\Big) = \text{{{name}}}\left({numbers}\right)"
        rf" = \text{{{name}}}\left({latex_number(part.pre_activation)}\right) = {latex_number(part.value)}"
    )


def agreement(part: PixelArithmetic | UnitArithmetic) -> None:
    """Show the computed value beside Keras' output, and whether they agree."""
    left, right = st.columns(2, wrap=False)
    with left:
        lesson.result("computed", "By this arithmetic", f"{part.value:.5g}")
    with right:
        lesson.result("stored", "In Keras' output", f"{part.stored:.5g}")
    agree = np.isclose(part.value, part.stored, rtol=1e-4, atol=1e-5)
    st.markdown(":material/check: The two agree." if agree else ":material/close: The two do not agree.")


def choose_channel(sums: NDArray[np.float32]) -> int | None:
    """Choose the input map that is shown; None for the one whose sum in `sums` (channels,) is largest in size."""
    if len(sums) == 1:
        return None
    strongest = f"the strongest, here {int(np.abs(sums).argmax())}"
    names = {"strongest": strongest} | {str(number): str(number) for number in range(len(sums))}
    chosen = widgets.option("channel", "Input map shown", names)
    return None if chosen == "strongest" else int(chosen)


def unit_pictures(unit: UnitArithmetic) -> None:
    """Show the inputs and weights of a unit of the first layer as images; for a later layer, say how many there are."""
    if len(unit.inputs) != 28 * 28:
        st.markdown(
            f"This unit weighs all {len(unit.inputs):,} outputs of the layer before it, wherever they came from."
        )
        return
    pictures = (
        ("patch", "Input x", plot_digit(unit.inputs.reshape(28, 28), title="Input x")),
        ("kernel", "The unit's 784 weights", plot_weights(unit.weights.reshape(28, 28), title="× weights w")),
        ("products", "Input times weight", plot_weights((unit.inputs * unit.weights).reshape(28, 28), title="= w·x")),
    )
    for column, (key, alt, drawn) in zip(st.columns(3), pictures, strict=True):
        with column:
            lesson.figure(key, drawn, alt)
