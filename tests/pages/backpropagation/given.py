"""The settings of the page as its controls give them, and the step that they lead to, made without a page."""

from dataclasses import replace

from nncore.theory.network_221 import Setting, take_step, train
from pages.learning.backpropagation.controls import Settings


def settings_of(*, weight="w11", updates=0, phase=1, **values):
    """The page's settings; `values` of `Setting` where they are not the defaults."""
    return Settings(replace(Setting(), **values), weight, updates, phase)


def step_of(settings):
    """The step after the updates that were made."""
    return take_step(train(settings.network, settings.updates).network, settings.network)
