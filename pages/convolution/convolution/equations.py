"""The equations of the page about convolution in LaTeX, with the numbers on the screen substituted."""

from __future__ import annotations

from nncore.theory.convolution import OutputPixel
from pages.convolution.convolution.settings import Settings
from pages.ui.latex import latex_factor, latex_number


def pixel_equation(pixel: OutputPixel, row: int, column: int) -> str:
    """Return the value of the pixel at (row, column) of the feature map as activation of sum plus bias."""
    name, size = pixel.activation.replace("_", r"\_"), len(pixel.patch)
    general = rf"a_{{{row},{column}}} = f\big(\sum_{{{size}\times {size}}} w\,x + b\big)"
    numbers = rf"{latex_number(pixel.total, 5)} + {latex_factor(pixel.bias, 5)}"
    substituted = rf"\text{{{name}}}\left({numbers}\right) = \text{{{name}}}\left({latex_number(pixel.z, 5)}\right)"
    return rf"{general} = {substituted} = {latex_number(pixel.value, 5)}"


def size_equation(settings: Settings) -> str:
    """Return the side of the feature map, and of the pooled map where there is one, as arithmetic."""
    convolved = settings.windows.formula
    return convolved if settings.pooling == "none" else rf"{convolved} \ \to\  {settings.pool_windows.formula}"
