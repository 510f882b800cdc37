"""The script of the page "Inside the network": the value on the screen by hand, and what the rooms below it show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numpy.typing import NDArray

from nncore import networks
from nncore.engine import default_engine
from nncore.inspection import MapArithmetic
from pages.ui.convolution_script import write_picture
from pages.ui.look import Look, Settings
from pages.ui.one_pixel import OnePixel

HEAD = """\
import numpy as np
import keras
import keras.models as km
import matplotlib.pyplot as plt

# The network of the page: "Download the network" beside this script.
model = km.load_model("network.keras")
{load}
{digit}

# All its layers one by one, for one picture or many.
def run(pictures, first = 0, last = len(model.layers) - 1):
    values = np.asarray(pictures, dtype = "float32")
    for layer in model.layers[first:last + 1]:
        values = layer(values)
    return np.array(values)

def prepared(pictures):
    return np.reshape(pictures, (-1, *model.input_shape[1:])){scaled}

outputs = [run(prepared(digit), last = n)[0] for n in range(len(model.layers))]
read = outputs[-1].argmax()
print("read as", read, "with probability %.3f" % outputs[-1].max())

# The maps, or units, of layer {layer}.
layer, number = {layer}, {number}
maps = outputs[layer] if outputs[layer].ndim == 3 else outputs[layer].reshape(1, 1, -1)
for n in range(min(maps.shape[2], 40)):
    plt.subplot(4, 10, n + 1)
    plt.imshow(maps[:, :, n], cmap = "gray", vmin = 0, vmax = maps.max() or 1)
    plt.axis("off")
plt.savefig("layer.png")
"""
CONVOLUTION = """
# One pixel by hand: for each input map patch times kernel, summed; then all sums, plus bias, through the activation.
row, column = {row}, {column}
kernel, bias = [*model.layers[layer].get_weights(), np.zeros(1000)][:2]  # some layers have no bias
seen = np.pad({seen}, {pad})
patch = seen[{top}:{bottom}, {left}:{right}]
sums = (patch * kernel[:, :, :, number]).sum(axis = (0, 1))
z = sums.sum() + bias[number]
print("sums", *["%.4g" % part for part in sums])
print("by hand %.4f" % float(model.layers[layer].activation(z)), " Keras %.4f" % outputs[layer][row, column, number])
"""
POOLING = """
# One pixel by hand: the {what} of its window.
row, column = {row}, {column}
window = {seen}[{top}:{bottom}, {left}:{right}, number]
print("by hand %.4f" % window.{what}(), " Keras %.4f" % outputs[layer][row, column, number])
"""
DENSE = """
# One unit by hand: all inputs times its weights, summed, plus bias, through the activation.
kernel, bias = [*model.layers[layer].get_weights(), 0][:2]  # some layers have no bias
z = {seen} @ kernel + bias
by_hand = np.array(model.layers[layer].activation(z.reshape(1, -1)))[0, number]
print("by hand %.4f" % by_hand, " Keras %.4f" % outputs[layer][number])
"""
ROOMS = """
# Switch off: these maps, or units, count as zero for all later layers.
def switch_off(off):
    values = outputs[layer].copy()
    values[..., off] = 0
    return run(values[None], layer + 1)[0]

without = switch_off({off})
print("switched off", {off}, "read as", without.argmax(), "with probability %.3f" % without.max())

# Hide a part: a grey square around every pixel in turn.
def hide(size):
    kept = np.zeros((28, 28))
    for row in range(28):
        covered = np.repeat(digit[None], 28, axis = 0)
        for column in range(28):
            half = size // 2
            covered[column, max(row - half, 0):row + half + 1, max(column - half, 0):column + half + 1] = 127
        kept[row] = run(prepared(covered))[:, read]
    return kept

kept = hide({size})
worst = np.unravel_index(kept.argmin(), kept.shape)
print("hidden around", *worst, "it is", read, "with probability %.3f" % kept.min())

# What excites a map: the ten test pictures with its largest values.
def most_exciting(pictures, block = 500):
    values = [run(prepared(pictures[n:n + block]), 0, layer)[..., number] for n in range(0, len(pictures), block)]
    largest = np.concatenate([part.reshape(len(part), -1).max(axis = 1) for part in values])
    return np.argsort(-largest, kind = "stable")[:10]

print("most exciting", most_exciting(x_test))

# A thousand pictures as points: the two directions in which the layer's values vary most.
# sklearn.manifold.TSNE().fit_transform(values) lays them out by their neighbours instead.
def hidden_space(pictures):
    values = run(prepared(pictures), 0, layer).reshape(len(pictures), -1)
    values = values - values.mean(axis = 0)
    directions, sizes, _ = np.linalg.svd(values, full_matrices = False)
    return directions[:, :2] * sizes[:2], (sizes[:2]**2).sum() / (sizes**2).sum()

points, share = hidden_space(x_test[:1000])
print("two directions have %.1f %% of the variance" % (100 * share))
plt.figure()
plt.scatter(points[:, 0], points[:, 1], c = y_test[:1000], cmap = "tab10")
plt.savefig("space.png")
"""
BESIDE = """
# Another network on the same picture: "Download the other network" beside this script.
other = km.load_model("beside.keras")
answer = np.array(other(np.reshape(digit, (1, *other.input_shape[1:])){scaled}))[0]
print("beside: read as", answer.argmax(), "with probability %.3f" % answer.max())
"""


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
