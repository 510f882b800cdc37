"""The script of the page that compares runs: chosen runs trained again side by side, or a search repeated.

Trainings and searches are `nncore`'s own, since a script that compares ten networks is not the place to spell each of
them out; every run's page offers it as plain Keras.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution

from nncore.networks.build import PRESETS
from nncore.runs.search_space import RANDOM_TRIALS, SPACE, Plan
from nncore.specs.experiment import Experiment
from pages.ui.script_text import fill, section

LESSON = Path(__file__).with_name("lesson.md")


def script(runs: Mapping[str, Experiment], plan: Plan | None) -> str:
    """The search that is planned, else these runs by their names; without any, the lecture's four models."""
    return search(plan) if plan else comparison(runs or PRESETS)


def comparison(runs: Mapping[str, Experiment]) -> str:
    """Train these again, one after the other, and draw their curves together; names are shown as they are."""
    lines = [f"{name!r}: {experiment.model_dump_json()!r}," for name, experiment in runs.items()]
    return fill(section(LESSON, "comparison"), runs="\n".join(lines))


def search(plan: Plan) -> str:
    """The same proposals in the same order, hence the same trials, as long as none is cut short by the minutes."""
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
