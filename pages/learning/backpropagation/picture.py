"""The picture of the lesson on backpropagation, with a description for those who do not see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import plotly.graph_objects as go

from nncore.figures.learning.backpropagation import plot_step
from nncore.theory.network_221 import Step

if TYPE_CHECKING:
    from pages.learning.backpropagation.controls import Settings


def draw_network(step: Step, settings: Settings) -> tuple[go.Figure, str]:
    """Draw the network with all numbers that are known in this phase; return the figure and its description."""
    known = step.until(settings.phase)
    numbers = (f"{name} {value:.4g}" for name, value in (known.parameters | known.values).items())
    alt = f"A 2-2-1 network in phase {settings.phase} of update {settings.updates + 1}; {', '.join(numbers)}"
    return plot_step(known, settings.phase, settings.weight), alt
