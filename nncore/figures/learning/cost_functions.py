"""Quadratic cost and cross-entropy as figures that move with a control: costs, gradients and training."""

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


def plot_costs(curve: Judgement, neuron: Judgement, against: Literal["output", "z"]) -> Picture:
    """Plot both costs and their gradients as a `curve`, (n,), with marks at a `neuron` that has P positions, (P,)."""
    x, at = (curve.output, neuron.output) if against == "output" else (curve.z, neuron.z)
    reach = np.maximum(7.0, 1.15 * np.abs(neuron.z))
    across = Axis("output a", -0.03, 1.03) if against == "output" else Axis("z", -reach, reach)
    top = np.maximum(3.0, 1.15 * neuron.cross_entropy)
    costs = [
        *_pair(x, curve.quadratic, curve.cross_entropy),
        *_marks(at, neuron.quadratic, neuron.cross_entropy),
    ]
    gradients = [
        Rule("y", 0.0, dash="solid", width=1),
        *_pair(curve.z, curve.quadratic_gradient, curve.cross_entropy_gradient),
        *_marks(neuron.z, neuron.quadratic_gradient, neuron.cross_entropy_gradient),
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
            Readout("z_live", "z", FormattedNumber(neuron.z)),
            Readout("output_live", "output a", FormattedNumber(neuron.output), theme.OUTPUT),
        ],
    )


COSTS = "Quadratic cost, and cross-entropy dashed"
GRADIENTS = "Their gradients by z"


def plot_training(steps: Array, quadratic: Judgement, cross_entropy: Judgement) -> Picture:
    """Plot P trainings on each cost, with arrays of shape (P, n) at these `steps`, (n,); each cost has its own scale.

    Steps that a training has not reached are NaN.
    """
    last = np.isfinite(quadratic.z).sum(axis=1) - 1
    outputs: list[Part] = [Rule("y", quadratic.y)]
    for run, dash in ((quadratic, "solid"), (cross_entropy, "dash")):
        outputs += [Line(steps, run.output, theme.OUTPUT, 4, dash), *_end(steps, run.output, last, theme.OUTPUT)]
    axis = Axis("step", -0.03 * steps[-1], 1.05 * steps[-1])
    ends = [run.output[np.arange(len(last)), last] for run in (quadratic, cross_entropy)]
    headings = [f"Trained for {step:.0f} steps; cross-entropy dashed" for step in steps[last]]
    panels = [
        Panel(
            "outputs", axis, Axis("output a", -0.04, 1.04), outputs, headings, "Both outputs by steps.", TRAINING_HEIGHT
        )
    ]
    runs = (
        ("training_quadratic", "Quadratic cost", quadratic.quadratic, QUADRATIC, "solid"),
        ("training_cross_entropy", "Cross-entropy", cross_entropy.cross_entropy, CROSS_ENTROPY, "dash"),
    )
    for key, title, costs, colour, dash in runs:
        top = 1.08 * np.nanmax(costs, axis=1)
        parts = [Line(steps, costs, colour, 4, dash), *_end(steps, costs, last, colour)]
        panels.append(Panel(key, axis, Axis("cost C", 0.0, top), parts, title, f"{title} by steps.", TRAINING_HEIGHT))
    readouts = [
        Readout("quadratic_live", "a, quadratic", FormattedNumber(ends[0]), QUADRATIC),
        Readout("cross_entropy_live", "a, cross-entropy", FormattedNumber(ends[1]), CROSS_ENTROPY),
    ]
    return Picture(panels, readouts)


def _pair(x: Array, quadratic: Array, cross_entropy: Array) -> list[Part]:
    return [Line(x, quadratic, QUADRATIC, 4), Line(x, cross_entropy, CROSS_ENTROPY, 4, "dash")]


def _marks(at: Number, quadratic: Array, cross_entropy: Array) -> list[Part]:
    """Return marks at the neuron on both curves, joined by a dotted line in the colour of outputs."""
    x = np.asarray(at)[:, None]
    marks = [
        Points(x, y[:, None], colour, 17) for y, colour in ((quadratic, QUADRATIC), (cross_entropy, CROSS_ENTROPY))
    ]
    return [Rule("x", at, theme.OUTPUT), *marks]


def _end(steps: Array, values: Array, last: NDArray[np.int64], colour: str) -> Sequence[Part]:
    """Return a dot at the last step of each training."""
    return [Points(steps[last][:, None], values[np.arange(len(last)), last][:, None], colour, 15)]
