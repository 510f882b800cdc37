"""The step as an equation and as a table, with the numbers of the path."""

import numpy as np
import pytest

from nncore.theory.loss_surfaces import LOSS_SURFACES
from pages.learning.gradient_descent.equations import equations, factor_of_w2, steps_table
from pages.learning.gradient_descent.picture import follow
from tests.pages.gradient_descent.given import settings_of


def written(**values):
    return equations(follow(settings_of(**values)))


@pytest.mark.parametrize(
    ("values", "number", "expected"),
    [
        ({"eta": 1.1}, 1, r"w_1 = 4 - 1.1\cdot 2\cdot 4 = -4.8"),
        ({"cost": "double_well", "w0": -3.5}, 1, r"w_1 = -3.5 - 0.1\cdot \left[\tfrac19\cdot (-3.5)\cdot"
         r" ((-3.5)^2 - 9) + 0.5\right] = -3.424"),
        ({"cost": "bowl"}, 2, r"w_1 = 4 - 0.1\cdot \tfrac15\cdot 4 = 3.92"),
        ({"cost": "bowl"}, 3, r"v_1 = 3 - 0.1\cdot 2\cdot 3 = 2.4"),
        ({"momentum": 0.5}, 1, r"w_2 = 3.2 + 0.5\cdot (-0.8) - 0.1\cdot 2\cdot 3.2 = 2.16"),
        ({"cost": "rosenbrock"}, 3, r"v_1 = 1 - 0.001\cdot 200\,(1 - (-1.2)^2) = 1.088"),
    ],
)  # fmt: skip
def test_the_equation_holds_the_numbers_of_the_step(values, number, expected):
    assert written(**values)[number] == expected


def test_noise_stands_in_the_equation():
    noise = 2 * np.random.default_rng(1).standard_normal(1)[0]
    assert rf"(2\cdot 4 + {noise:.4g}) = {4 - 0.1 * (8 + noise):.4g}" in written(seed=1)[1]


@pytest.mark.parametrize("cost", LOSS_SURFACES)
def test_every_bracket_of_an_equation_is_closed(cost):
    for equation in written(cost=cost, seed=1, momentum=0.5, w0=-1.7):
        assert equation.count("(") == equation.count(")")
        assert equation.count(r"\left[") == equation.count(r"\right]")


def test_the_table_substitutes_every_step():
    rows = steps_table(follow(settings_of(eta=1.1, steps=2))).to_pydict()
    assert rows["next"] == ["4 − 1.1·8 = −4.8", "−4.8 − 1.1·(−9.6) = 5.76"]
    assert rows["gradient"] == pytest.approx([8, -9.6])
    assert steps_table(follow(settings_of("bowl", steps=1))).to_pydict()["next_v"] == ["3 − 0.1·6 = 2.4"]


def test_the_factor_of_every_step_is_exact():
    assert factor_of_w2(0.35) == r"1 - 2\eta = 0.3"
