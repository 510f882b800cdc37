"""The script of the page about convolution: its layers in Keras, and the chosen pixel by hand."""

from __future__ import annotations

from pathlib import Path

from pages.convolution.convolution.settings import Settings
from pages.ui.script_text import fill, pixels, section

LESSON = Path(__file__).with_name("lesson.md")


def script(settings: Settings) -> str:
    """Return the script for a test digit, or for a drawing, whose pixels are then written out."""
    (row, column), windows = settings.pixel, settings.windows
    convolution = fill(
        section(LESSON),
        picture=_picture(settings),
        kernel="[" + (",\n" + " " * 18).join(str(weights) for weights in settings.kernel.weights.tolist()) + "]",
        size=windows.size,
        row=row,
        column=column,
        border=[windows.border, windows.border],
        top=row * windows.stride,
        bottom=row * windows.stride + windows.size,
        left=column * windows.stride,
        right=column * windows.stride + windows.size,
        **settings.layer,
    )
    if settings.pooling == "none":
        return convolution
    pooling = section(LESSON, f"{settings.pooling} pooling")
    pooled = fill(pooling, size=settings.pool_windows.size, stride=settings.pool_windows.stride)
    return convolution + "\n" + fill(section(LESSON, "pooling"), pooled=pooled)


def _picture(settings: Settings) -> str:
    if settings.index is None:
        return fill(section(LESSON, "drawing"), pixels=pixels(settings.picture))
    return fill(section(LESSON, "digit"), index=settings.index)
