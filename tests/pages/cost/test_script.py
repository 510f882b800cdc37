"""The script of two costs, run on its own, prints the numbers of the page."""

import pytest

from nncore.theory.cost_functions import judge, train_neuron
from nncore.theory.least_squares import best_line, measure
from pages.learning.cost.script import script
from tests.pages.cost.given import settings_of
from tests.support.shown import printed


@pytest.mark.parametrize(
    ("neuron", "trained", "line"),
    [
        ((1.5, 1.0, 0), (0.15, 100), (0.4, 1.0)),
        ((5.0, 5.0, 1), (0.15, 100), (0.36, 1.3)),
        ((5.0, 5.0, 0), (0.01, 300), (1.5, 1.0)),
        ((-2.1, 0.3, 1), (2.0, 0), (0.0, 0.0)),
    ],
)
def test_the_script_prints_costs_gradients_and_trainings_and_keras_agrees(neuron, trained, line):
    (w, b, y), (eta, steps), (slope, offset) = neuron, trained, line
    settings = settings_of(w=w, b=b, y=y, eta=eta, steps=steps, slope=slope, offset=offset)
    lines = printed(script(settings))
    found = {name.strip(): float(value) for name, value in (line.rsplit("=", 1) for line in lines)}
    here = judge(w + b, y)
    expected = {
        "output a": here.output,
        "quadratic": here.quadratic,
        "cross_entropy": here.cross_entropy,
        "quadratic_gradient": here.quadratic_gradient,
        "cross_entropy_gradient": here.cross_entropy_gradient,
        "Keras quadratic": here.quadratic,
        "Keras cross_entropy": here.cross_entropy,
        "a, trained on quadratic": train_neuron("quadratic", w, b, y, eta, steps).output[-1],
        "a, trained on cross_entropy": train_neuron("cross_entropy", w, b, y, eta, steps).output[-1],
        "line_cost": measure(slope, offset).cost,
        "least cost": measure(*best_line()).cost,
    }
    assert found == pytest.approx({name: float(value) for name, value in expected.items()}, rel=1e-3)
