"""The lecture's four models: what is printed, and the table beside it."""

import pytest

from nncore.reference.reproduce import PRINTED, ReproducedModel, as_markdown, compare, main, shorten, stored
from nncore.specs.presets import PRESETS


@pytest.mark.parametrize("name", PRESETS)
def test_the_printed_figures_belong_to_the_preset(name):
    printed = PRINTED[name]
    assert printed.parameters == PRESETS[name].network.parameter_count
    assert max(printed.training_accuracy) == PRESETS[name].training.epochs


@pytest.mark.parametrize(
    ("name", "accuracy"), [("model1", 0.885), ("model2", 0.93), ("model3", 0.9835), ("model4", 0.991)]
)
def test_the_printed_accuracies_are_the_headlines_of_the_slides(name, accuracy):
    assert PRINTED[name].test_accuracy == pytest.approx(accuracy, abs=0.0006)


@pytest.mark.parametrize(("name", "wrong"), [("model3", 165), ("model4", 88)])
def test_wrong_digits_are_those_of_the_slides(name, wrong):
    assert PRINTED[name].wrong == wrong


@pytest.mark.parametrize("name", PRESETS)
def test_the_stored_runs_reach_the_printed_test_accuracy_within_half_a_percent(name):
    assert stored(name).test_accuracy == pytest.approx(PRINTED[name].test_accuracy, abs=0.005)


def test_a_row_a_figure_with_printed_and_measured_and_a_dash_beyond_the_training():
    history = {"accuracy": [0.2, 0.4], "loss": [1.0, 0.5]}
    measured = ReproducedModel(PRESETS["model1"], history, 0.875, 125, 1000, 3.0)
    rows = {row.what: (row.printed, row.measured) for row in compare("model1", measured)}
    assert rows == {
        "parameters": ("23,860", "23,860"),
        "training accuracy, epoch 1": ("19.33 %", "20.00 %"),
        "training accuracy, epoch 2": ("31.26 %", "40.00 %"),
        "training accuracy, epoch 199": ("89.47 %", "–"),
        "training accuracy, epoch 200": ("89.47 %", "–"),
        "test accuracy": ("88.52 %", "87.50 %"),
        "wrong of 1,000": ("115", "125"),
        "seconds an epoch": ("0", "1.50"),
    }


def test_the_table_is_markdown_with_equal_columns():
    lines = as_markdown(compare("model3", stored("model3")), "A note.").splitlines()
    assert len({len(line) for line in lines[:-2]}) == 1
    assert lines[-1] == "A note."


def test_shortening_never_lengthens():
    assert shorten(PRESETS["model3"], 500, None).training.epochs == 30
    assert shorten(PRESETS["model3"], 2, 700).training.train_size == 700
    assert shorten(PRESETS["model3"], None, None) == PRESETS["model3"]


def test_the_command_trains_prints_and_writes_the_table(tmp_path, capsys):
    file = tmp_path / "table.md"
    main(["model1", "--epochs", "1", "--pictures", "500", "--out", str(file)])
    written = file.read_text(encoding="utf-8")
    assert "| model1 | training accuracy, epoch 1   | 19.33 % " in written
    assert "Shortened: epochs 1, pictures 500." in written
    assert written in capsys.readouterr().out


def test_an_unknown_model_is_said_in_words(capsys):
    with pytest.raises(SystemExit):
        main(["model9"])
    assert "expected models of model1, model2, model3, model4, received model9" in capsys.readouterr().err
