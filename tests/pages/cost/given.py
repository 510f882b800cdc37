"""The settings of the page as its controls give them, made without a page."""

from pages.learning.cost.controls import NUMBERS, Settings
from pages.ui.interactive_figure.control import Control


def settings_of(*, y=0, against="output", **values):
    """The page's settings; `values` of NUMBERS where they are not the defaults."""
    numbers = {
        key: Control(key, label, low, high, step, float(values.get(key, default)))
        for key, (label, low, high, default, step) in NUMBERS.items()
    }
    return Settings(y=y, against=against, **numbers)
