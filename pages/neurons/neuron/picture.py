"""The pictures of the lesson on one neuron, packed for the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nncore.figures.interactive.encode import encode
from nncore.figures.neurons.neuron import plot_neuron
from nncore.figures.neurons.softmax import plot_softmax
from nncore.theory.activations import softmax
from pages.ui.memoize import memoize

if TYPE_CHECKING:
    from pages.neurons.neuron.controls import Settings
    from pages.ui.interactive_figure.control import Control


@memoize
def draw_neuron(moving: str, settings: Settings) -> bytes:
    """Draw the sum, the surface over two inputs and the activation for all positions of the control `moving`."""
    positions = next(number.positions for number in settings.numbers if number.key == moving)
    compared, gate = settings.compared, settings.gate
    return encode(plot_neuron(settings.neuron, moving, positions, over=settings.axes, compared=compared, gate=gate))


@memoize
def draw_softmax(moving: str, numbers: tuple[Control, ...]) -> bytes:
    """Draw logits, exponentials and shares for all positions of `moving`, one of the logits or the temperature.

    `numbers` are the controls of the logits and, as the last one, of the temperature.
    """
    k = [number.key for number in numbers].index(moving)
    rows = np.tile([number.value for number in numbers], (len(numbers[k].positions), 1))
    rows[:, k] = numbers[k].positions
    logits, temperatures = rows[:, :-1], rows[:, -1]
    return encode(plot_softmax(logits, softmax(logits, temperatures)))
