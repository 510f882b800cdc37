"""The step of gradient descent as an equation, general and with the numbers on the screen."""

from __future__ import annotations

from nncore.theory.gradient_descent import Trajectory
from nncore.theory.gradient_descent import factor as shrink
from pages.ui.latex import latex_factor, latex_number

GRADIENT = r"\frac{\partial C}{\partial w_j}"


def equations(path: Trajectory) -> list[str]:
    """The rule, then the first step of each parameter, or the second where there is momentum, in LaTeX."""
    descent = path.descent
    kept = rf" + {latex_number(descent.momentum)}\,(w_j - w_{{j-1}})" if descent.momentum else ""
    noise = r"\;(+\,\text{noise})" if descent.seed is not None else ""
    slope = _slope(path, 0, {letter: f"{letter}_j" for letter in descent.landscape.parameters})
    mu = r" + \mu\,(w_j - w_{j-1})" if descent.momentum else ""
    general = rf"w_{{j+1}} = w_j{mu} - \eta\,{GRADIENT}"
    if len(descent.landscape.parameters) == 1:
        rules = [rf"{general} = w_j{kept} - {latex_number(path.eta)}\cdot {slope}{noise}"]
    else:
        rules = [rf"C = {descent.landscape.formula}", rf"{general}{noise},\quad v \text{{ likewise}}"]
    return [*rules, *(_numbers(path, index) for index in range(len(descent.landscape.parameters)))]


def closed_form(path: Trajectory, steps: int) -> str:
    """Where plain descent on C = w² is after so many steps, which end with `path`, in LaTeX."""
    power = rf"{latex_factor(shrink(path.eta))}^{{{steps}}}\cdot {latex_factor(float(path.points[0, 0]))}"
    return rf"w_{{{steps}}} = (1 - 2\eta)^{{{steps}}}\,w_0 = {power} = {latex_number(path.points[-1, 0])}"


def _numbers(path: Trajectory, index: int) -> str:
    """One step with its numbers: `w_1 = 4 - 0.1 \\cdot 2 \\cdot 4 = 3.2`."""
    if len(path.points) == 1:
        return r"\text{the first step already goes too far for numbers}"
    descent, letter = path.descent, path.descent.landscape.parameters[index]
    at = 1 if descent.momentum and len(path.points) > 2 else 0
    here, there = (float(value) for value in path.points[at : at + 2, index])
    kept = ""
    if at:
        last = here - float(path.points[0, index])
        kept = rf" + {latex_number(descent.momentum)}\cdot {latex_factor(last)}"
    point = dict(zip(descent.landscape.parameters, path.points[at], strict=True))
    slope = _slope(path, index, {name: base(float(value)) for name, value in point.items()})
    if descent.seed is not None:
        noise = float(path.slopes[at, index] - descent.landscape.gradient(path.points[at])[index])
        slope = rf"({slope} + {latex_factor(noise)})"
    step = rf"{latex_number(path.eta)}\cdot {slope}"
    return rf"{letter}_{at + 1} = {latex_number(here)}{kept} - {step} = {latex_number(there)}"


def _slope(path: Trajectory, index: int, letters: dict[str, str]) -> str:
    """The derivative with letters or numbers in it, in brackets where it is a sum."""
    template = path.descent.landscape.gradient_latex[index]
    written = template.format(**letters)
    return rf"\left[{written}\right]" if " + " in template or " - 400" in template else written


def base(value: float) -> str:
    """A number fit to be multiplied or raised to a power: in brackets where it is negative or a power of ten."""
    written = latex_number(value)
    return f"({written})" if written.startswith("-") or "10^" in written else written
