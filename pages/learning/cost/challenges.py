"""The challenges of the lesson on costs: a neuron that hardly learns, a race of two costs, and the best line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nncore.theory.least_squares import best_line, measure

if TYPE_CHECKING:
    from pages.learning.cost.controls import Settings


def solved_by(settings: Settings) -> dict[str, bool]:
    """Return for each challenge whether these settings solve it."""
    judged, line, y = settings.judgement, settings.line, settings.y
    slow, fast = settings.trainings
    return {
        "stuck": bool(judged.quadratic > 0.4 and abs(judged.quadratic_gradient) < 0.05),
        "least": settings.z == 0 and settings.w.value != 0,
        "race": abs(slow.output[-1] - y) > 0.9 and abs(fast.output[-1] - y) < 0.1,
        "smallest": line.cost < 1.01 * measure(*best_line()).cost,
        "exact": sum(abs(error) < 0.005 for error in line.errors) >= 2,
    }
