"""The stored weights are evaluated again, so that a reference run cannot claim more than its files can do."""

import re
from importlib.resources import files

import numpy as np
import pytest

from nncore.networks.build import prepare_inputs
from nncore.reference import load_reference, load_run
from nncore.specs.presets import PRESETS, preset

LOWEST_ACCURACY = {"model1": 0.875, "model2": 0.920, "model3": 0.980, "model4": 0.988}
"""A little below what the lecture prints: 88.5, 93.0, 98.35 and 99.1 percent."""


@pytest.mark.parametrize("name", PRESETS)
def test_the_stored_weights_read_the_test_digits_as_well_as_the_lecture_s(name, mnist):
    model = load_reference(name)
    outputs = model.predict(prepare_inputs(mnist.x_test, preset(name).network, scale=False), batch_size=500, verbose=0)
    wrong = int((np.argmax(outputs, axis=1) != mnist.y_test).sum())
    assert 1 - wrong / len(mnist.y_test) >= LOWEST_ACCURACY[name]
    if len(mnist.y_test) == 10_000:
        assert abs(wrong - load_run(name).wrong) <= 2


@pytest.mark.parametrize("name", PRESETS)
def test_a_reference_run_says_what_was_trained_when_and_by_which_command(name):
    run = load_run(name)
    assert run.experiment == preset(name)
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", run.made)
    assert run.command == "python -m nncore.reference"
    assert {"python", "keras", "numpy"} <= run.versions.keys()
    assert "CPU" in run.device or "GPU" in run.device
    assert len(run.history["loss"]) == preset(name).training.epochs
    assert run.history["loss"][-1] < run.history["loss"][0]
    assert run.wrong == round((1 - run.test_accuracy) * 10_000)


def test_the_files_are_small_enough_to_travel_with_the_package():
    stored = [file for file in files("nncore.reference").iterdir() if file.name.endswith((".npz", ".json"))]
    assert {file.name for file in stored} == {f"{name}.{end}" for name in PRESETS for end in ("npz", "json")}
    assert sum(len(file.read_bytes()) for file in stored) < 3_000_000


def test_a_name_that_is_no_preset_is_refused_in_words():
    for load in (load_run, load_reference):
        with pytest.raises(ValueError, match=r"expected one of model1, .*, received '\.\./secret'"):
            load("../secret")
