"""The settings of the page as its controls give them, made without a page."""

from pages.neurons.neuron.controls import DEFAULTS, Choices, Settings
from pages.ui.interactive_figure.control import Control


def settings_of(*, activation="sigmoid", compared="none", surface="x1x2", dataset="none", **values):
    """The page's settings; `values` of x1 to x3, w1 to w3 and b where they are not the defaults."""
    numbers = {**DEFAULTS, "b": 0.2, **values}
    controls = [Control(key, key, -10, 10, 0.1, float(value)) for key, value in numbers.items()]
    return Settings(Choices(activation, compared, surface, dataset), tuple(controls))
