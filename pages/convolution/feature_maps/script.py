"""The script of the page "Inside the network": the value on the screen by hand, and what the rooms below it show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numpy.typing import NDArray

from nncore.cluster.engine import default_engine
from nncore.networks.inspection import MapArithmetic
from nncore.registry import networks
from pages.convolution.convolution.script import write_picture
from pages.convolution.feature_maps.pixel import OnePixel
from pages.convolution.feature_maps.script_templates import BESIDE, CONVOLUTION, DENSE, HEAD, POOLING, ROOMS
from pages.convolution.feature_maps.selection import Look, Settings

Files = dict[str, tuple[Callable[[], bytes], str, str]]


def for_page(look: Look, settings: Settings, one: OnePixel | None) -> tuple[str, Files]:
    """The script for what the page shows, and the networks' files that it reads, as `lesson.code` takes them.

    `one` is None for a layer without pixels.
    """
    files = {"network": _file(look.name, "network.keras")}
    if settings.beside:
        files["other network"] = _file(settings.beside, "beside.keras")
    return _write(look, settings, one), files


def _file(name: str, file_name: str) -> tuple[Callable[[], bytes], str, str]:
    """A network's file, made when it is asked for."""
    return lambda: default_engine().ask(networks.to_keras_file, name), file_name, "application/octet-stream"


def _write(look: Look, settings: Settings, one: OnePixel | None) -> str:
    head = HEAD.format(
        load=_load(settings.data),
        digit=f"digit = x_test[{look.index}]" if look.index is not None else _drawn(look.picture),
        scaled=" / 255" if settings.scale else "",
        layer=look.layer,
        number=look.chosen,
    )
    rooms = ROOMS.format(off=list(settings.off), size=settings.occlusion_size)
    beside = BESIDE.format(scaled=" / 255" if settings.beside_scale else "") if settings.beside else ""
    return head + _by_hand(look, one) + rooms + beside


def _load(name: str) -> str:
    if name.startswith("own"):
        return 'arrays = np.load("data.npz")\nx_test, y_test = arrays["x_test"], arrays["y_test"]'
    return f"(x_train, y_train), (x_test, y_test) = keras.datasets.{name}.load_data()"


def _drawn(picture: NDArray[Any]) -> str:
    return write_picture(picture).replace("picture =", "digit =").replace("'float64'", '"uint8"')


def _by_hand(look: Look, one: OnePixel | None) -> str:
    """The chosen pixel, or unit; nothing for a layer that only reshapes."""
    seen = f"outputs[{look.layer - 1}]" if look.layer else "prepared(digit)[0]"
    if one is None:
        return DENSE.format(seen=seen) if look.seen[look.layer].kind == "Dense" else ""
    shown, row, column = one
    (down, across), (rows, columns) = shown.strides, shown.size
    top, left = row * down, column * across
    place = {"row": row, "column": column, "seen": seen}
    if shown.kernel is None:
        top, left = top - shown.before[0], left - shown.before[1]
        sides = {"top": max(top, 0), "bottom": top + rows, "left": max(left, 0), "right": left + columns}
        return POOLING.format(**place, **sides, what="max" if shown.kind == "MaxPooling2D" else "mean")
    pad = [*_border(look, shown), (0, 0)]
    return CONVOLUTION.format(**place, pad=pad, top=top, bottom=top + rows, left=left, right=left + columns)


def _border(look: Look, shown: MapArithmetic) -> list[tuple[int, int]]:
    """Zeros before and behind the layer's input, along rows and columns."""
    inside = look.seen[look.layer - 1].values.shape if look.layer else look.picture.shape
    return [(before, whole - before - side) for before, whole, side in
            zip(shown.before, shown.inputs.shape, inside, strict=False)]  # fmt: skip
