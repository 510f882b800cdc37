"""Runs beside each other: what differs, who leads, and what leaves the server as CSV."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest

from nncore.runs import comparison
from nncore.specs.presets import PRESETS
from nncore.specs.settings import vary
from nncore.storage.run_record import RunRecord, owner_mark

START = datetime(2026, 1, 1, tzinfo=UTC)


def record(number=0, model="model2", right=None, seconds=None, **fields):
    settings = fields.pop("settings", {})
    return RunRecord(
        id=f"run{number}", experiment=vary(PRESETS[model], settings), test_accuracy=right, seconds=seconds,
        created=START + timedelta(minutes=number), queued=START, updated=START, **{"status": "finished", **fields},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("setting", "value", "name"),
    [
        ("units", 64, "dense_1 units"),
        ("activation", "relu", "dense_1 activation"),
        ("dropout", 0.2, "dropout"),
        ("initializer", "he_normal", "initializer"),
        ("optimizer", "sgd", "optimizer"),
        ("seed", 2, "seed"),
    ],
)
def test_experiments_that_differ_in_one_setting_differ_in_one_name(setting, value, name):
    base = PRESETS["model2"]
    assert list(comparison.differing([base, vary(base, {setting: value})])) == [name]


def test_the_same_experiment_under_another_name_does_not_differ():
    base = PRESETS["model1"]
    assert comparison.differing([base, base.model_copy(update={"name": "other"})]) == {}


def test_models_1_and_2_differ_as_the_lecture_says():
    found = comparison.differing([PRESETS["model1"], PRESETS["model2"]])
    assert found["dense_1 activation"] == ("sigmoid", "tanh")
    assert found["output activation"] == ("sigmoid", "softmax")
    assert set(found) == {
        "dense_1 activation", "output activation", "loss", "optimizer", "learning_rate", "epochs",
    }  # fmt: skip


def test_a_setting_that_one_network_lacks_is_none():
    assert comparison.differing([PRESETS["model2"], PRESETS["model3"]])["conv2d_1 filters"] == (None, 20)


def test_filters_by_owner_status_kind_and_nickname():
    runs = [
        record(0, nickname="Ada", owner=owner_mark("t")),
        record(1, "model3", nickname="adam", status="cancelled"),
        record(2, nickname="Bo"),
    ]
    chosen = lambda **by: [run.id for run in comparison.choose(runs, **by)]  # noqa: E731
    assert chosen() == ["run0", "run1", "run2"]
    assert chosen(owner=owner_mark("t")) == ["run0"]
    assert chosen(find="ADA") == ["run0", "run1"]
    assert chosen(kind="convolutional") == ["run1"] == chosen(status="cancelled")


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("newest", [3, 2, 1, 0]),
        ("accuracy", [2, 0, 1, 3]),
        ("seconds", [1, 0, 2, 3]),
        ("parameters", [3, 0, 1, 2]),
        ("nickname", [1, 0, 2, 3]),
    ],
)
def test_sorting_puts_runs_that_lack_the_value_last(order, expected):
    runs = [
        record(0, right=0.9, seconds=5, nickname="b"),
        record(1, right=0.8, seconds=2, nickname="A"),
        record(2, "model3", right=0.95, seconds=50),
        record(3, settings={"units": 5}),
    ]
    assert [run.id for run in comparison.sort(runs, order)] == [f"run{number}" for number in expected]


def test_the_smaller_network_has_to_be_the_better_one():
    small, large = record(0, "model4", right=0.99), record(1, "model3", right=0.98)
    assert comparison.smaller_and_better([large, small]) == (small, large)
    worse = small.model_copy(update={"test_accuracy": 0.97})
    assert comparison.smaller_and_better([large, worse]) is None
    assert comparison.smaller_and_better([large, record(0, "model4")]) is None


def test_the_board_has_each_nickname_once_with_its_best_run():
    runs = [
        record(0, right=0.9, nickname="Ada"),
        record(1, right=0.95, nickname="Bo"),
        record(2, right=0.97, nickname="Ada"),
        record(3, right=0.99),
        record(4, nickname="Cy"),
    ]
    ranked = comparison.rank(runs)
    assert [(place.nickname, place.accuracy, place.runs) for place in ranked] == [("Ada", 0.97, 2), ("Bo", 0.95, 1)]


def test_the_smaller_of_equally_good_networks_leads():
    runs = [record(0, "model3", right=0.9, nickname="Large"), record(1, right=0.9, nickname="Small")]
    assert [place.nickname for place in comparison.rank(runs)] == ["Small", "Large"]


def test_active_runs_are_those_that_train_and_a_count_of_those_that_wait():
    runs = [record(0, status="training"), record(1, status="waiting"), record(2, status="waiting"), record(3)]
    training, waiting = comparison.active(runs)
    assert ([run.id for run in training], waiting) == (["run0"], 2)


def test_csv_reads_back_and_holds_no_owner_and_no_server():
    mark = owner_mark("secret")
    runs = [
        record(0, right=0.9, nickname='A, "B"', owner=mark, server="host/1/2", history={"loss": [2.0, 1.0]}),
        record(1, "model3", nickname="=1+1"),
    ]
    text = comparison.as_csv(runs)
    assert mark not in text
    assert "host/1/2" not in text
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows[0]["nickname"] == 'A, "B"'
    assert (rows[0]["last loss"], rows[0]["test_accuracy"], rows[0]["dense_1 units"]) == ("1.0", "0.9", "30")
    assert rows[1]["conv2d_1 filters"] == "20"
    assert rows[1]["nickname"] == "'=1+1", "a spreadsheet would compute it"


def test_csv_of_no_runs_is_empty_but_for_the_line_end():
    assert comparison.as_csv([]).strip() == ""
