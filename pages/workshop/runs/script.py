"""Scripts behind the workshop's pages: runs trained again side by side, a search repeated, an epoch timed.

Trainings and searches are `nncore`'s own, since a script that compares ten networks is not the place to spell each of
them out; every run's page offers it as plain Keras. Timing is plain Keras.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution

from nncore.runs.search_space import RANDOM_TRIALS, SPACE, Plan
from nncore.specs.experiment import Experiment

COMPARISON = """\
# Needs: pip install . in this project's folder, and matplotlib
import matplotlib.pyplot as plt
import nncore
from nncore.datasets import open_dataset

RUNS = {{
{runs}
}}

if __name__ == "__main__":
    for name, text in RUNS.items():
        experiment = nncore.Experiment.model_validate_json(text)
        result = nncore.train(experiment, open_dataset(experiment.training.data))
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
from nncore.datasets import open_dataset
from nncore.variation import vary

BASE = nncore.Experiment.model_validate_json({base!r})


def train(trial):
    settings = {{
{settings}
    }}
    result = nncore.train(vary(BASE, settings), dataset)
    accuracy = result.history["val_accuracy"][-1]
    print("trial", trial.number + 1, settings, "%.4f" % accuracy)
    return accuracy


if __name__ == "__main__":
    dataset = open_dataset(BASE.training.data)
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    sampler = optuna.samplers.TPESampler(seed={seed}, n_startup_trials={random})
    study = optuna.create_study(direction="maximize", sampler=sampler)
    study.optimize(train, n_trials={runs})
    print("best", study.best_params, "%.4f" % study.best_value)
"""

TIMING = """\
# Needs: pip install "keras>=3" tensorflow
import time

import keras

(x_train, y_train), _ = keras.datasets.mnist.load_data()
x_train = x_train.reshape(-1, 28, 28, 1)
y_train = keras.utils.to_categorical(y_train, 10)


def build_model():
    model = keras.Sequential()
    model.add(keras.Input((28, 28, 1)))
    model.add(keras.layers.Conv2D(20, 5, activation="relu"))
    model.add(keras.layers.MaxPooling2D(2))
    model.add(keras.layers.Flatten())
    model.add(keras.layers.Dense(100, activation="tanh"))
    model.add(keras.layers.Dense(10, activation="softmax"))
    model.compile(loss="categorical_crossentropy", optimizer="sgd", metrics=["accuracy"])
    return model


for device in {devices}:
    for pictures in {sizes}:
        with keras.device(device):
            model = build_model()
            for epoch in range(2):  # the first one also prepares the computation
                started = time.perf_counter()
                model.fit(x_train[:pictures], y_train[:pictures], batch_size=128, verbose=0)
        print(device, pictures, "pictures: %.2f s" % (time.perf_counter() - started))
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


def timing_script(sizes: Sequence[int], devices: Sequence[str]) -> str:
    """Two epochs of model 3 a size and device, of which the second counts; devices as Keras names them."""
    return TIMING.format(sizes=list(sizes), devices=list(devices))


def _suggestion(name: str, space: BaseDistribution) -> str:
    if isinstance(space, CategoricalDistribution):
        return f"trial.suggest_categorical({name!r}, {list(space.choices)!r})"
    if not isinstance(space, IntDistribution | FloatDistribution):
        raise TypeError(f"{name}: expected a range or a choice, received {type(space).__name__}")
    kind = "int" if isinstance(space, IntDistribution) else "float"
    more = ", log=True" if space.log else f", step={space.step!r}" if space.step not in (None, 1) else ""
    return f"trial.suggest_{kind}({name!r}, {space.low!r}, {space.high!r}{more})"
