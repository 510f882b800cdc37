"""The costs of a neuron and of a line with their numbers, in LaTeX, and the sum of squares as a table."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from nncore.theory.cost_functions import judge
from nncore.theory.least_squares import Errors, X, Y
from pages.ui.latex import latex_factor, latex_number


def neuron_costs(w: float, b: float, y: int) -> list[str]:
    """Write out the output of the neuron with input 1 and target y, 0 or 1, its quadratic cost and cross-entropy."""
    z = round(w + b, 12)  # without the crumbs of binary arithmetic
    judged = judge(z, y)
    a = latex_number(float(judged.output))
    answer, chance = ("a", judged.output) if y == 1 else ("1 - a", judge(-z, 1).output)
    error = latex_number(float(judged.cross_entropy_gradient))  # a - y, not yet rounded where a is next to y
    quadratic, cross_entropy = latex_number(float(judged.quadratic)), latex_number(float(judged.cross_entropy))
    total = rf"\sigma({latex_number(w)} + {latex_factor(b)}) = \sigma({latex_number(z)})"
    general = r"C_\text{cross-entropy} = -[y\ln a + (1 - y)\ln(1 - a)]"
    return [
        rf"a = \sigma(w\cdot 1 + b) = {total} = {a}",
        rf"C_\text{{quadratic}} = \tfrac12(a - y)^2 = \tfrac12({error})^2 = {quadratic}",
        rf"{general} = -\ln({answer}) = -\ln({latex_number(float(chance))}) = {cross_entropy}",
    ]


def sum_of_squares(line: Errors) -> list[str]:
    """Write out the cost of a line, first with its errors and then with their squares."""
    squared = " + ".join(rf"({error:.3g})^2" for error in line.errors)
    terms = " + ".join(f"{square:.3g}" for square in line.squares)
    return [
        rf"C = \tfrac12\sum_i (f(x_i) - y_i)^2 = \tfrac12\left[{squared}\right]",
        rf"= \tfrac12\left[{terms}\right] = {latex_number(float(line.cost))}",
    ]


def squares_table(line: Errors) -> pa.Table:
    """Return a row for each point of the data, with its error and the sum of the halved squares up to it."""
    columns = {"x": X, "y": Y, "f(x)": line.outputs, "error": line.errors, "half its square": line.squares / 2}
    columns["sum so far"] = line.squares.cumsum() / 2
    return pa.table({name: np.round(column, 3) for name, column in columns.items()})
