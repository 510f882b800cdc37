"""The script of the lesson on backpropagation: NumPy by hand, then Keras."""

from __future__ import annotations

from pathlib import Path

from nncore.theory.activations import activation
from nncore.theory.network_221 import PARAMETERS, PLACES, STARTS, Setting
from pages.ui.script_text import fill, section

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
"""Each cost, its derivative with respect to z, and the cost by Keras, as the script writes them."""


def script(setting: Setting, updates: int, chosen: str) -> str:
    """The script that makes so many updates and prints output, cost and the chosen gradient, and Keras' own."""
    f = activation(setting.activation)
    layer, source, unit = PLACES[chosen]
    return fill(
        section(LESSON),
        x=list(setting.x),
        y=setting.y,
        eta=setting.eta,
        updates=updates,
        **dict(zip(PARAMETERS, STARTS[setting.start], strict=True)),
        name=setting.activation,
        code=f.code,
        slope=f.derivative_code,
        **COSTS[setting.cost],
        gradient=f"db{layer + 1}[{unit}]" if source is None else f"dW{layer + 1}[{source}, {unit}]",
        index=2 * layer + (source is None),
        place=unit if source is None else f"{source}, {unit}",
        chosen=chosen,
    )
