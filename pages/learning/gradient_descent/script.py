"""A descent, and a race of optimisers, as a script in the lecture's style that prints the page's numbers.

Costs and rules bring their own lines of code, which take the same operations in the same order as the functions that
the page uses; so even a path that doubles its rounding errors at every step ends at the same digits.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from nncore.theory.gradient_descent import Path
from nncore.theory.loss_surfaces import Landscape


def descent_script(path: Path, race: Mapping[str, Path]) -> str:
    """`path` step by step, then the last place of every optimiser of the `race`, by their names."""
    landscape = path.descent.landscape
    code = re.search(r"\bnp\.", "".join(line for each in race.values() for line in each.descent.optimizer.code))
    imports = ["import numpy as np", ""] if code or path.descent.seed is not None or _two(landscape) else []
    parts = [*imports, *_functions(landscape), "", *_descent(path)]
    if race:
        parts += ["", "# The race: every optimiser from the same start."]
    for name, raced in race.items():
        parts += ["", f"# {raced.descent.optimizer.words}", *_racer(name, raced)]
    return "\n".join(parts) + "\n"


def _functions(landscape: Landscape) -> list[str]:
    arguments = ", ".join(landscape.parameters)
    slopes = ", ".join(landscape.gradient_code)
    return [
        f"def cost({arguments}):",
        f"    return {landscape.code}",
        "",
        f"def gradient({arguments}):",
        f"    return {f'np.array([{slopes}])' if _two(landscape) else slopes}",
    ]


def _descent(path: Path) -> list[str]:
    descent, letter = path.descent, _letter(path)
    lines = [f"eta = {path.eta!r}      # step size"]
    rule = ["{p} = {p} - eta * g"]
    if descent.momentum:
        lines += [f"momentum = {descent.momentum!r}  # the share of the last step that is kept", "m = 0"]
        rule = ["m = momentum * m - eta * g", "{p} = {p} + m"]
    lines += _start(path)
    steps = [*_gradient(path), *(line.format(p=letter) for line in rule)]
    return [*lines, "", *_loop(path, "step", steps, [_printed(path, "'step', step + 1, '")])]


def _racer(name: str, path: Path) -> list[str]:
    code = path.descent.optimizer.code
    used = re.findall(r"[a-z]+", " ".join(code))
    lines = [f"eta = {path.eta!r}"]
    lines += [f"momentum = {path.descent.momentum!r}"] if "momentum" in used else []
    lines += [f"{kept} = 0" for kept in "ms" if kept in used]
    lines += _start(path)
    rule = [re.sub(r"\bp\b", _letter(path), line) for line in code]
    counter = "t" if "t" in used else "step"
    return [*lines, *_loop(path, counter, [*_gradient(path), *rule], []), _printed(path, f"'{name}: ")]


def _start(path: Path) -> list[str]:
    begin = [float(value) for value in path.points[0]]
    first = f"np.array({begin})" if len(begin) > 1 else repr(begin[0])
    lines = [f"{_letter(path)} = {first}      # first guess"]
    if path.descent.seed is not None:
        lines.append(f"noise = np.random.default_rng({path.descent.seed})")
    return lines


def _gradient(path: Path) -> list[str]:
    landscape = path.descent.landscape
    argument = "*p" if _two(landscape) else "w"
    size = "2" if _two(landscape) else ""
    noise = f" + {landscape.noise} * noise.standard_normal({size})" if path.descent.seed is not None else ""
    return [f"g = gradient({argument}){noise}"]


def _loop(path: Path, counter: str, lines: list[str], printed: list[str]) -> list[str]:
    taken = len(path.points) - 1
    span = f"1, {taken + 1}" if counter == "t" else f"{taken}"
    end = "  # beyond, the numbers overflow" if path.cut_off else ""
    return [f"for {counter} in range({span}):{end}", *(f"    {line}" for line in [*lines, *printed])]


def _printed(path: Path, begin: str) -> str:
    if _two(path.descent.landscape):
        return f"print({begin} w = %.6g  v = %.6g' % tuple(p), ' C = %.6g' % cost(*p))"
    return f"print({begin} w = %.6g' % w, ' C = %.6g' % cost(w))"


def _letter(path: Path) -> str:
    return "p" if _two(path.descent.landscape) else "w"


def _two(landscape: Landscape) -> bool:
    return len(landscape.parameters) == 2
