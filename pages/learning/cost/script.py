"""The script of the lesson on costs: two costs of one neuron, a training on each, and a line through data."""

from __future__ import annotations

from pathlib import Path

from nncore.theory.least_squares import X, Y
from pages.ui.script_text import fill, section

LESSON = Path(__file__).with_name("lesson.md")


def script(*, w: float, b: float, y: int, eta: float, steps: int, slope: float, offset: float) -> str:
    """The script for the neuron with weight w, bias b and target y, trained so long, and for the line."""
    neuron = {"w": w, "b": b, "y": y, "eta": eta, "steps": steps}
    return fill(section(LESSON), **neuron, x=X.tolist(), targets=Y.tolist(), slope=slope, offset=offset)
