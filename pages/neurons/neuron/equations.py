"""The equations of a neuron and of softmax with their numbers, in LaTeX, and softmax as a table."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from nncore.theory.activations import softmax
from nncore.theory.neuron import Neuron
from pages.ui.latex import latex_factor, latex_number


def weighted_sum(neuron: Neuron) -> str:
    """Write out the weighted sum z = w·x + b, term by term."""
    products = zip(neuron.w, neuron.x, strict=True)
    terms = " + ".join(rf"{latex_factor(weight)}\cdot {latex_factor(value)}" for weight, value in products)
    z = latex_number(float(neuron.z))
    return rf"z = \mathbf{{w}}\cdot\mathbf{{x}} + b = {terms} + {latex_factor(neuron.b)} = {z}"


def activated(neuron: Neuron) -> str:
    """Write out the output f(z)."""
    z = latex_number(float(neuron.z))
    return rf"f(z) = {neuron.f.substituted(z)} = {latex_number(float(neuron.output))}"


def softmax_share(logits: Sequence[float], temperature: float) -> str:
    """Write out the share of the first class: its exponential, divided by the sum of all."""
    computed = softmax(logits, temperature)
    t = latex_number(temperature)
    first = rf"\frac{{e^{{{latex_number(logits[0])}/{t}}}}}{{\sum_k e^{{z_k/{t}}}}}"
    fraction = rf"\frac{{{latex_number(computed.exponentials[0])}}}{{{latex_number(float(computed.total))}}}"
    return rf"p_1 = {first} = {fraction} = {latex_number(computed.probabilities[0])}"


def softmax_table(logits: Sequence[float], temperature: float) -> pa.Table:
    """Return a row for each class: its logit, the exponential, the division written out, and the share."""
    computed = softmax(logits, temperature)
    total = f"{float(computed.total):.4g}"
    return pa.table(
        {
            "class": list(range(1, len(logits) + 1)),
            "logit z": [f"{z:.4g}" for z in logits],
            "e^(z/T)": [f"{e:.4g}" for e in computed.exponentials],
            "divided by the sum": [f"{e:.4g} / {total}" for e in computed.exponentials],
            "share p": [f"{p:.4g}" for p in computed.probabilities],
        }
    )
