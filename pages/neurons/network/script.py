"""The script of the lesson on networks: one built, one of its neurons taken apart, and the gradients of a deep one."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from nncore import export
from nncore.networks.diagram import PIXELS
from nncore.networks.gradient_flow import DIGITS, deep_network
from nncore.specs.experiment import NetworkSpec
from pages.ui.script_text import fill, section

LESSON = Path(__file__).with_name("lesson.md")


def script(network: NetworkSpec, seed: int, neuron: tuple[int, int], depth: tuple[int, str, str, float]) -> str:
    """The script for a network with the first weights of this seed.

    `neuron` is the number of its layer and of the unit in it. `depth` holds the arguments of `measure_depth`: hidden
    layers, activation, initializer, scale of the weights.
    """
    layers, activation, initializer, scale = depth
    deep = deep_network(layers, activation, initializer)  # type: ignore[arg-type]
    hidden, last = (dedent(export.add_line(layer)).replace("model.add", "deep.add") for layer in deep.layers[-2:])
    return fill(
        section(LESSON),
        seed=seed,
        input_shape=network.input_shape,
        layers="\n".join(dedent(export.add_line(layer)) for layer in network.layers),
        inputs=_inputs(network, seed),
        layer=neuron[0],
        unit=neuron[1],
        depth=layers,
        hidden=hidden,
        last=last,
        scale=scale,
        digits=DIGITS,
    )


def _inputs(network: NetworkSpec, seed: int) -> str:
    """A test digit where the network reads pictures, else random numbers, as the page draws them."""
    shape = (1, *network.input_shape)
    if network.input_shape == (PIXELS,) or len(network.input_shape) == 3:
        return f'x_test[:1].reshape{shape}.astype("float32") / 255'
    return f'np.random.default_rng({seed}).random({shape}).round(2).astype("float32")'
