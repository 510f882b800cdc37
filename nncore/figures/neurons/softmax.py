"""Softmax in three pictures: logits, their exponentials, and what is left after dividing by the sum."""

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
    """Bars of the `logits`, of e^(z/T) and of the shares, all (P, n), and each share's number above its bar."""
    count = logits.shape[1]
    places = np.arange(1.0, count + 1)
    classes = Axis("class", 0.4, count + 0.6)
    highest = computed.exponentials.max(axis=1)
    labels = [
        Label(
            k + 1.0,
            computed.probabilities[:, k],
            FormattedNumber(100 * computed.probabilities[:, k], "{} %", 3),
            dy=-12,
        )
        for k in range(count)
    ]
    return Picture(
        [
            Panel(
                "logits",
                classes,
                Axis("", -5.5, 5.5),
                [Bars(places, logits, theme.WEIGHT)],
                "1. Logits z: any numbers",
                f"The {count} logits as bars.",
            ),
            Panel(
                "exponentials",
                classes,
                Axis("", 0.0, 1.1 * highest),
                [Bars(places, computed.exponentials, theme.NEUTRAL)],
                "2. Exponentials e^(z/T): never negative",
                "The exponentials of the logits as bars.",
            ),
            Panel(
                "shares",
                classes,
                Axis("", 0.0, 1.12),
                [Bars(places, computed.probabilities, theme.OUTPUT), *labels],
                "3. Divided by their sum: shares",
                f"The shares of the {count} classes as bars that add up to 1.",
            ),
        ]
    )
