"""What is computed for one visitor is kept for the next who asks for the same, and computed once at a time."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import suppress
from functools import wraps
from typing import TypeVar

Result = TypeVar("Result")
KEPT = 100
"""Results of each function: pictures are of some 100 KB."""

ONE_AT_A_TIME = threading.RLock()
"""NumPy gives Python's lock away at every operation on many numbers. Threads that compute at the same time spend half
as much again on taking it from each other; and of two who ask for the same, one can wait for the other's."""


def kept(function: Callable[..., Result]) -> Callable[..., Result]:
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
        with ONE_AT_A_TIME:
            if arguments not in results:
                results[arguments] = function(*arguments)
                if len(results) > KEPT:
                    results.popitem(last=False)
            return results[arguments]

    return ask
