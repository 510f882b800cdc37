"""Memoize results for all visitors of the server, and compute one result at a time."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import suppress
from functools import wraps
from typing import TypeVar

Result = TypeVar("Result")
CACHE_SIZE = 100
"""Number of results kept for each function: a picture takes about 100 KB."""

COMPUTE_LOCK = threading.RLock()
"""NumPy releases Python's lock at every operation on large arrays, and threads that compute at the same time need half
as long again to take it from each other. And of two equal requests, the second waits for the result of the first."""


def memoize(function: Callable[..., Result]) -> Callable[..., Result]:
    """Cache the last results of `function` by its arguments; results are shared, so nobody may write to them.

    A cache hit returns at once; only misses take the lock.
    """
    results: OrderedDict[tuple[Hashable, ...], Result] = OrderedDict()

    @wraps(function)
    def cached(*arguments: Hashable) -> Result:
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

    return cached
