"""The seven phases of backpropagation as equations with their numbers, and the chain rule of one weight."""

from __future__ import annotations

from nncore.theory.network_221 import GRADIENT_PHASE, PARAMETER_INDEX, Step, chain, symbol
from pages.ui.latex import latex_factor, latex_number


def equation(step: Step, phase: int, chosen: str) -> str:
    """Write out what this phase, 1 to 7, computes, in LaTeX; phases 6 and 7 do so for the chosen parameter."""
    if phase <= 2:
        return _rows([_forward(step, j) for j in (("1", "2") if phase == 1 else ("",))])
    if phase == 3:
        return _cost(step)
    if phase == 4:
        delta = latex_number(step.values["delta"])
        return rf"\delta = \frac{{\partial C}}{{\partial z}} = {_product(step, 'c', 0, 2)} = {delta}"
    if phase == 5:
        return _rows([_hidden_delta(step, j) for j in "12"])
    return _gradient(step, chosen) if phase == GRADIENT_PHASE else _update(step, chosen)


def _rows(lines: list[str]) -> str:
    return r"\begin{aligned}" + r" \\ ".join(lines) + r"\end{aligned}"


def _forward(step: Step, j: str) -> str:
    """Write out sum and output of hidden neuron 1 or 2, or of the output neuron for an empty `j`."""
    known = step.values
    terms = (
        [(f"w{j}1", "x_1", step.setting.x[0]), (f"w{j}2", "x_2", step.setting.x[1])]
        if j
        else [("v1", "a_1", known["a1"]), ("v2", "a_2", known["a2"])]
    )
    bias = f"b{j}" if j else "c"
    letters = " + ".join(rf"{symbol(name)} {source}" for name, source, _ in terms)
    numbers = " + ".join(
        rf"{latex_factor(step.parameters[name])}\cdot {latex_factor(value)}" for name, _, value in terms
    )
    z, a, end = symbol(f"z{j}"), symbol(f"a{j}"), latex_number(known[f"z{j}"])
    return (
        rf"{z} &= {letters} + {symbol(bias)} = {numbers} + {latex_factor(step.parameters[bias])} = {end}, &\quad "
        rf"{a} &= f({z}) = {latex_number(known[f'a{j}'])}"
    )


def _hidden_delta(step: Step, j: str) -> str:
    """Write out the delta of a hidden neuron."""
    numbers = rf"{latex_factor(step.values['delta'])}\cdot {_numbers(step, f'b{j}', 2, 4)}"
    return rf"\delta_{j} &= \delta\cdot v_{j}\cdot f'(z_{j}) = {numbers} = {latex_number(step.values[f'delta{j}'])}"


def _cost(step: Step) -> str:
    a, y, cost = latex_number(step.values["a"]), step.setting.y, latex_number(step.values["C"])
    if step.setting.cost == "quadratic":
        return rf"C = \tfrac12 (a - y)^2 = \tfrac12 ({a} - {latex_number(y)})^2 = {cost}"
    general = r"C = -[y\ln a + (1 - y)\ln(1 - a)]"
    return rf"{general} = -[{latex_number(y)}\cdot\ln {a} + {latex_number(1 - y)}\cdot\ln(1 - {a})] = {cost}"


def _product(step: Step, name: str, first: int, last: int) -> str:
    formulas = r"\cdot ".join(
        f"({part.formula})" if part.formula == "a - y" else part.formula for part in chain(name, step)[first:last]
    )
    return rf"{formulas} = {_numbers(step, name, first, last)}"


def _numbers(step: Step, name: str, first: int, last: int) -> str:
    return r"\cdot ".join(latex_factor(part.value) for part in chain(name, step)[first:last])


def _gradient(step: Step, name: str) -> str:
    layer, _, unit = PARAMETER_INDEX[name]
    j = "" if layer else unit + 1
    delta, number = rf"\delta_{j}" if j else r"\delta", step.values[f"delta{j}"]
    last = chain(name, step)[-1]
    return (
        rf"\frac{{\partial C}}{{\partial {symbol(name)}}} = {delta}\cdot {last.formula} = "
        rf"{latex_factor(number)}\cdot {latex_factor(last.value)} = {latex_number(step.gradients[name])}"
    )


def _update(step: Step, name: str) -> str:
    w = symbol(name)
    change = rf"{latex_number(step.setting.eta)}\cdot {latex_factor(step.gradients[name])}"
    numbers = rf"{latex_number(step.parameters[name])} - {change} = {latex_number(step.updated[name])}"
    return rf"{w} \leftarrow {w} - \eta\,\frac{{\partial C}}{{\partial {w}}} = {numbers}"


def chain_rule(step: Step, phase: int, name: str) -> str:
    """Write out the chain rule of a parameter, in LaTeX: derivatives, formulas, and the numbers known in this phase."""
    factors = chain(name, step)
    derivatives = r"\cdot ".join(part.derivative for part in factors)
    formulas = r"\cdot ".join(f"({part.formula})" if part.formula == "a - y" else part.formula for part in factors)
    w = symbol(name)
    whole = rf"\frac{{\partial C}}{{\partial {w}}} &= {derivatives} \\ &= {formulas}"
    if phase >= min(part.known_from for part in factors):
        numbers = r"\cdot ".join(
            latex_factor(part.value) if phase >= part.known_from else part.formula for part in factors
        )
        whole += rf" \\ &= {numbers}"
    if phase >= GRADIENT_PHASE:
        whole += rf" \\ &= {latex_number(step.gradients[name])}"
    return rf"\begin{{aligned}} {whole} \end{{aligned}}"
