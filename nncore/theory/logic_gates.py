"""AND, OR and XOR: three data sets of four points, two of which a straight line can separate."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

POINTS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


@dataclass(frozen=True)
class Gate:
    """A yes-or-no function of two inputs, each 0 for no or 1 for yes, given by its values at all four points."""

    name: str
    answers: NDArray[np.bool_]
    """The right answer for each row of `points`, (4,)."""
    points: NDArray[np.float64] = field(default_factory=lambda: POINTS)
    """The points (0, 0), (0, 1), (1, 0) and (1, 1), as an array (4, 2)."""

    def is_right(self, z: ArrayLike) -> NDArray[np.bool_]:
        """Return, for sums z of a neuron at the points, (..., 4), which are right: z > 0 means yes, z < 0 means no.

        A point on the line z = 0 is undecided and counts as wrong.
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
