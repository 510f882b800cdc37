"""The page of backpropagation, driven without a browser, with a real worker that asks Keras."""

import pytest

from nncore.theory.network_221 import PARAMETERS, Setting, take_step, train
from tests.support.shown import moved, printed, said
from tests.support.solving import solved

PAGE = "pages/learning/backpropagation/page.py"


def results(app):
    return dict(zip(("output", "cost", "gradient"), (metric.value for metric in app.metric), strict=True))


def test_the_page_begins_with_the_first_phase_and_knows_no_result_yet(open_page):
    app = open_page(PAGE)
    assert app.button(key="back").disabled
    assert [radio.key for radio in app.radio] == ["cost_function"]
    assert solved(app) == {}
    assert results(app) == {"output": "–", "cost": "–", "gradient": "–"}
    assert "**1 · Forward, hidden layer.**" in said(app)
    assert r"z_{1} &= w_{11} x_1 + w_{12} x_2 + b_{1} = 0.5\cdot 1 + (-0.8)\cdot 0.5 + 0.1 = 0.2" in app.latex[0].value


def test_the_results_are_those_of_the_closed_forms(open_page):
    step = take_step(train(Setting(), 0).network, Setting())
    found = results(open_page(PAGE, phase="6", weight="v2"))
    expected = (step.values["a"], step.values["C"], (step.values["a"] - 1) * step.values["a"] * (1 - step.values["a"]))
    assert [float(found["output"]), float(found["cost"])] == pytest.approx(expected[:2], rel=1e-3)
    assert float(found["gradient"]) == pytest.approx(expected[2] * step.values["a2"], rel=1e-3)


def test_next_goes_through_the_seven_phases_into_the_second_round_and_back_returns(open_page):
    app = open_page(PAGE)
    for phase in range(2, 8):
        app.button(key="next").click().run()
        assert app.slider(key="phase").value == phase
        assert f"**{phase} · " in said(app)
    updated = take_step(train(Setting(), 0).network, Setting()).updated["w11"]
    app.button(key="next").click().run()
    assert (app.slider(key="phase").value, app.number_input(key="updates").value) == (1, 1)
    assert rf"{updated:.4g}\cdot 1" in app.latex[0].value
    app.button(key="back").click().run()
    assert (app.slider(key="phase").value, app.number_input(key="updates").value) == (7, 0)


def test_repeating_a_hundred_times_brings_the_cost_down_and_starting_over_brings_it_back(open_page):
    app = open_page(PAGE, phase="3")
    before = float(results(app)["cost"])
    app.button(key="repeat").click().run()
    assert app.number_input(key="updates").value == 100
    assert float(results(app)["cost"]) == pytest.approx(train(Setting(), 100).costs[-1], rel=1e-3)
    assert float(results(app)["cost"]) < 0.1 * before
    app.button(key="restart").click().run()
    assert float(results(app)["cost"]) == before


def test_the_last_step_ends_the_buttons(open_page):
    app = open_page(PAGE, updates="950", phase="7")
    app.button(key="repeat").click().run()
    assert app.number_input(key="updates").value == 1000
    assert app.button(key="repeat").disabled
    assert app.button(key="next").disabled


def test_keras_own_gradients_stand_beside_and_agree_to_six_digits(open_page):
    app = open_page(PAGE, phase="6")
    for settings in (
        {},
        {"cost_function": "cross_entropy", "start": "large", "updates": 40},
        {"activation": "tanh", "x1": -2.0, "y": 0.3, "start": "spread", "updates": 0},
        {"activation": "selu", "start": "equal", "x1": 1.0, "y": 1.0},
    ):
        assert "All nine agree to six digits." in said(moved(app, **settings)), settings
        table = app.dataframe[0].value
        assert list(table["∂C/∂"]) == list(PARAMETERS)
        ours, theirs = (table[name].astype(float) for name in ("backpropagation", "Keras"))
        assert list(ours) == pytest.approx(list(theirs), rel=2e-6)
        assert (ours != 0).all()


def test_gradients_that_differ_from_keras_are_called_so(open_page, engine, monkeypatch):
    ask = type(engine).ask
    monkeypatch.setattr(type(engine), "ask", lambda self, f, network, x, *more: ask(self, f, network, (9, 9), *more))
    assert "The two do not agree." in said(open_page(PAGE, phase="6"))


def test_workers_that_are_gone_are_a_sentence_and_only_the_check_misses_them(without_workers, open_page):
    app = open_page(PAGE, phase="5")
    assert not app.warning
    moved(app, phase=6)
    assert "being restarted" in app.warning[0].value
    assert results(app)["gradient"] != "–"


def test_the_chain_rule_grows_with_the_phases(open_page):
    app = open_page(PAGE, weight="w21", phase="3")
    assert app.latex[1].value.count("&=") == 2
    assert r"0.2139\cdot 1 \\ &= -0.01498" in moved(app, phase=6).latex[1].value


def test_cross_entropy_is_offered_with_the_sigmoid_only_and_a_link_is_told_so(open_page):
    app = open_page(PAGE, activation="tanh", cost_function="cross_entropy")
    assert not app.radio
    assert "offered with the sigmoid only" in app.warning[0].value


def test_weights_that_run_away_are_told_in_words(open_page):
    app = open_page(PAGE, activation="linear", eta="5", updates="500")
    assert "The weights ran away after" in app.warning[0].value


@pytest.mark.parametrize("query", [{"phase": "9", "updates": "-1", "eta": "99"}, {"phase": "x"}])
def test_a_number_that_is_none_falls_back_to_the_default(open_page, query):
    app = open_page(PAGE, **query)
    assert app.slider(key="phase").value == 1
    assert (app.number_input(key="updates").value, app.slider(key="eta").value) == (0, 0.5)


def test_the_script_prints_the_results_of_the_page_and_keras_agrees(open_page):
    app = open_page(PAGE, phase="7")
    for settings in (
        {"weight": "w12"},
        {"weight": "b2", "updates": 30, "cost_function": "cross_entropy", "y": 0.2},
        {"weight": "v1", "activation": "leaky_relu", "start": "equal", "x1": 0.7, "updates": 0, "y": 1.0},
        {"weight": "c", "activation": "linear", "start": "spread", "x1": 1.0, "eta": 0.1, "updates": 5},
    ):
        moved(app, **settings)
        found = dict(line.replace(" ", "").split("=") for line in printed(app.code[0].value))
        assert found == results(app) | {"Keras": results(app)["gradient"]}, settings
    assert solved(moved(app, activation="sigmoid", updates=0)).keys() == {"most"}
