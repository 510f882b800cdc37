"""The scripts of the page that compares runs, run in a process of their own, against the same done here."""

import os
import re
import subprocess
import sys

import pytest

import nncore
from nncore.runs.search import Search
from nncore.runs.search_space import Plan
from nncore.runs.snapshot import Snapshot
from nncore.specs.presets import PRESETS
from nncore.specs.settings import vary
from nncore.training.train import train
from pages.workshop.runs.script import comparison, script, search


def short(name, **settings):
    found = vary(PRESETS[name], {"epochs": 2, "train_size": 400, **settings})
    spec = found.training.model_copy(update={"validation_split": 0.2})
    return found.model_copy(update={"training": spec})


RUNS = {"1: Ada's": short("model2", scale=True), "2: “Bob” \\": short("model3", seed=3)}
PLAN = Plan(short("model2"), ("learning_rate", "units", "dropout", "activation", "scale"), runs=7, seed=4)
RUN_BOTH = """
import runpy
for name in ("comparison.py", "search.py"):
    runpy.run_path(name, run_name="__main__")
"""


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """What both scripts print, one after the other; and the folder that they ran in."""
    folder = tmp_path_factory.mktemp("scripts")
    (folder / "comparison.py").write_text(comparison(RUNS), encoding="utf-8")
    (folder / "search.py").write_text(search(PLAN), encoding="utf-8")
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "MPLBACKEND": "agg"}
    done = subprocess.run(
        [sys.executable, "-c", RUN_BOTH], cwd=folder, capture_output=True, text=True, timeout=300, env=environment
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, folder


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


@pytest.mark.slow
def test_the_comparison_trains_every_run_again_to_the_same_test_accuracy(mnist, printed):
    said, folder = printed
    for name, experiment in RUNS.items():
        expected = (
            f"{name} | {experiment.network.parameter_count} parameters | {train(experiment, mnist).test_accuracy:.4f}"
        )
        assert expected in said
    assert (folder / "runs.png").stat().st_size > 1000


@pytest.mark.slow
def test_the_search_proposes_and_finds_the_same(mnist, printed):
    said, _ = printed
    repeated = Search(PLAN, TrainsAtOnce(mnist), poll=0.001)
    repeated.run()
    trials = re.findall(r"^trial (\d+) (\{.*\}) ([\d.]+)$", said, re.MULTILINE)
    assert trials == [(str(t.number), str(t.settings), f"{t.accuracy:.4f}") for t in repeated.progress().trials]
    assert len(trials) == 7, "five drawn at random, and two that Optuna chose from what it had learned"
    assert f"{repeated.progress().best.accuracy:.4f}" in said.splitlines()[-1]


@pytest.mark.parametrize("names", [["model1"], list(PRESETS)])
def test_every_run_of_a_comparison_stands_in_the_script(names):
    text = script({name: PRESETS[name] for name in names}, None)
    compile(text, "runs.py", "exec")
    assert text.count("parameters") == 1
    assert all(repr(PRESETS[name].model_dump_json()) in text for name in names)


def test_a_plan_comes_before_runs_and_the_lecture_s_models_stand_for_none():
    assert script(RUNS, PLAN) == search(PLAN)
    assert script(RUNS, None) == comparison(RUNS)
    assert script({}, None) == comparison(PRESETS)


def test_the_scripts_name_only_the_index_of_nncore():
    for text in (comparison(RUNS), search(PLAN)):
        assert "import nncore\n" in text
        assert "from nncore" not in text
        used = set(re.findall(r"nncore\.(\w+)", text))
        assert used <= set(nncore.__all__)
