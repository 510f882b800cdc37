"""What is computed for one visitor is kept for the next who asks for the same, and computed once at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, TypeVar

Result = TypeVar("Result")
ONE_AT_A_TIME = threading.RLock()
"""NumPy gives Python's lock away at every operation on many numbers. Threads that compute at the same time spend half
as much again on taking it from each other; and of two who ask for the same, one can wait for the other's."""


def kept(function: Callable[..., Result]) -> Callable[..., Result]:
    """`function` with the last hundred results kept, by its arguments; they are shared, so not to be written to."""
    cached = lru_cache(maxsize=100)(function)

    @wraps(function)
    def ask(*arguments: Any) -> Result:
        with ONE_AT_A_TIME:
            return cached(*arguments)

    return ask
