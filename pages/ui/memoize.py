"""What is computed for one visitor is kept for the next who asks for the same, and computed once at a time."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import suppress
from functools import wraps
from typing import TypeVar

Result = TypeVar("Result")
CACHE_SIZE = 100
"""Results of each function: pictures are of some 100 KB."""

COMPUTE_LOCK = threading.RLock()
"""NumPy gives Python's lock away at every operation on many numbers. Threads that compute at the same time spend half
as much again on taking it from each other; and of two who ask for the same, one can wait for the other's."""


def memoize(function: Callable[..., Result]) -> Callable[..., Result]:
    """`function` with its last results kept, by its arguments; they are shared, so not to be written to.

    Who asks for what is there does not wait for those whose results are being computed.
    """
    results: OrderedDict[tuple[Hashable, ...], Result] = OrderedDict()

    @wraps(function)
    def ask(*arguments: Hashable) -> Result:
        with suppress(KeyError):  # also where it was dropped between these two lines
            found = results[arguments]
            results.move_to_end(arguments)
            return found
        with COMPUTE_LOCK:
            if arguments not in results:
                results[arguments] = function(*arguments)
                if len(results) > CACHE_SIZE:
                    results.popitem(last=False)
            return results[arguments]

    return ask
