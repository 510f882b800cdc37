"""The script of the lesson on gradient descent: a descent step by step, and a race of optimisers.

Costs and rules bring their own lines of code, which take the same operations in the same order as the functions that
the page uses; so even a path that doubles its rounding errors at every step ends at the same digits.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path as File

from nncore.theory.gradient_descent import Trajectory
from nncore.theory.optimizers import optimizer
from pages.ui.script_text import fill, section

LESSON = File(__file__).with_name("lesson.md")


def script(path: Trajectory, race: Mapping[str, Trajectory]) -> str:
    """Return the script that prints each step of `path`, then where each of the `race` ends, by the racers' names."""
    parts = [_descent(path)]
    if race:
        parts += [section(LESSON, "race"), *(_racer(name, raced) for name, raced in race.items())]
    written = "\n".join(parts)
    return f"{section(LESSON, 'numpy')}\n{written}" if re.search(r"\bnp\.", written) else written


def _descent(path: Trajectory) -> str:
    cost, descent = path.descent.landscape, path.descent
    slopes = ", ".join(cost.gradient_code)
    return fill(
        section(LESSON),
        parameters=", ".join(cost.parameters),
        cost=cost.code,
        gradient=f"np.array([{slopes}])" if len(cost.parameters) == 2 else slopes,
        momentum=fill(section(LESSON, "momentum"), momentum=descent.momentum) if descent.momentum else "",
        steps=len(path.points) - 1,
        **_steps(path, optimizer("momentum" if descent.momentum else "gd").code),
    )


def _racer(name: str, path: Trajectory) -> str:
    rule = path.descent.optimizer
    used = set(re.findall(r"[a-z]+", " ".join(rule.code)))
    memory = [f"momentum = {path.descent.momentum!r}"] if "momentum" in used else []
    steps = len(path.points) - 1
    return fill(
        section(LESSON, "racer"),
        name=name,
        words=rule.label,
        memory="\n".join([*memory, *(f"{each} = 0" for each in "ms" if each in used)]),
        counter="t" if "t" in used else "step",
        steps=f"1, {steps + 1}" if "t" in used else steps,
        **_steps(path, rule.code),
    )


def _steps(path: Trajectory, rule: tuple[str, ...]) -> dict[str, object]:
    """Return the values that the text of a descent and that of a racer share; two parameters are an array p."""
    landscape, seed, start = path.descent.landscape, path.descent.seed, path.points[0].tolist()
    two = len(start) == 2
    point = "p" if two else "w"
    return {
        "eta": path.eta,
        "point": point,
        "start": f"np.array({start})" if two else start[0],
        "generator": "" if seed is None else fill(section(LESSON, "noise"), seed=seed),
        "noise": "" if seed is None else f" + {landscape.noise} * noise.standard_normal({'2' if two else ''})",
        "cut_off": "  # beyond, the numbers overflow" if path.cut_off else "",
        "update": "\n".join(re.sub(r"\bp\b", point, line) for line in rule),
        "arguments": "*p" if two else "w",
        "numbers": "  ".join(f"{letter} = %.6g" for letter in landscape.parameters),
        "values": "tuple(p)" if two else "w",
    }
