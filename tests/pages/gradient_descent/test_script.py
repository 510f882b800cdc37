"""The script of a descent, run on its own, prints the numbers of the path for every setting."""

import pytest

from nncore.theory.gradient_descent import Descent
from nncore.theory.loss_surfaces import LOSS_SURFACES, loss_surface
from nncore.theory.optimizers import OPTIMIZERS
from pages.learning.gradient_descent.script import script
from tests.support.shown import printed


def line(begin, point, cost):
    letters = zip("wv", point, strict=False)
    return f"{begin} " + " ".join(f" {letter} = {value:.6g}" for letter, value in letters) + f"  C = {cost:.6g}"


@pytest.mark.parametrize("name", LOSS_SURFACES)
@pytest.mark.parametrize("seed", [None, 7])
@pytest.mark.parametrize("momentum", [0.0, 0.6])
@pytest.mark.parametrize("size", ["default", "high"])
def test_every_step_is_printed_as_the_path_has_it(name, seed, momentum, size):
    cost = loss_surface(name)
    start = [each.default for each in cost.starts]
    path = Descent(cost, momentum=momentum, seed=seed).path(start, getattr(cost.eta, size), 100)
    steps = enumerate(zip(path.points[1:], path.cost[1:], strict=True), 1)
    assert printed(script(path, {})) == [line(f"step {j}", *step) for j, step in steps]


@pytest.mark.parametrize("name", LOSS_SURFACES)
@pytest.mark.parametrize("seed", [None, 7])
def test_every_optimiser_of_the_race_is_printed_where_it_ends(name, seed):
    cost = loss_surface(name)
    start, eta = [each.default for each in cost.starts], cost.eta.default
    race = {key: Descent(cost, rule, 0.9, seed).path(start, eta, 60) for key, rule in OPTIMIZERS.items()}
    path = Descent(cost, seed=seed).path(start, eta, 1)
    expected = [line(f"{key}:", raced.points[-1], raced.cost[-1]) for key, raced in race.items()]
    assert printed(script(path, race))[1:] == expected


def test_a_path_without_rhythm_ends_at_the_same_digits():
    path = Descent(loss_surface("double_well")).path([4.0], 1.2, 500)
    assert printed(script(path, {}))[-1] == line("step 500", path.points[-1], path.cost[-1])


def test_the_simplest_script_needs_no_numpy():
    assert "numpy" not in script(Descent(loss_surface("w2")).path([4.0], 0.1, 3), {})


def test_a_script_with_arrays_noise_or_roots_imports_numpy_first():
    adam = Descent(loss_surface("w2"), OPTIMIZERS["adam"]).path([4.0], 0.1, 3)
    for text in (
        script(Descent(loss_surface("bowl")).path([4.0, 3.0], 0.1, 3), {}),
        script(Descent(loss_surface("w2"), seed=7).path([4.0], 0.1, 3), {}),
        script(Descent(loss_surface("w2")).path([4.0], 0.1, 3), {"adam": adam}),
    ):
        assert text.startswith("import numpy as np\n\ndef cost(")


def test_a_path_that_is_cut_off_says_so():
    path = Descent(loss_surface("double_well")).path([5.0], 1.5, 50)
    assert path.cut_off
    assert f"in range({len(path.points) - 1}):  # beyond, the numbers overflow\n" in script(path, {})
