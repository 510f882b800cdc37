"""The script of the page "Inside the network": the selected value by hand, and the analyses of "Look further"."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from nncore.cluster.engine import default_engine
from nncore.networks.inspection import MapArithmetic
from nncore.registry import networks
from pages.ui.script_text import fill, pixels, section

if TYPE_CHECKING:
    from pages.convolution.feature_maps.selection import SelectedPixel, Selection, Settings

LESSON = Path(__file__).with_name("lesson.md")
Files = dict[str, tuple[Callable[[], bytes], str, str]]


def script(selection: Selection, settings: Settings, pixel: SelectedPixel | None) -> str:
    """Return the script for what the page shows; `pixel` is None for a layer without pixels."""
    parts = [
        fill(
            section(LESSON),
            data=_data(settings.data),
            digit=_digit(selection),
            scaled=_scaled(settings.scale),
            layer=selection.layer,
            number=selection.channel,
        ),
        *_by_hand(selection, pixel),
        fill(section(LESSON, "further"), off=list(settings.off), size=settings.occlusion_size),
    ]
    if settings.beside:
        parts.append(fill(section(LESSON, "beside"), scaled=_scaled(settings.beside_scale)))
    return "\n".join(parts)


def files(selection: Selection, settings: Settings) -> Files:
    """Return the networks' files that the script reads, as `lesson.code` takes them; a download makes its file."""
    downloads = {"network": _file(selection.name, "network.keras")}
    if settings.beside:
        downloads["other network"] = _file(settings.beside, "beside.keras")
    return downloads


def _file(name: str, file_name: str) -> tuple[Callable[[], bytes], str, str]:
    return lambda: default_engine().ask(networks.to_keras_file, name), file_name, "application/octet-stream"


def _data(name: str) -> str:
    if name.startswith("own"):
        return section(LESSON, "uploaded data")
    return fill(section(LESSON, "known data"), name=name)


def _digit(selection: Selection) -> str:
    if selection.index is not None:
        return fill(section(LESSON, "digit"), index=selection.index)
    return fill(section(LESSON, "drawing"), pixels=pixels(selection.picture))


def _scaled(scale: bool) -> str:
    return " / 255" if scale else ""


def _by_hand(selection: Selection, pixel: SelectedPixel | None) -> list[str]:
    """Return the code for the selected pixel or unit, or nothing for a layer that only reshapes."""
    inputs = f"outputs[{selection.layer - 1}]" if selection.layer else "prepared(digit)[0]"
    if pixel is None:
        return [fill(section(LESSON, "dense"), seen=inputs)] if selection.activation.kind == "Dense" else []
    arithmetic, row, column = pixel
    (down, across), (rows, columns) = arithmetic.strides, arithmetic.size
    top, left = row * down, column * across
    position = {"row": row, "column": column, "seen": inputs}
    if arithmetic.kernel is None:
        top, left = top - arithmetic.before[0], left - arithmetic.before[1]
        sides = {"top": max(top, 0), "bottom": top + rows, "left": max(left, 0), "right": left + columns}
        what = "max" if arithmetic.kind == "MaxPooling2D" else "mean"
        return [fill(section(LESSON, "pooling"), **position, **sides, what=what)]
    sides = {"top": top, "bottom": top + rows, "left": left, "right": left + columns}
    return [fill(section(LESSON, "convolution"), **position, **sides, pad=[*_border(selection, arithmetic), (0, 0)])]


def _border(selection: Selection, arithmetic: MapArithmetic) -> list[tuple[int, int]]:
    """Return the number of zeros before and behind the layer's input, along rows and columns."""
    inside = selection.activations[selection.layer - 1].values.shape if selection.layer else selection.picture.shape
    return [(before, whole - before - side) for before, whole, side in
            zip(arithmetic.before, arithmetic.inputs.shape, inside, strict=False)]  # fmt: skip
