"""The race of optimisers and the script, without a page."""

import pytest

from nncore.theory.loss_surfaces import LOSS_SURFACES
from nncore.theory.optimizers import OPTIMIZERS
from pages.learning.gradient_descent.optimizer_race import Racers, run_race
from pages.learning.gradient_descent.picture import follow
from pages.learning.gradient_descent.script import script
from tests.pages.gradient_descent.given import convergence_of, settings_of
from tests.support.shown import printed

EVERYBODY = Racers(tuple(OPTIMIZERS), 0.1)


@pytest.mark.parametrize(
    "values",
    [
        {"cost": "bowl", "eta": 0.031, "w0": -2.6, "v0": -4.3, "seed": 1, "steps": 5},
        {"cost": "rosenbrock", "eta": 0.001, "w0": 1.5, "v0": 1.2, "momentum": 0.9, "steps": 153},
    ],
)
def test_the_race_says_of_the_path_above_what_the_verdict_says_however_many_steps_are_shown(values):
    alone = Racers(("momentum" if "momentum" in values else "gd",), 0.1)
    for steps in (values["steps"], LOSS_SURFACES[values["cost"]].steps.high):
        settings = settings_of(**values | {"steps": steps})
        verdict = convergence_of(settings).after(settings.count).words
        assert run_race(settings, alone).table.to_pydict()["what becomes of it"] == [verdict]


@pytest.mark.parametrize("values", [
    {}, {"eta": 1.5, "steps": 50, "w0": -5}, {"eta": 0.5}, {"momentum": 0.7, "seed": 9},
    {"cost": "double_well", "eta": 1.2, "steps": 50}, {"cost": "double_well", "eta": 1.5, "w0": 5},
    {"cost": "bowl", "seed": 1}, {"cost": "saddle", "momentum": 0.5}, {"cost": "rosenbrock", "seed": 1},
])  # fmt: skip
def test_the_script_ends_where_the_path_and_every_racer_do(values):
    settings = settings_of(**values)
    path, race = follow(settings), run_race(settings, EVERYBODY)
    lines = printed(script(path, race.paths))
    steps = [line for line in lines if line.startswith("step")]
    assert len(steps) == len(path.points) - 1
    finals = [f"{value:.6g}" for value in path.points[-1]]
    assert [part.split()[0] for part in steps[-1].split("= ")[1 : 1 + len(finals)]] == finals
    costs = race.table.to_pydict()["C"]
    assert [f"{cost:.6g}" for cost in costs] == [line.split("C = ")[1] for line in lines[len(steps) :]]
