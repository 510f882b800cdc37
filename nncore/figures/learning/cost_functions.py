"""Quadratic cost and cross-entropy, drawn so that they move with a control: both costs, their gradients, training."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from nncore.figures import theme
from nncore.figures.interactive.scene import (
    Axis,
    FormattedNumber,
    Line,
    Number,
    Panel,
    Part,
    Picture,
    Points,
    Readout,
    Rule,
)

if TYPE_CHECKING:
    from nncore.theory.cost_functions import Judgement

Array = NDArray[np.float64]
QUADRATIC, CROSS_ENTROPY = theme.COST, theme.SECOND
HEIGHT, TRAINING_HEIGHT = 300, 250


def plot_costs(curve: Judgement, here: Judgement, against: Literal["output", "z"]) -> Picture:
    """Both costs and their gradients: `curve` with arrays of shape (n,), and P neurons that are `here`, (P,)."""
    x, at = (curve.output, here.output) if against == "output" else (curve.z, here.z)
    reach = np.maximum(7.0, 1.15 * np.abs(here.z))
    across = Axis("output a", -0.03, 1.03) if against == "output" else Axis("z", -reach, reach)
    top = np.maximum(3.0, 1.15 * here.cross_entropy)
    costs = [
        *_pair(x, curve.quadratic, curve.cross_entropy),
        *_marks(at, here.quadratic, here.cross_entropy),
    ]
    gradients = [
        Rule("y", 0.0, dash="solid", width=1),
        *_pair(curve.z, curve.quadratic_gradient, curve.cross_entropy_gradient),
        *_marks(here.z, here.quadratic_gradient, here.cross_entropy_gradient),
    ]
    slopes = Axis("gradient dC/dz", -0.06 - curve.y, 1.06 - curve.y)
    alt = "Quadratic cost, solid, and cross-entropy, dashed, "
    return Picture(
        [
            Panel("costs", across, Axis("cost C", -0.04 * top, top), costs, COSTS, alt + f"against {against}.", HEIGHT),
            Panel(
                "gradients", Axis("z", -reach, reach), slopes, gradients, GRADIENTS, alt + "dC/dz against z.", HEIGHT
            ),
        ],
        [
            Readout("z_live", "z", FormattedNumber(here.z)),
            Readout("output_live", "output a", FormattedNumber(here.output), theme.OUTPUT),
        ],
    )


COSTS = "Quadratic cost, and cross-entropy dashed"
GRADIENTS = "Their gradients by z"


def plot_training(numbers: Array, quadratic: Judgement, cross_entropy: Judgement) -> Picture:
    """P trainings on each cost, with arrays of shape (P, n) at the steps `numbers`, (n,); each cost has its own scale.

    A training has NaN where it has not come yet.
    """
    last = np.isfinite(quadratic.z).sum(axis=1) - 1
    outputs: list[Part] = [Rule("y", quadratic.y)]
    for run, dash in ((quadratic, "solid"), (cross_entropy, "dash")):
        outputs += [Line(numbers, run.output, theme.OUTPUT, 4, dash), *_end(numbers, run.output, last, theme.OUTPUT)]
    steps = Axis("step", -0.03 * numbers[-1], 1.05 * numbers[-1])
    ends = [run.output[np.arange(len(last)), last] for run in (quadratic, cross_entropy)]
    told = [f"Trained for {step:.0f} steps; cross-entropy dashed" for step in numbers[last]]
    panels = [
        Panel("outputs", steps, Axis("output a", -0.04, 1.04), outputs, told, "Both outputs by steps.", TRAINING_HEIGHT)
    ]
    runs = (
        ("training_quadratic", "Quadratic cost", quadratic.quadratic, QUADRATIC, "solid"),
        ("training_cross_entropy", "Cross-entropy", cross_entropy.cross_entropy, CROSS_ENTROPY, "dash"),
    )
    for key, title, costs, colour, dash in runs:
        top = 1.08 * np.nanmax(costs, axis=1)
        parts = [Line(numbers, costs, colour, 4, dash), *_end(numbers, costs, last, colour)]
        panels.append(Panel(key, steps, Axis("cost C", 0.0, top), parts, title, f"{title} by steps.", TRAINING_HEIGHT))
    readouts = [
        Readout("quadratic_live", "a, quadratic", FormattedNumber(ends[0]), QUADRATIC),
        Readout("cross_entropy_live", "a, cross-entropy", FormattedNumber(ends[1]), CROSS_ENTROPY),
    ]
    return Picture(panels, readouts)


def _pair(x: Array, quadratic: Array, cross_entropy: Array) -> list[Part]:
    return [Line(x, quadratic, QUADRATIC, 4), Line(x, cross_entropy, CROSS_ENTROPY, 4, "dash")]


def _marks(at: Number, quadratic: Array, cross_entropy: Array) -> list[Part]:
    """The neuron on either curve, joined by a dotted line in the colour of outputs."""
    x = np.asarray(at)[:, None]
    marks = [
        Points(x, y[:, None], colour, 17) for y, colour in ((quadratic, QUADRATIC), (cross_entropy, CROSS_ENTROPY))
    ]
    return [Rule("x", at, theme.OUTPUT), *marks]


def _end(numbers: Array, values: Array, last: NDArray[np.int64], colour: str) -> Sequence[Part]:
    """A dot where the training has come to."""
    return [Points(numbers[last][:, None], values[np.arange(len(last)), last][:, None], colour, 15)]
