"""The numbers of a page that are dragged, as `pages/ui/widgets.py` has those of Streamlit's widgets.

A control's key is its query parameter and, in the browser, the class `st-key-<key>`. `element.py` shows it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from pages.ui import widgets
from pages.ui.parameters import Number


@dataclass(frozen=True)
class Control:
    """A control of a page: its range, its step and where it is."""

    key: str
    label: str
    low: float
    high: float
    step: float
    """Where it is an `int`, only whole numbers are taken."""
    value: float

    @cached_property
    def positions(self) -> NDArray[np.float64]:
        """(P,), ascending: all steps of the range, and the value where it lies between two of them."""
        steps = _steps(self.low, self.high, self.step)
        return steps if self.value in steps else np.sort(np.append(steps, self.value))

    def cache_key(self) -> Control:
        """The same wherever it is of its `positions`: what is drawn for all of them is the same."""
        return replace(self, value=self.low) if self.value in _steps(self.low, self.high, self.step) else self

    def fixed(self) -> Control:
        """With the one position where it is: what is drawn for that is quickly computed and small."""
        return replace(self, low=self.value, high=self.value)


@lru_cache(maxsize=100)
def _steps(low: float, high: float, step: float) -> NDArray[np.float64]:
    """The range in steps, ascending and each once; shared by everybody, so not to be written to."""
    digits = max(0, -math.floor(math.log10(step))) + 2
    steps = np.round(np.arange(round((high - low) / step) + 1) * step + low, digits)
    steps = np.unique(np.clip(steps, low, high)).astype(np.float64)
    steps.flags.writeable = False
    return steps


def read(key: str, label: str, low: float, high: float, default: float, *, step: float) -> Control:
    """The control with the value of this page's session or link."""
    return Control(key, label, low, high, step, float(widgets.read(Number(key, label, default, low, high, step))))
