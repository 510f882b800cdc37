"""A network in equations: its parameters counted, and one neuron's weighted sum."""

from __future__ import annotations

from nncore.networks.inspection import UnitArithmetic
from nncore.specs.experiment import NetworkSpec
from pages.ui import pixel_arithmetic
from pages.ui.latex import latex_factor, latex_number

WRITTEN_OUT = 3
"""The most inputs that fit into an equation, term by term."""


def parameter_equation(network: NetworkSpec) -> str:
    """Write out the number of parameters of each layer and their sum, in LaTeX."""
    parts = [part for part in network.parameters() if part.count]
    written = [part.arithmetic.replace("*", r"\cdot ") for part in parts]
    several = len(parts) > 1
    terms = " + ".join(f"({term})" if several and not term.startswith("(") else term for term in written)
    counts = " + ".join(_grouped(part.count) for part in parts)
    return rf"{terms} = {counts}" + (rf" = {_grouped(network.parameter_count)}" if several else "")


def neuron_equation(unit: UnitArithmetic) -> str:
    """Write out the weighted sum and the output of one neuron, in LaTeX."""
    if len(unit.inputs) > WRITTEN_OUT:
        return pixel_arithmetic.unit_equation(unit)
    products = " + ".join(
        rf"{latex_factor(float(w))}\cdot {latex_factor(float(x))}"
        for w, x in zip(unit.weights, unit.inputs, strict=True)
    )
    name = unit.activation.replace("_", r"\_")
    return (
        rf"z = {products} + {latex_factor(unit.bias)} = {latex_number(unit.pre_activation)},\quad "
        rf"a = \text{{{name}}}(z) = {latex_number(unit.value)}"
    )


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", "{,}")
