"""The challenges of the lesson on backpropagation: which weight learns most or nothing, and how fast."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nncore.theory.network_221 import GRADIENT_PHASE, UPDATE_PHASE, Step

if TYPE_CHECKING:
    from pages.learning.backpropagation.controls import Settings


def solved_by(step: Step, settings: Settings) -> dict[str, bool]:
    """Return for each challenge whether these settings, which lead to this step, solve it."""
    phase, updates = settings.phase, settings.updates
    largest = max(step.gradients, key=lambda name: abs(step.gradients[name]))
    learns_nothing = step.gradients[settings.weight] == 0 and step.values["C"] > 0.01
    return {
        "most": phase == UPDATE_PHASE and settings.weight == largest,
        "nothing": phase >= GRADIENT_PHASE and learns_nothing,
        "fast": 0 < updates <= 100 and step.values["C"] < 0.0005,
        "twins": updates >= 100 and abs(step.values["a1"] - step.values["a2"]) < 1e-12,
    }
