"""The script of a neuron, run on its own, prints the numbers of the page for every activation."""

import pytest

from nncore.theory.activations import ACTIVATIONS, softmax
from nncore.theory.neuron import Neuron
from pages.neurons.neuron.script import script
from tests.support.shown import printed


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_script_prints_the_numbers_of_the_neuron_and_keras_agrees(name):
    logits = [2.0, -0.7, 0.1, -1.0, 0.5]
    neuron = Neuron((-2.3, 0.5, -1.0), (1.7, -0.4, 0.3), 1.1, ACTIVATIONS[name])
    shares = " ".join(f"{share:.4g}" for share in softmax(logits, 2.5).probabilities)
    assert printed(script(neuron, logits, 2.5)) == [
        f"z      = {neuron.z:.4g}",
        f"output = {neuron.output:.4g}",
        f"slope  = {neuron.slope:.4g}",
        f"Keras  = {neuron.output:.4g}",
        f"shares = {shares}",
    ]
