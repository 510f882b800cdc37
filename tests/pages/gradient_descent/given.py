"""The settings of the page as its controls give them, made without a page."""

from nncore.theory.convergence import extend
from nncore.theory.gradient_descent import Descent
from nncore.theory.loss_surfaces import loss_surface
from pages.learning.gradient_descent.controls import Settings
from pages.ui.interactive_figure.control import Control


def settings_of(cost="w2", *, momentum=0.0, seed=None, **values):
    """The page's settings; `values` of eta, w0, v0 and steps where they are not the cost's own."""
    chosen = loss_surface(cost)

    def control(key, range_):
        value = float(values.get(key, range_.default))
        return Control(key, key, range_.low, range_.high, range_.step, value)

    starts = tuple(control(key, range_) for key, range_ in zip(("w0", "v0"), chosen.starts, strict=False))
    descent = Descent(chosen, momentum=momentum, seed=seed)
    return Settings(descent, control("eta", chosen.eta), starts, control("steps", chosen.steps))


def convergence_of(settings):
    """What becomes of the path."""
    return extend(settings.descent, settings.start, settings.eta.value, int(settings.steps.high))[1][0]
