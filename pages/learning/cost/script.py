"""The script of the lesson on costs: two costs of one neuron, a training on each, and a line through data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from nncore.theory.least_squares import X, Y
from pages.ui.script_text import fill, section

if TYPE_CHECKING:
    from pages.learning.cost.controls import Settings

LESSON = Path(__file__).with_name("lesson.md")


def script(settings: Settings) -> str:
    """Return the script for the neuron, its training on each cost, and the line."""
    return fill(
        section(LESSON),
        w=settings.w.value,
        b=settings.b.value,
        y=settings.y,
        eta=settings.eta.value,
        steps=int(settings.steps.value),
        x=X.tolist(),
        targets=Y.tolist(),
        slope=settings.slope.value,
        offset=settings.offset.value,
    )
