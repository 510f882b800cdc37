"""The script of backpropagation, run on its own, prints the numbers of the page, and Keras' own gradient."""

import pytest

from nncore.theory.activations import ACTIVATIONS
from nncore.theory.network_221 import PARAMETERS, Setting, take_step, train
from pages.learning.backpropagation.controls import Settings
from pages.learning.backpropagation.script import script
from tests.support.shown import printed

SETTINGS = [
    (Setting(), 0, "w12"),
    (Setting(y=0.2, cost="cross_entropy"), 30, "b2"),
    (Setting(x=(0.7, 0.5), activation="leaky_relu", start="equal"), 0, "v1"),
    (Setting(activation="linear", eta=0.1), 5, "c"),
    (Setting(x=(-0.3, 1.2), start="large"), 2, "w21"),
    *((Setting(activation=name, eta=0.1), 1, chosen) for name, chosen in zip(ACTIVATIONS, PARAMETERS, strict=False)),
]


@pytest.mark.parametrize(("setting", "updates", "chosen"), SETTINGS)
def test_the_script_prints_the_numbers_of_the_step_and_keras_agrees(setting, updates, chosen):
    step = take_step(train(setting, updates).network, setting)
    values = {"output": step.values["a"], "cost": step.values["C"]}
    values |= dict.fromkeys(("gradient", "Keras"), step.gradients[chosen])
    found = dict(line.replace(" ", "").split("=") for line in printed(script(Settings(setting, chosen, updates, 7))))
    assert {name: float(value) for name, value in found.items()} == pytest.approx(values, rel=1e-3, abs=1e-12)
