"""The step of gradient descent as an equation, general and with its numbers, and all steps as a table."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from nncore.theory.gradient_descent import Trajectory, factor
from pages.ui.latex import latex_factor, latex_number

GRADIENT = r"\frac{\partial C}{\partial w_j}"


def equations(path: Trajectory) -> list[str]:
    """Write out the rule, then the first step of each parameter, or the second where there is momentum, in LaTeX."""
    descent = path.descent
    momentum = rf" + {latex_number(descent.momentum)}\,(w_j - w_{{j-1}})" if descent.momentum else ""
    noise = r"\;(+\,\text{noise})" if descent.seed is not None else ""
    slope = _slope(path, 0, {letter: f"{letter}_j" for letter in descent.landscape.parameters})
    mu = r" + \mu\,(w_j - w_{j-1})" if descent.momentum else ""
    general = rf"w_{{j+1}} = w_j{mu} - \eta\,{GRADIENT}"
    if len(descent.landscape.parameters) == 1:
        rules = [rf"{general} = w_j{momentum} - {latex_number(path.eta)}\cdot {slope}{noise}"]
    else:
        rules = [rf"C = {descent.landscape.formula}", rf"{general}{noise},\quad v \text{{ likewise}}"]
    return [*rules, *(_numbers(path, index) for index in range(len(descent.landscape.parameters)))]


def closed_form(path: Trajectory, steps: int) -> str:
    """Write out where plain descent on C = w², which goes along `path`, is after so many steps, in LaTeX."""
    power = rf"{latex_factor(factor(path.eta))}^{{{steps}}}\cdot {latex_factor(float(path.points[0, 0]))}"
    return rf"w_{{{steps}}} = (1 - 2\eta)^{{{steps}}}\,w_0 = {power} = {latex_number(path.points[-1, 0])}"


def factor_of_w2(eta: float) -> str:
    """Write out the factor by which every step of plain descent on C = w² multiplies w, in LaTeX."""
    return rf"1 - 2\eta = {latex_number(factor(eta))}"


def steps_table(path: Trajectory) -> pa.Table:
    """Return a row for each step: its number j, the cost, and for each parameter value, slope and substitution."""
    rows = {"j": np.arange(len(path.points) - 1), "cost": path.cost[:-1]}
    for index, letter in enumerate(path.descent.landscape.parameters):
        end = "" if index == 0 else f"_{letter}"
        rows[letter] = path.points[:-1, index]
        rows[f"gradient{end}"] = path.slopes[:-1, index]
        rows[f"next{end}"] = path.substitutions(index)
    return pa.table(rows)


def _numbers(path: Trajectory, index: int) -> str:
    """Write out one step: `w_1 = 4 - 0.1 \\cdot 2 \\cdot 4 = 3.2`."""
    if len(path.points) == 1:
        return r"\text{the first step already goes too far for numbers}"
    descent, letter = path.descent, path.descent.landscape.parameters[index]
    at = 1 if descent.momentum and len(path.points) > 2 else 0
    before, after = (float(value) for value in path.points[at : at + 2, index])
    momentum = ""
    if at:
        last = before - float(path.points[0, index])
        momentum = rf" + {latex_number(descent.momentum)}\cdot {latex_factor(last)}"
    point = dict(zip(descent.landscape.parameters, path.points[at], strict=True))
    slope = _slope(path, index, {name: _base(float(value)) for name, value in point.items()})
    if descent.seed is not None:
        noise = float(path.slopes[at, index] - descent.landscape.gradient(path.points[at])[index])
        slope = rf"({slope} + {latex_factor(noise)})"
    step = rf"{latex_number(path.eta)}\cdot {slope}"
    return rf"{letter}_{at + 1} = {latex_number(before)}{momentum} - {step} = {latex_number(after)}"


def _slope(path: Trajectory, index: int, letters: dict[str, str]) -> str:
    """Write the derivative with letters or numbers in it, in brackets if it is a sum."""
    template = path.descent.landscape.gradient_latex[index]
    written = template.format(**letters)
    return rf"\left[{written}\right]" if " + " in template or " - 400" in template else written


def _base(value: float) -> str:
    """Write a number to be multiplied or raised to a power: in brackets if it is negative or a power of ten."""
    written = latex_number(value)
    return f"({written})" if written.startswith("-") or "10^" in written else written
