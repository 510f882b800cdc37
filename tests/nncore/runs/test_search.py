"""A search over settings, with a queue that answers from a formula instead of training."""

import math
import subprocess
import sys
import threading
import time

import pytest

from nncore.runs.search import Search, Searches
from nncore.runs.search_space import SPACE, Plan
from nncore.runs.service import BusyError, RefusedError
from nncore.runs.snapshot import Snapshot
from nncore.specs.presets import PRESETS
from nncore.specs.settings import HYPERPARAMETERS, available


def accuracy_of(experiment):
    """Best at a learning rate of 0.01; the batch size does not matter."""
    return 0.9 - 0.1 * abs(math.log10(experiment.training.learning_rate) + 2)


class FormulaQueue:
    """Runs that are over at once, with `accuracy_of` as their validation accuracy."""

    def __init__(self, busy=0, stuck=False, diverged=()):
        self.submitted, self.cancelled = [], []
        self._busy, self._stuck, self._diverged = busy, stuck, diverged

    def submit(self, experiment, *, owner="", nickname="", replace=False):
        assert not replace, "a search does not take the place of its owner's run"
        if self._busy > 0:
            self._busy -= 1
            raise BusyError("other")
        self.submitted.append((experiment, owner, nickname))
        return str(len(self.submitted) - 1)

    def snapshot(self, run_id):
        experiment = self.submitted[int(run_id)][0]
        loss = math.nan if int(run_id) in self._diverged else 0.5
        history = {"loss": [loss], "val_accuracy": [accuracy_of(experiment)], "val_loss": [loss]}
        on = self._stuck and run_id not in self.cancelled
        status = "training" if on else "cancelled" if run_id in self.cancelled else "finished"
        return Snapshot(run_id, experiment, status, history, test_accuracy=0.1)

    def cancel(self, run_id, owner=""):
        self.cancelled.append(run_id)


def plan(**more):
    base = PRESETS["model2"]
    base = base.model_copy(update={"training": base.training.model_copy(update={"validation_split": 0.2})})
    return Plan(base, **{"settings": ("learning_rate", "batch_size"), "runs": 12, "minutes": 1.0, **more})


def searched(queue, **more):
    search = Search(plan(**more), queue, owner="token", nickname="Ada", poll=0.001)
    search.run()
    return search.progress()


def test_a_search_trains_its_budget_as_the_owners_runs_and_names_the_best():
    queue = FormulaQueue()
    found = searched(queue)
    assert len(queue.submitted) == 12 == len(found.tested)
    assert {(owner, name) for _, owner, name in queue.submitted} == {("token", "Ada")}
    assert not found.running
    assert found.best.accuracy == max(accuracy_of(experiment) for experiment, *_ in queue.submitted)
    for trial, (experiment, *_) in zip(found.trials, queue.submitted, strict=True):
        assert trial.settings["learning_rate"] == experiment.training.learning_rate
        assert trial.settings["batch_size"] == experiment.training.batch_size


def test_the_setting_that_matters_is_found_to_matter():
    importance = searched(FormulaQueue(), runs=25).importance
    assert importance["learning_rate"] > 0.8
    assert sum(importance.values()) == pytest.approx(1)


def test_later_trials_are_better_than_those_at_random():
    accuracies = [trial.accuracy for trial in searched(FormulaQueue(), runs=30).trials]
    assert sum(accuracies[-10:]) / 10 > sum(accuracies[:5]) / 5


def test_the_same_seed_proposes_the_same_settings():
    one, other = (searched(FormulaQueue(), seed=7) for _ in range(2))
    assert [trial.settings for trial in one.trials] == [trial.settings for trial in other.trials]


def test_a_search_waits_for_its_owners_other_run():
    queue = FormulaQueue(busy=3)
    assert len(searched(queue, runs=2).trials) == 2


def test_a_trial_that_diverged_has_no_accuracy_and_the_search_goes_on():
    found = searched(FormulaQueue(diverged=(0,)), runs=3)
    assert [trial.accuracy is None for trial in found.trials] == [True, False, False]


def test_stop_cancels_the_trial_that_trains_and_ends_the_search():
    queue = FormulaQueue(stuck=True)
    search = Search(plan(), queue, poll=0.001)
    thread = threading.Thread(target=search.run)
    thread.start()
    while not search.progress().trials:
        time.sleep(0.001)
    search.stop()
    thread.join(5)
    assert not thread.is_alive()
    assert queue.cancelled == ["0"]
    assert search.progress().message == "Stopped."


def test_time_that_is_over_ends_a_search():
    assert len(searched(FormulaQueue(stuck=True), minutes=0.0005).trials) == 1


def test_a_refusal_ends_the_search_with_its_sentence():
    class Refusing(FormulaQueue):
        def submit(self, experiment, **more):
            raise RefusedError("A run may take 30 minutes.")

    found = searched(Refusing())
    assert (found.message, found.running, found.trials) == ("A run may take 30 minutes.", False, ())


def test_an_owner_has_one_search_at_a_time_and_others_have_theirs():
    searches = Searches(lambda: FormulaQueue(stuck=True))
    first = searches.start(plan(), owner="one")
    with pytest.raises(RefusedError, match="stop it first"):
        searches.start(plan(), owner="one")
    other = searches.start(plan(), owner="other")
    assert searches.of("one") is first
    for search in (first, other):
        search.stop()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"settings": ()}, "received none"),
        ({"settings": ("filters",)}, "filters"),
        ({"runs": 0}, "1 to 100 runs"),
        ({"minutes": 90.0}, "60 minutes"),
        ({"base": PRESETS["model2"]}, "validation_split"),
    ],
)
def test_a_plan_that_cannot_be_searched_is_refused(more, words):
    with pytest.raises(ValueError, match=words):
        plan(**more) if "base" not in more else Plan(more["base"], ("units",))


def test_every_setting_of_the_space_can_be_changed_in_one_of_the_lectures_networks():
    assert set(SPACE) <= set(HYPERPARAMETERS)
    assert set(SPACE) <= set(available(PRESETS["model3"])) | set(available(PRESETS["model2"]))


def test_a_search_loads_neither_keras_nor_pyplot():
    program = """
import sys
from nncore.specs.presets import PRESETS
from tests.nncore.runs.test_search import searched, FormulaQueue
assert searched(FormulaQueue(), runs=6).importance
print(sorted({"keras", "tensorflow", "torch", "matplotlib", "matplotlib.pyplot"} & sys.modules.keys()))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
