"""The script of the lesson on convolution: the layers on the screen in Keras, and the chosen pixel by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nncore.theory.convolution import Windows
from pages.ui.script_text import fill, pixels, section

LESSON = Path(__file__).with_name("lesson.md")


def script(
    picture: NDArray[Any],
    index: int | None,
    kernel: NDArray[np.float64],
    settings: dict[str, Any],
    pooling: tuple[str, int, int] | None,
    chosen: tuple[int, int],
) -> str:
    """The script for a test digit of this index, or for a drawing, whose pixels are then written out.

    `settings` are bias, stride, padding and activation; `pooling` its kind, size and stride; `chosen` the row and
    column of the pixel of the feature map that is computed by hand.
    """
    row, column = chosen
    size, stride = len(kernel), settings["stride"]
    convolved = fill(
        section(LESSON),
        picture=fill(section(LESSON, "digit"), index=index)
        if index is not None
        else fill(section(LESSON, "drawing"), pixels=pixels(picture)),
        kernel="[" + (",\n" + " " * 18).join(str(weights) for weights in kernel.tolist()) + "]",
        size=size,
        row=row,
        column=column,
        border=[Windows(side, size, stride, settings["padding"]).border for side in picture.shape],
        top=row * stride,
        bottom=row * stride + size,
        left=column * stride,
        right=column * stride + size,
        **settings,
    )
    if pooling is None:
        return convolved
    kind, size, stride = pooling
    pooled = fill(section(LESSON, f"{kind} pooling"), size=size, stride=stride)
    return convolved + "\n" + fill(section(LESSON, "pooling"), pooled=pooled)
