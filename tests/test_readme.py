"""What the README promises of a notebook is run as it stands, on fewer digits."""

import re
from dataclasses import replace
from pathlib import Path

import nncore
from nncore.training.events import EpochEnd, TrainBegin
from pages.ui import contents

README = Path(__file__).parents[1] / "README.md"


def notebook():
    text = README.read_text(encoding="utf-8")
    return re.search(r"<!-- notebook.*?-->\n```python\n(.*?)```", text, re.DOTALL).group(1)


def test_the_readmes_notebook_has_fewer_than_ten_lines():
    assert len([line for line in notebook().splitlines() if line.strip()]) < 10


def test_the_readmes_notebook_loads_trains_evaluates_and_shows_the_feature_maps(mnist, monkeypatch, capsys):
    few = replace(mnist, x_train=mnist.x_train[:2000], y_train=mnist.y_train[:2000], x_test=mnist.x_test[:500],
                  y_test=mnist.y_test[:500])  # fmt: skip
    model3 = nncore.preset("model3")
    short = model3.model_copy(update={"training": model3.training.model_copy(update={"epochs": 1})})
    monkeypatch.setattr(nncore, "load_mnist", lambda: few)
    monkeypatch.setattr(nncore, "preset", {"model3": short}.__getitem__)
    exec(compile(notebook(), "README.md", "exec"), {})
    printed = capsys.readouterr().out
    assert TrainBegin.__name__ in printed
    assert EpochEnd.__name__ in printed
    assert re.search(r"\d\d\.\d\d% right, \d+ wrong of 500", printed)
    assert "conv2d_1 (24, 24, 20)" in printed
    assert "dense_2 (10,)" in printed


def test_the_readmes_table_of_lessons_is_that_of_the_contents(tmp_path):
    written = tmp_path / "README.md"
    written.write_text(README.read_text(encoding="utf-8"), encoding="utf-8")
    contents.write_readme(written)
    assert written.read_text(encoding="utf-8") == README.read_text(encoding="utf-8"), "run python -m pages.ui.contents"
    assert contents.readme_table() in written.read_text(encoding="utf-8")


def test_the_readmes_accuracies_are_those_of_the_stored_runs():
    from nncore.reference import load_run

    text = README.read_text(encoding="utf-8")
    for number in range(1, 5):
        run = load_run(f"model{number}")
        row = next(line for line in text.splitlines() if line.startswith(f"| {number}: "))
        assert f"{100 * run.test_accuracy:.2f} %" in row
        assert f"| {run.wrong:,} |" in row
