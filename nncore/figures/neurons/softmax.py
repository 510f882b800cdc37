"""Softmax in three panels: the logits, their exponentials, and the exponentials divided by their sum."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nncore.figures import theme
from nncore.figures.interactive.scene import Axis, Bars, FormattedNumber, Label, Panel, Picture

if TYPE_CHECKING:
    from nncore.theory.activations import Softmax

Array = NDArray[np.float64]


def plot_softmax(logits: Array, computed: Softmax) -> Picture:
    """Plot bars of the `logits`, of e^(z/T) and of the probabilities, all (P, n), the latter with their numbers."""
    count = logits.shape[1]
    positions = np.arange(1.0, count + 1)
    classes = Axis("class", 0.4, count + 0.6)
    highest = computed.exponentials.max(axis=1)
    labels = [
        Label(k + 1.0, share, FormattedNumber(100 * share, "{} %", 3), dy=-12)
        for k, share in enumerate(computed.probabilities.T)
    ]
    return Picture(
        [
            Panel(
                "logits",
                classes,
                Axis("", -5.5, 5.5),
                [Bars(positions, logits, theme.WEIGHT)],
                "1. Logits z: any numbers",
                f"The {count} logits as bars.",
            ),
            Panel(
                "exponentials",
                classes,
                Axis("", 0.0, 1.1 * highest),
                [Bars(positions, computed.exponentials, theme.NEUTRAL)],
                "2. Exponentials e^(z/T): never negative",
                "The exponentials of the logits as bars.",
            ),
            Panel(
                "shares",
                classes,
                Axis("", 0.0, 1.12),
                [Bars(positions, computed.probabilities, theme.OUTPUT), *labels],
                "3. Divided by their sum: shares",
                f"The shares of the {count} classes as bars that add up to 1.",
            ),
        ]
    )
