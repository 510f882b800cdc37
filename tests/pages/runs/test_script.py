"""The scripts of the page that compares runs, run in a process of their own, against the same done here."""

import os
import re
import subprocess
import sys

import pytest

from nncore.networks.build import PRESETS
from nncore.runs.search import Search
from nncore.runs.search_space import Plan
from nncore.runs.snapshot import Snapshot
from nncore.specs.settings import vary
from nncore.training.train import train
from pages.workshop.runs.script import comparison_script, search_script


def short(name, **settings):
    found = vary(PRESETS[name], {"epochs": 2, "train_size": 400, **settings})
    spec = found.training.model_copy(update={"validation_split": 0.2})
    return found.model_copy(update={"training": spec})


def printed_by(script, folder):
    (folder / "script.py").write_text(script)
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "MPLBACKEND": "agg"}
    done = subprocess.run(
        [sys.executable, "script.py"], cwd=folder, capture_output=True, text=True, timeout=300, env=environment
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


class TrainsAtOnce:
    """A queue whose runs are over when they are submitted."""

    def __init__(self, dataset):
        self._dataset, self._done = dataset, []

    def submit(self, experiment, *, owner="", nickname="", replace=False):
        result = train(experiment, self._dataset)
        self._done.append(
            Snapshot("", experiment, "finished", dict(result.history), test_accuracy=result.test_accuracy)
        )
        return str(len(self._done) - 1)

    def snapshot(self, run_id):
        return self._done[int(run_id)]

    def cancel(self, run_id, owner=""):
        raise AssertionError("nothing is to be cancelled")


def test_the_comparison_trains_every_run_again_to_the_same_test_accuracy(mnist, tmp_path):
    runs = {"1: Ada's": short("model2", scale=True), "2: “Bob” \\": short("model3", seed=3)}
    printed = printed_by(comparison_script(runs), tmp_path)
    for name, experiment in runs.items():
        expected = (
            f"{name} | {experiment.network.parameter_count} parameters | {train(experiment, mnist).test_accuracy:.4f}"
        )
        assert expected in printed
    assert (tmp_path / "runs.png").stat().st_size > 1000


def test_the_search_proposes_and_finds_the_same(mnist, tmp_path):
    plan = Plan(short("model2"), ("learning_rate", "units", "dropout", "activation", "scale"), runs=7, seed=4)
    search = Search(plan, TrainsAtOnce(mnist), poll=0.001)
    search.run()
    printed = printed_by(search_script(plan), tmp_path)
    trials = re.findall(r"^trial (\d+) (\{.*\}) ([\d.]+)$", printed, re.MULTILINE)
    assert trials == [(str(t.number), str(t.settings), f"{t.accuracy:.4f}") for t in search.progress().trials]
    assert len(trials) == 7, "five drawn at random, and two that Optuna chose from what it had learned"
    assert f"{search.progress().best.accuracy:.4f}" in printed.splitlines()[-1]


@pytest.mark.parametrize("names", [["model1"], list(PRESETS)])
def test_every_run_of_a_comparison_stands_in_the_script(names):
    script = comparison_script({name: PRESETS[name] for name in names})
    compile(script, "runs.py", "exec")
    assert script.count("parameters") == 1
    assert all(repr(PRESETS[name].model_dump_json()) in script for name in names)
