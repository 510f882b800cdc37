"""One value of a network written out: as an equation, and as small pictures with numbers in their cells."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from nncore.figures.digits import plot_digit
from nncore.figures.feature_maps import plot_cells, plot_sums
from nncore.inspection import PixelArithmetic, UnitArithmetic
from pages.ui import lesson, places
from pages.ui.numerals import factor, tex


def pixel_equation(pixel: PixelArithmetic) -> str:
    """The value of a pixel with its numbers substituted, in LaTeX."""
    if pixel.kernel is None:
        values = pixel.patch.ravel()
        seen = ",\\,".join(tex(value) for value in values[:9]) + (",\\dots" if len(values) > 9 else "")
        name = r"\max" if pixel.kind == "MaxPooling2D" else r"\text{mean}"
        return rf"a = {name}\left({seen}\right) = {tex(pixel.value)}"
    rows, columns, channels = pixel.patch.shape
    over = rf"{rows}\times {columns}" + (rf"\times {channels}" if channels > 1 else "")
    return _weighted(over, float(pixel.sums.sum(dtype=np.float64)), pixel)


def unit_equation(unit: UnitArithmetic) -> str:
    """The value of a dense unit with its numbers substituted, in LaTeX."""
    return _weighted(str(len(unit.inputs)), unit.pre_activation - unit.bias, unit)


def _weighted(over: str, total: float, part: PixelArithmetic | UnitArithmetic) -> str:
    name = part.activation.replace("_", r"\_")
    return (
        rf"a = f\Big(\sum_{{{over}}} w\,x + b\Big) = \text{{{name}}}\left({tex(total)} + {factor(part.bias)}\right)"
        rf" = \text{{{name}}}\left({tex(part.pre_activation)}\right) = {tex(part.value)}"
    )


def agreement(part: PixelArithmetic | UnitArithmetic) -> None:
    """Whether the arithmetic gives what Keras stored."""
    left, right = st.columns(2)
    with left:
        lesson.result("computed", "By this arithmetic", f"{part.value:.5g}")
    with right:
        lesson.result("stored", "In Keras' output", f"{part.stored:.5g}")
    agree = np.isclose(part.value, part.stored, rtol=1e-4, atol=1e-5)
    st.markdown(":material/check: The two agree." if agree else ":material/close: The two do not agree.")


def choose_channel(sums: NDArray[np.float32]) -> int:
    """Which input map the cells show: the one that adds or takes away most, unless another is chosen."""
    strongest = int(np.abs(sums).argmax())
    if len(sums) == 1:
        return 0
    names = {"strongest": f"the strongest, {strongest}"} | {str(number): str(number) for number in range(len(sums))}
    chosen = places.one_of("channel", "Input map shown below", names)
    return strongest if chosen == "strongest" else int(chosen)


def pixel_cells(pixel: PixelArithmetic, channel: int) -> None:
    """Patch, kernel and products of one channel side by side, and what each channel adds where there are several."""
    if pixel.kernel is None or pixel.products is None:
        left, _ = st.columns([1, 2])
        with left:
            drawn = plot_cells(pixel.patch[..., 0], title="What it sees", largest=_white(pixel))
            lesson.figure("patch", drawn, "The window's values")
        return
    several = len(pixel.sums) > 1
    pictures = (
        ("patch", "Input x", pixel.patch, _white(pixel), "What the pixel sees"),
        ("kernel", "× kernel w", pixel.kernel, np.abs(pixel.kernel).max(), "The kernel's weights"),
        ("products", "= products w·x", pixel.products, np.abs(pixel.products).max(), "Input times weight"),
    )
    columns = st.columns([1, 1, 1, 1.3] if several else 3)
    for column, (key, title, values, largest, alt) in zip(columns, pictures, strict=False):
        with column:
            lesson.figure(key, plot_cells(values[..., channel], title=title, largest=float(largest)), alt)
    if several:
        with columns[3]:
            drawn = plot_sums(pixel.sums, pixel.bias, chosen=channel)
            lesson.figure("sums", drawn, "Each channel's sum of products, and the bias")


def _white(pixel: PixelArithmetic) -> float:
    """What is drawn white in the patch: as in the picture beside it, else the largest value of all channels."""
    largest = float(pixel.patch.max())
    if pixel.window != pixel.receptive_field:
        return largest
    return 255.0 if largest > 1 else 1.0


def unit_pictures(unit: UnitArithmetic) -> None:
    """The weights of a unit that looks at the picture itself, as pictures; a sentence for one further in."""
    if len(unit.inputs) != 28 * 28:
        st.markdown(
            f"This unit weighs all {len(unit.inputs):,} outputs of the layer before it, wherever they came from."
        )
        return
    pictures = (
        ("patch", "Input x", plot_digit(unit.inputs.reshape(28, 28), title="Input x")),
        ("kernel", "The unit's 784 weights", plot_cells(unit.weights.reshape(28, 28), title="× weights w")),
        ("products", "Input times weight", plot_cells((unit.inputs * unit.weights).reshape(28, 28), title="= w·x")),
    )
    for column, (key, alt, drawn) in zip(st.columns(3), pictures, strict=True):
        with column:
            lesson.figure(key, drawn, alt)
