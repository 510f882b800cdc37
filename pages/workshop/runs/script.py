"""The script of /runs: train the chosen runs again side by side, or repeat a search.

It uses `nncore` for training and searching, since spelling out ten networks would hide the comparison; the page of
each run offers that run as plain Keras.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution

from nncore.runs.search_space import RANDOM_TRIALS, SPACE, Plan
from nncore.specs.experiment import Experiment
from nncore.specs.presets import PRESETS
from pages.ui.script_text import fill, section

LESSON = Path(__file__).with_name("lesson.md")


def script(runs: Mapping[str, Experiment], plan: Plan | None) -> str:
    """The script for the planned search if there is a plan, else for the named runs, else for the lecture's models."""
    return search(plan) if plan else comparison(runs or PRESETS)


def comparison(runs: Mapping[str, Experiment]) -> str:
    """The script that trains these experiments one after the other and draws their curves under their names."""
    lines = [f"{name!r}: {experiment.model_dump_json()!r}," for name, experiment in runs.items()]
    return fill(section(LESSON, "comparison"), runs="\n".join(lines))


def search(plan: Plan) -> str:
    """The script that repeats a search: the same trials in the same order, unless its time limit cuts it short."""
    return fill(
        section(LESSON, "search"),
        base=repr(plan.base.model_dump_json()),
        settings="\n".join(f"{name!r}: {_suggestion(name, SPACE[name])}," for name in plan.settings),
        seed=plan.seed,
        random=RANDOM_TRIALS,
        runs=plan.runs,
    )


def _suggestion(name: str, space: BaseDistribution) -> str:
    if isinstance(space, CategoricalDistribution):
        return f"trial.suggest_categorical({name!r}, {list(space.choices)!r})"
    if not isinstance(space, IntDistribution | FloatDistribution):
        raise TypeError(f"{name}: expected a range or a choice, received {type(space).__name__}")
    kind = "int" if isinstance(space, IntDistribution) else "float"
    more = ", log=True" if space.log else f", step={space.step!r}" if space.step not in (None, 1) else ""
    return f"trial.suggest_{kind}({name!r}, {space.low!r}, {space.high!r}{more})"
