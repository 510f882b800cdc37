"""The controls of interactive figures: numbers that are dragged while their picture repaints.

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
    """A control of a page: its range, its step and its value."""

    key: str
    label: str
    low: float
    high: float
    step: float
    """An `int` allows whole numbers only."""
    value: float

    @cached_property
    def positions(self) -> NDArray[np.float64]:
        """All positions (P,), ascending: the steps of the range, and the value if it lies between two of them."""
        steps = _steps(self.low, self.high, self.step)
        return steps if self.value in steps else np.sort(np.append(steps, self.value))

    def cache_key(self) -> Control:
        """A copy with `value = low`, so that all positions share one cache entry."""
        return replace(self, value=self.low) if self.value in _steps(self.low, self.high, self.step) else self

    def fixed(self) -> Control:
        """A copy whose only position is its value: its picture is small and quickly computed."""
        return replace(self, low=self.value, high=self.value)


@lru_cache(maxsize=100)
def _steps(low: float, high: float, step: float) -> NDArray[np.float64]:
    """The distinct steps of the range, ascending; a read-only array, since it is shared."""
    digits = max(0, -math.floor(math.log10(step))) + 2
    steps = np.round(np.arange(round((high - low) / step) + 1) * step + low, digits)
    steps = np.unique(np.clip(steps, low, high)).astype(np.float64)
    steps.flags.writeable = False
    return steps


def read(key: str, label: str, low: float, high: float, default: float, *, step: float) -> Control:
    """The control with its value from this page's session or link."""
    return Control(key, label, low, high, step, float(widgets.read(Number(key, label, default, low, high, step))))
