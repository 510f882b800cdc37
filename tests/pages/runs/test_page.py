"""Compare runs, through `app.py`, with real workers behind it."""

import time

import pytest

from nncore.reference.reproduce import PRINTED
from nncore.runs.service import BusyError, RefusedError, default_runs
from nncore.specs.presets import PRESETS
from nncore.specs.settings import vary
from nncore.storage.run_record import new_id, new_owner, owner_mark
from nncore.storage.run_store import default_store
from tests.pages.runs.examples import search_of
from tests.support.shown import moved, said, warnings
from tests.support.solving import solved

RUNS = "pages/workshop/runs/page.py"


@pytest.fixture
def keep():
    """`keep("Ada", "model2", 0.9, units=20)`: a finished run in the store, gone after the test."""
    made = []

    def make(nickname, preset, right, *, token="", status="finished", **settings):
        run_id = new_id()
        experiment = vary(PRESETS[preset], {"epochs": 2, **settings})
        default_store().create(run_id, experiment, owner_mark(token), nickname)
        outcome = {"test_accuracy": right, "wrong": 100, "tested": 1000, "seconds": 2.5}
        history = {"loss": [2.0, 1.0], "accuracy": [0.5, 0.8]}
        default_store().update(run_id, status=status, history=history, **outcome)
        made.append(run_id)
        return run_id

    yield make
    for run_id in made:
        default_store().delete(run_id)


def listed(app):
    frame = app.dataframe[0].value if app.dataframe else None
    return [] if frame is None else frame["nickname"].tolist()


@pytest.mark.usefixtures("own_runs")
def test_all_runs_are_listed_and_mine_have_a_star(open_page, keep):
    keep("Ada", "model2", 0.9, token="mine")
    keep("Bo", "model3", 0.95, token="other")
    app = open_page(RUNS, owner="mine")
    rows = app.dataframe[0].value.set_index("nickname")
    assert (rows.loc["Ada", ""], rows.loc["Bo", ""]) == ("★", "")
    assert rows.loc["Bo", "parameters"] == 289_630


@pytest.mark.usefixtures("own_runs")
def test_filters_in_the_link_and_on_the_page(open_page, keep):
    keep("Ada", "model2", 0.9, token="mine")
    keep("Bo", "model3", 0.95)
    keep("Cy", "model2", None, status="cancelled")
    assert listed(open_page(RUNS, who="mine")) == []
    app = open_page(RUNS, who="mine", owner="mine")
    assert listed(app) == ["Ada"]
    assert listed(moved(app, who="all", kind="convolutional", find="b")) == ["Bo"]
    assert listed(moved(app, kind="all", find="AD")) == ["Ada"]
    assert listed(open_page(RUNS, status="cancelled", find="c")) == ["Cy"]


def test_two_runs_in_the_link_lie_over_one_another_and_their_difference_is_marked(open_page, keep):
    one, other = keep("Ada", "model2", 0.9), keep("<i>Bo</i> *x*", "model2", 0.95, units=64)
    app = open_page(RUNS, runs=f"{one},{other}")
    assert set(app.multiselect(key="runs").value) == {one, other}
    table = app.table[0].value
    assert table["setting"].tolist() == ["**dense_1 units**", "→ test accuracy"]
    assert any("orange-background" in cell for cell in table.iloc[0])
    assert any(r"\<i\>Bo\</i\> \*x\*" in name for name in table.columns), "a nickname is text, not Markdown"
    assert solved(app).keys() == {"one_setting"}


def test_a_run_that_is_gone_is_said_in_words(open_page):
    app = open_page(RUNS, runs="nobody")
    assert "No run is known here any more under “nobody”" in warnings(app)


def test_the_same_run_with_one_setting_changed_is_trained_and_chosen(open_page, keep):
    run_id = keep("Ada", "model2", 0.9, epochs=1, train_size=500)
    app = open_page(RUNS, runs=run_id, change="units", owner="again")
    assert app.button(key="train_again").disabled, "nothing is changed yet"
    app.number_input(key="to_units").set_value(12).run()
    app.button(key="train_again").click().run()
    assert not app.exception
    (new,) = set(app.multiselect(key="runs").value) - {run_id}
    record = default_store().load(new)
    assert record.owner == owner_mark("again")
    assert record.experiment == vary(default_store().load(run_id).experiment, {"units": 12})
    deadline = time.monotonic() + 60
    while default_runs().snapshot(new).active:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    default_runs().delete(new, "again")


def test_a_refused_run_is_a_sentence(open_page, keep, monkeypatch):
    run_id = keep("Ada", "model2", 0.9)
    app = open_page(RUNS, runs=run_id, change="seed", to_seed="5")
    for error in (BusyError("other"), RefusedError("A run may take 30 minutes.")):

        def refuse(*arguments, error=error, **more):
            raise error

        with monkeypatch.context() as patch:
            patch.setattr(default_runs(), "submit", refuse)
            app.button(key="train_again").click().run()
        assert not app.exception
        assert [box.value for box in app.warning] == [str(error)]


def test_own_runs_are_deleted_and_others_cannot_be(open_page, keep):
    mine, other = keep("Ada", "model2", 0.9, token="mine"), keep("Bo", "model2", 0.8, token="other")
    app = open_page(RUNS, runs=f"{mine},{other}", owner="mine")
    app.button(key="delete").click().run()
    assert not app.exception
    assert not app.warning
    assert default_store().load(mine) is None
    assert default_store().load(other) is not None
    assert app.multiselect(key="runs").value == [other]
    assert "delete" not in [button.key for button in app.button]


@pytest.mark.usefixtures("own_runs")
def test_the_class_board_ranks_nicknames_and_counts_the_queue(open_page, keep):
    keep("Ada", "model2", 0.9995)
    keep("*Bo*", "model3", 0.9999)
    app = open_page(RUNS, board="1")
    assert app.table[0].value["nickname"].tolist()[:2] == [r"**\*Bo\***", "**Ada**"]
    assert {metric.label: metric.value for metric in app.metric} == {
        "Waiting in the queue": "0",
        "In training now": "0",
    }
    assert not app.dataframe


def test_a_search_trains_ordinary_runs_and_its_best_can_be_compared(open_page):
    owner = new_owner()
    query = {"room": "search", "search_runs": "2", "search_epochs": "1", "search_pictures": "500", "owner": owner}
    app = open_page(RUNS, **query, nickname="Seeker")
    assert app.button(key="stop_search").disabled
    app.button(key="search").click().run()
    deadline = time.monotonic() + 60
    while app.button(key="search").disabled:
        assert time.monotonic() < deadline
        time.sleep(0.3)
        app.run()
    assert not app.exception
    assert next(m.value for m in app.metric if m.label == "Best on validation digits") != "–"
    records = [record for record in default_store().load_all() if record.owner == owner_mark(owner)]
    assert {(record.status, record.nickname) for record in records} == {("finished", "Seeker")}
    assert len(records) == 2
    assert {record.experiment.training.validation_split for record in records} == {0.2}
    app.button(key="compare_best").click().run()
    assert not app.exception
    assert set(app.multiselect(key="runs").value) == {record.id for record in records}
    for record in records:
        default_store().delete(record.id)


def test_a_search_that_gains_two_points_solves_its_challenge(open_page, monkeypatch):
    monkeypatch.setattr("pages.workshop.runs.search.last_search", lambda: search_of(0.5, 0.4, 0.6, 0.45))
    assert solved(open_page(RUNS, room="search", owner="anybody")).keys() == {"search"}


def test_a_search_over_nothing_is_said_in_words(open_page):
    app = open_page(RUNS, room="search", search_settings="")
    assert "at least one setting" in warnings(app)
    assert app.button(key="search").disabled


def test_printed_figures_stand_beside_the_stored_ones(open_page):
    app = open_page(RUNS, room="lecture", printed_model="model3")
    for name in ("model3", *PRESETS):
        app.radio(key="printed_model").set_value(name).run()
        assert not app.exception
        rows = app.table[0].value.set_index("")
        assert rows.loc["test accuracy", "printed"] == f"{100 * PRINTED[name].test_accuracy:.2f} %"
        assert "python -m nncore.reference" in said(app)
