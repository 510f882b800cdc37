"""The script of a network, run on its own, prints the numbers of the page."""

import pytest

from nncore.networks.diagram import dense_stack, draw
from nncore.networks.gradient_flow import measure_depth
from nncore.specs.presets import PRESETS
from pages.neurons.network.controls import Settings
from pages.neurons.network.depth import DepthSettings
from pages.neurons.network.script import script
from tests.support.shown import printed


@pytest.mark.parametrize(
    ("network", "seed", "neuron", "depth"),
    [
        (dense_stack(2, (3, 3), 1, "sigmoid", "sigmoid"), 1, (0, 1), (3, "sigmoid", "glorot_uniform", 1.0)),
        (dense_stack(784, (30,), 10, "tanh", "softmax", "he_normal"), 5, (1, 7), (2, "relu", "glorot_normal", 1.0)),
        (PRESETS["model4"].network, 1, (5, 9), (2, "sigmoid", "he_uniform", 0.5)),
    ],
)
def test_the_script_builds_takes_apart_and_measures_as_the_page_does(
    network, seed, neuron, depth, keras_has_the_digits
):
    found = dict(
        line.rsplit(" = ", 1) for line in printed(script(Settings(network, seed, *neuron), DepthSettings(*depth)))
    )
    unit, profile = draw(network, seed, *neuron).unit, measure_depth(*depth, seed)
    assert found.pop("parameters") == str(network.parameter_count)
    expected = {"z": unit.pre_activation, "output": unit.stored, "first : last": profile.ratio}
    expected |= {f"layer {number} gradient": size for number, size in enumerate(profile.sizes[:-1], 1)}
    assert {name: float(value) for name, value in found.items()} == pytest.approx(expected, rel=0.01)


def test_calls_of_several_lines_stand_at_their_indentation():
    text = script(Settings(PRESETS["model1"].network, 1, 0, 0), DepthSettings(2, "sigmoid", "glorot_normal", 1.0))
    assert '\n    deep.add(\n        keras.layers.Dense(\n            100,\n            activation="sigmoid",\n' in text
    assert '\ndeep.add(\n    keras.layers.Dense(\n        10,\n        activation="softmax",\n' in text
