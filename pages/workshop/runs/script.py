"""The scripts of the page that compares runs: runs trained again side by side, a search repeated.

Trainings and searches are `nncore`'s own, since a script that compares ten networks is not the place to spell each of
them out; every run's page offers it as plain Keras.
"""

from __future__ import annotations

from collections.abc import Mapping

from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution

from nncore.runs.search_space import RANDOM_TRIALS, SPACE, Plan
from nncore.specs.experiment import Experiment

COMPARISON = """\
# Needs: pip install . in this project's folder, and matplotlib
import matplotlib.pyplot as plt
import nncore

RUNS = {{
{runs}
}}

if __name__ == "__main__":
    for name, text in RUNS.items():
        experiment = nncore.Experiment.model_validate_json(text)
        result = nncore.train(experiment, nncore.open_dataset(experiment.training.data))
        print(name, "|", experiment.network.parameter_count, "parameters |", "%.4f" % result.test_accuracy)
        plt.plot(range(1, len(result.history["accuracy"]) + 1), result.history["accuracy"], label=name)
    plt.xlabel("Epoch")
    plt.ylabel("Training accuracy")
    plt.legend()
    plt.savefig("runs.png")
"""

SEARCH = """\
# Needs: pip install . in this project's folder
import nncore
import optuna

BASE = nncore.Experiment.model_validate_json({base!r})


def train(trial):
    settings = {{
{settings}
    }}
    result = nncore.train(nncore.vary(BASE, settings), dataset)
    accuracy = result.history["val_accuracy"][-1]
    print("trial", trial.number + 1, settings, "%.4f" % accuracy)
    return accuracy


if __name__ == "__main__":
    dataset = nncore.open_dataset(BASE.training.data)
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    sampler = optuna.samplers.TPESampler(seed={seed}, n_startup_trials={random})
    study = optuna.create_study(direction="maximize", sampler=sampler)
    study.optimize(train, n_trials={runs})
    print("best", study.best_params, "%.4f" % study.best_value)
"""


def comparison_script(runs: Mapping[str, Experiment]) -> str:
    """Train these again, one after the other, and draw their curves together; names are shown as they are."""
    lines = [f"    {name!r}: {experiment.model_dump_json()!r}," for name, experiment in runs.items()]
    return COMPARISON.format(runs="\n".join(lines))


def search_script(plan: Plan) -> str:
    """The same proposals in the same order, hence the same trials, as long as none is cut short by the minutes."""
    lines = [f"        {name!r}: {_suggestion(name, SPACE[name])}," for name in plan.settings]
    return SEARCH.format(
        base=plan.base.model_dump_json(),
        settings="\n".join(lines),
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
