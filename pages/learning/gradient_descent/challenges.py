"""The challenges of the lesson on gradient descent: step sizes on C = w², two valleys and a saddle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nncore.theory.convergence import Convergence

if TYPE_CHECKING:
    from pages.learning.gradient_descent.controls import Settings


def solved_by(settings: Settings, convergence: Convergence) -> dict[str, bool]:
    """Return for each challenge whether these settings, whose path converges so, solve it."""
    eta, start, cost = settings.eta.value, settings.start, settings.descent.landscape
    on_w2 = settings.on_w2 and start[0] != 0
    in_a_valley, deepest = convergence.critical_point in cost.minima, convergence.critical_point == cost.minima[0]
    hovers = convergence.after(settings.count).outcome == "hovers"
    return {
        "arrive": on_w2 and eta == 0.5,
        "swing": on_w2 and eta == 1,
        "mirror": on_w2 and eta == 0.99,
        "over": cost.name == "double_well" and settings.descent.seed is None and start[0] >= 3 and deepest,
        "saddle": cost.name == "saddle" and start[1] == 0 and hovers and in_a_valley,
    }
