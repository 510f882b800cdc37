"""The script of the page "Inside the network": the value on the screen by hand, and what is asked further down."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from nncore.cluster.engine import default_engine
from nncore.networks.inspection import MapArithmetic
from nncore.registry import networks
from pages.ui.script_text import fill, pixels, section

if TYPE_CHECKING:
    from pages.convolution.feature_maps.pixel import OnePixel
    from pages.convolution.feature_maps.selection import Selection, Settings

LESSON = Path(__file__).with_name("lesson.md")
Files = dict[str, tuple[Callable[[], bytes], str, str]]


def script(look: Selection, settings: Settings, one: OnePixel | None) -> str:
    """The script for what the page shows; `one` is None for a layer without pixels."""
    parts = [
        fill(
            section(LESSON),
            data=_data(settings.data),
            digit=_digit(look),
            scaled=_scaled(settings.scale),
            layer=look.layer,
            number=look.chosen,
        ),
        *_by_hand(look, one),
        fill(section(LESSON, "further"), off=list(settings.off), size=settings.occlusion_size),
    ]
    if settings.beside:
        parts.append(fill(section(LESSON, "beside"), scaled=_scaled(settings.beside_scale)))
    return "\n".join(parts)


def files(look: Selection, settings: Settings) -> Files:
    """The networks' files that the script reads, as `lesson.code` takes them; each is made when it is asked for."""
    found = {"network": _file(look.name, "network.keras")}
    if settings.beside:
        found["other network"] = _file(settings.beside, "beside.keras")
    return found


def _file(name: str, file_name: str) -> tuple[Callable[[], bytes], str, str]:
    return lambda: default_engine().ask(networks.to_keras_file, name), file_name, "application/octet-stream"


def _data(name: str) -> str:
    if name.startswith("own"):
        return section(LESSON, "uploaded data")
    return fill(section(LESSON, "known data"), name=name)


def _digit(look: Selection) -> str:
    if look.index is not None:
        return fill(section(LESSON, "digit"), index=look.index)
    return fill(section(LESSON, "drawing"), pixels=pixels(look.picture))


def _scaled(scale: bool) -> str:
    return " / 255" if scale else ""


def _by_hand(look: Selection, one: OnePixel | None) -> list[str]:
    """The chosen pixel, or unit; nothing for a layer that only reshapes."""
    seen = f"outputs[{look.layer - 1}]" if look.layer else "prepared(digit)[0]"
    if one is None:
        return [fill(section(LESSON, "dense"), seen=seen)] if look.seen[look.layer].kind == "Dense" else []
    shown, row, column = one
    (down, across), (rows, columns) = shown.strides, shown.size
    top, left = row * down, column * across
    place = {"row": row, "column": column, "seen": seen}
    if shown.kernel is None:
        top, left = top - shown.before[0], left - shown.before[1]
        sides = {"top": max(top, 0), "bottom": top + rows, "left": max(left, 0), "right": left + columns}
        what = "max" if shown.kind == "MaxPooling2D" else "mean"
        return [fill(section(LESSON, "pooling"), **place, **sides, what=what)]
    sides = {"top": top, "bottom": top + rows, "left": left, "right": left + columns}
    return [fill(section(LESSON, "convolution"), **place, **sides, pad=[*_border(look, shown), (0, 0)])]


def _border(look: Selection, shown: MapArithmetic) -> list[tuple[int, int]]:
    """Zeros before and behind the layer's input, along rows and columns."""
    inside = look.seen[look.layer - 1].values.shape if look.layer else look.picture.shape
    return [(before, whole - before - side) for before, whole, side in
            zip(shown.before, shown.inputs.shape, inside, strict=False)]  # fmt: skip
