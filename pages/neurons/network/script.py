"""The script of the lesson on networks: one built, one of its neurons taken apart, and the gradients of a deep one."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

from nncore import export
from nncore.networks.diagram import PIXELS
from nncore.networks.gradient_flow import DIGITS, deep_network
from nncore.specs.experiment import NetworkSpec
from pages.ui.script_text import fill, section

if TYPE_CHECKING:
    from pages.neurons.network.controls import Settings
    from pages.neurons.network.depth import DepthSettings

LESSON = Path(__file__).with_name("lesson.md")


def script(settings: Settings, depth: DepthSettings) -> str:
    """Return the script that builds the network, takes its neuron apart and measures the gradients of a deep one."""
    network, seed = settings.network, settings.seed
    deep = deep_network(depth.layers, depth.activation, depth.initializer)
    hidden, last = (dedent(export.add_line(layer)).replace("model.add", "deep.add") for layer in deep.layers[-2:])
    return fill(
        section(LESSON),
        seed=seed,
        input_shape=network.input_shape,
        layers="\n".join(dedent(export.add_line(layer)) for layer in network.layers),
        inputs=_inputs(network, seed),
        layer=settings.layer,
        unit=settings.unit,
        depth=depth.layers,
        hidden=hidden,
        last=last,
        scale=depth.scale,
        digits=DIGITS,
    )


def _inputs(network: NetworkSpec, seed: int) -> str:
    """Write the inputs as the page draws them: a test digit for a network that reads pictures, else random numbers."""
    shape = (1, *network.input_shape)
    if network.input_shape == (PIXELS,) or len(network.input_shape) == 3:
        return f'x_test[:1].reshape{shape}.astype("float32") / 255'
    return f'np.random.default_rng({seed}).random({shape}).round(2).astype("float32")'
