"""Each challenge is solved by a finished run that meets it, and not by one that comes close."""

import pytest

from nncore.runs.snapshot import Snapshot
from nncore.specs.presets import PRESETS
from nncore.specs.settings import vary
from pages.convolution.cnn.challenges import solved_by

SMALL = {"preset": "model3", "filters": 4, "units": 30}


def run_of(*, preset="model4", status="finished", test_accuracy=0.9, data="mnist", **settings):
    """Return a run of a preset, with these settings changed, that ended with this test accuracy."""
    experiment = vary(PRESETS[preset], settings)
    experiment = experiment.model_copy(update={"training": experiment.training.model_copy(update={"data": data})})
    return Snapshot("run", experiment, status, {"loss": [1.0], "accuracy": [0.5]}, test_accuracy=test_accuracy)


@pytest.mark.parametrize(
    ("name", "meets", "close"),
    [
        ("small", {**SMALL, "test_accuracy": 0.95}, {**SMALL, "test_accuracy": 0.949}),
        ("small", {**SMALL, "test_accuracy": 0.95}, {"test_accuracy": 0.99}),
        ("small", {**SMALL, "test_accuracy": 0.95}, {**SMALL, "test_accuracy": 0.95, "data": "fashion_mnist"}),
        ("small", {**SMALL, "test_accuracy": 0.95}, {**SMALL, "test_accuracy": 0.95, "status": "paused"}),
        ("one_map", {"filters": 1}, {"filters": 2}),
        ("one_map", {"filters": 1}, {"filters": 1, "status": "training"}),
    ],
)
def test_a_challenge_is_solved_by_a_run_that_meets_it_and_not_by_one_that_comes_close(name, meets, close):
    runs = run_of(**meets), run_of(**close)
    assert [solved_by(run, run.experiment)[name] for run in runs] == [True, False]


def test_without_a_run_only_settings_that_make_no_network_solve_a_challenge():
    assert solved_by(None, PRESETS["model3"]) == {"small": False, "one_map": False, "too_large": False}
    assert solved_by(None, None) == {"small": False, "one_map": False, "too_large": True}
