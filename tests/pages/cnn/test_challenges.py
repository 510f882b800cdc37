"""Each challenge is solved by a finished run that meets it, and not by one that comes close."""

import pytest

from nncore.networks.build import PRESETS
from nncore.runs.snapshot import Snapshot
from nncore.specs.settings import vary
from pages.convolution.cnn.challenges import solved_by

SMALL = {"preset": "model3", "filters": 4, "units": 30}


def run_of(*, preset="model4", status="finished", right=0.9, data="mnist", **settings):
    """A run of this preset with settings of its own that ended with this share of digits read rightly."""
    experiment = vary(PRESETS[preset], settings)
    experiment = experiment.model_copy(update={"training": experiment.training.model_copy(update={"data": data})})
    return Snapshot("run", experiment, status, {"loss": [1.0], "accuracy": [0.5]}, test_accuracy=right)


@pytest.mark.parametrize(
    ("name", "meets", "close"),
    [
        ("small", {**SMALL, "right": 0.95}, {**SMALL, "right": 0.949}),
        ("small", {**SMALL, "right": 0.95}, {"right": 0.99}),
        ("small", {**SMALL, "right": 0.95}, {**SMALL, "right": 0.95, "data": "fashion_mnist"}),
        ("small", {**SMALL, "right": 0.95}, {**SMALL, "right": 0.95, "status": "paused"}),
        ("one_map", {"filters": 1}, {"filters": 2}),
        ("one_map", {"filters": 1}, {"filters": 1, "status": "training"}),
    ],
)
def test_a_challenge_is_solved_by_a_run_that_meets_it_and_not_by_one_that_comes_close(name, meets, close):
    assert (solved_by(run_of(**meets))[name], solved_by(run_of(**close))[name]) == (True, False)


def test_without_a_run_nothing_is_solved():
    assert solved_by(None) == {"small": False, "one_map": False}
