"""Each challenge is solved by a finished run that meets it, and not by one that comes close."""

import pytest

from nncore.runs.snapshot import Snapshot
from nncore.specs.presets import PRESETS
from pages.digits.mlp.challenges import solved_by


def run_of(*, status="finished", test_accuracy=0.9, accuracy=0.9, val_accuracy=None, **training):
    """Return a run of model 2 that ended with these accuracies."""
    experiment = PRESETS["model2"]
    experiment = experiment.model_copy(update={"training": experiment.training.model_copy(update=training)})
    history = {"loss": [2.0, 1.0], "accuracy": [0.5, accuracy]}
    if val_accuracy is not None:
        history["val_accuracy"] = [0.5, val_accuracy]
    return Snapshot("run", experiment, status, history, test_accuracy=test_accuracy)


@pytest.mark.parametrize(
    ("name", "meets", "close"),
    [
        ("quick", {"epochs": 4, "test_accuracy": 0.93}, {"epochs": 4, "test_accuracy": 0.929}),
        ("quick", {"epochs": 10, "test_accuracy": 0.95}, {"epochs": 11, "test_accuracy": 0.95}),
        ("quick", {"epochs": 4, "test_accuracy": 0.95}, {"epochs": 4, "test_accuracy": 0.95, "data": "fashion_mnist"}),
        ("quick", {"epochs": 4, "test_accuracy": 0.95}, {"epochs": 4, "test_accuracy": None}),
        ("overfit", {"accuracy": 0.99, "val_accuracy": 0.94}, {"accuracy": 0.99, "val_accuracy": 0.96}),
        ("overfit", {"accuracy": 0.99, "val_accuracy": 0.94}, {"accuracy": 0.99}),
        ("fail", {"accuracy": 0.1}, {"accuracy": 0.9}),
        ("fail", {"accuracy": 0.1}, {"accuracy": 0.1, "status": "training"}),
    ],
)
def test_a_challenge_is_solved_by_a_run_that_meets_it_and_not_by_one_that_comes_close(name, meets, close):
    assert (solved_by(run_of(**meets))[name], solved_by(run_of(**close))[name]) == (True, False)


def test_without_a_run_or_before_its_first_epoch_nothing_is_solved():
    nothing = {"quick": False, "overfit": False, "fail": False}
    assert solved_by(None) == nothing
    assert solved_by(Snapshot("run", PRESETS["model2"], "finished", {"loss": [], "accuracy": []})) == nothing
