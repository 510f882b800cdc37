"""AND, OR and XOR: three data sets of four points, and what a straight line can do about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

POINTS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


@dataclass(frozen=True)
class Gate:
    """A question about two inputs, each 0 for no or 1 for yes, with the right answer at all four points."""

    name: str
    answers: NDArray[np.bool_]
    """(4,), one for each row of `points`."""
    points: NDArray[np.float64] = field(default_factory=lambda: POINTS)
    """(4, 2): (0, 0), (0, 1), (1, 0) and (1, 1)."""

    def is_right(self, z: ArrayLike) -> NDArray[np.bool_]:
        """Whether a neuron with these sums at the points, (..., 4), answers right: yes means z > 0, no means z < 0.

        A point on the line z = 0 is undecided, and so not right.
        """
        sums = np.asarray(z, dtype=np.float64)
        return np.where(self.answers, sums > 0, sums < 0)


GATES = MappingProxyType(
    {
        "and": Gate("AND", np.array([False, False, False, True])),
        "or": Gate("OR", np.array([False, True, True, True])),
        "xor": Gate("XOR", np.array([False, True, True, False])),
    }
)
