"""The script of the lesson on backpropagation: NumPy by hand, then Keras."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from nncore.theory.activations import activation
from nncore.theory.network_221 import PARAMETER_INDEX, PARAMETERS, STARTS
from pages.ui.script_text import fill, section

if TYPE_CHECKING:
    from pages.learning.backpropagation.controls import Settings

LESSON = Path(__file__).with_name("lesson.md")
COSTS = {
    "quadratic": {
        "cost": "(a - y)**2 / 2",
        "delta": "(a - y) * slope(z)",
        "loss": "keras.ops.sum((out - y)**2) / 2",
    },
    "cross_entropy": {
        "cost": "-(y * np.log(a) + (1 - y) * np.log(1 - a))",
        "delta": "a - y",
        "loss": "keras.ops.sum(keras.ops.binary_crossentropy(np.array([[y]]), out))",
    },
}
"""The code of each cost, of its derivative with respect to z, and of the cost by Keras."""


def script(settings: Settings) -> str:
    """Return the script that makes the updates, then prints output, cost, the chosen gradient, and Keras' own."""
    network = settings.network
    f = activation(network.activation)
    layer, source, unit = PARAMETER_INDEX[settings.weight]
    return fill(
        section(LESSON),
        x=list(network.x),
        y=network.y,
        eta=network.eta,
        updates=settings.updates,
        **dict(zip(PARAMETERS, STARTS[network.start], strict=True)),
        name=network.activation,
        code=f.code,
        slope=f.derivative_code,
        **COSTS[network.cost],
        gradient=f"db{layer + 1}[{unit}]" if source is None else f"dW{layer + 1}[{source}, {unit}]",
        index=2 * layer + (source is None),
        place=unit if source is None else f"{source}, {unit}",
        chosen=settings.weight,
    )
