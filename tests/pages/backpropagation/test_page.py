"""The page of backpropagation, driven without a browser, with a real worker that asks Keras."""

import contextlib
import io

import pytest

from nncore.cluster.engine import EngineError
from nncore.theory.network_221 import PARAMETERS, Setting, take_step, train
from tests.support.solving import is_solved

PAGE = "pages/learning/backpropagation/page.py"


def results(app):
    return dict(zip(("output", "cost", "gradient"), (metric.value for metric in app.metric), strict=True))


def said(app):
    return " ".join(text.value for text in app.markdown)


def test_the_page_begins_with_the_first_phase_and_knows_no_result_yet(open_page):
    app = open_page(PAGE)
    assert not app.exception
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


def test_the_first_and_the_last_step_end_the_buttons(open_page):
    assert open_page(PAGE).button(key="back").disabled
    app = open_page(PAGE, updates="950")
    app.button(key="repeat").click().run()
    assert app.number_input(key="updates").value == 1000
    assert app.button(key="repeat").disabled
    assert open_page(PAGE, updates="1000", phase="7").button(key="next").disabled


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"cost_function": "cross_entropy", "start": "large", "updates": "40"},
        {"activation": "tanh", "x1": "-2", "y": "0.3"},
        {"activation": "selu", "start": "equal"},
    ],
)
def test_keras_own_gradients_stand_beside_and_agree_to_six_digits(open_page, query):
    app = open_page(PAGE, phase="6", **query)
    assert "All nine agree to six digits." in said(app)
    table = app.dataframe[0].value
    assert list(table["∂C/∂"]) == list(PARAMETERS)
    ours, theirs = (table[name].astype(float) for name in ("backpropagation", "Keras"))
    assert list(ours) == pytest.approx(list(theirs), rel=2e-6)
    assert (ours != 0).all()


def test_gradients_that_differ_from_keras_are_called_so(open_page, engine, monkeypatch):
    ask = type(engine).ask
    monkeypatch.setattr(type(engine), "ask", lambda self, f, network, x, *more: ask(self, f, network, (9, 9), *more))
    assert "The two do not agree." in said(open_page(PAGE, phase="6"))


def test_workers_that_are_gone_are_a_sentence_and_only_the_check_misses_them(open_page, engine, monkeypatch):
    def fail(*arguments, **options):
        raise EngineError("The worker stopped while it computed and is being restarted: try again.")

    monkeypatch.setattr(type(engine), "ask", fail)
    assert not open_page(PAGE, phase="5").warning
    app = open_page(PAGE, phase="6")
    assert "being restarted" in app.warning[0].value
    assert results(app)["gradient"] != "–"


def test_the_chain_rule_is_filled_in_from_the_cost_backwards(open_page):
    chains = [open_page(PAGE, weight="w21", phase=str(phase)).latex[1].value for phase in (3, 4, 5, 6)]
    assert r"\frac{\partial z_2}{\partial w_{21}}" in chains[0]
    assert chains[0].count("&=") == 2
    assert r"(-0.4126)\cdot 0.2424\cdot v_2\cdot f'(z_2)\cdot x_1" in chains[1]
    assert r"0.2424\cdot 0.7\cdot 0.2139\cdot x_1" in chains[2]
    assert r"0.2139\cdot 1 \\ &= -0.01498" in chains[3]


def test_cross_entropy_is_offered_with_the_sigmoid_only_and_a_link_is_told_so(open_page):
    assert [radio.key for radio in open_page(PAGE).radio] == ["cost_function"]
    app = open_page(PAGE, activation="tanh", cost_function="cross_entropy")
    assert not app.radio
    assert "offered with the sigmoid only" in app.warning[0].value


def test_weights_that_run_away_are_told_in_words(open_page):
    app = open_page(PAGE, activation="linear", eta="5", updates="500")
    assert not app.exception
    assert "The weights ran away after" in app.warning[0].value


@pytest.mark.parametrize(("key", "bad"), [("phase", "9"), ("phase", "x"), ("updates", "-1"), ("eta", "99")])
def test_a_number_that_is_none_falls_back_to_the_default(open_page, key, bad):
    app = open_page(PAGE, **{key: bad})
    assert not app.exception
    assert app.slider(key="phase").value == 1
    assert (app.number_input(key="updates").value, app.slider(key="eta").value) == (0, 0.5)


@pytest.mark.parametrize(
    ("name", "meets", "close"),
    [
        ("most", {"phase": "7", "weight": "c"}, {"phase": "7", "weight": "v2"}),
        ("nothing", {"phase": "6", "weight": "w22", "x2": "0"}, {"phase": "6", "weight": "w21", "x2": "0"}),
        ("nothing", {"phase": "6", "activation": "relu", "x1": "-2", "weight": "b2"}, {"phase": "6", "weight": "b2"}),
        ("fast", {"updates": "100", "eta": "4"}, {"updates": "100", "eta": "0.5"}),
        ("fast", {"updates": "100", "eta": "4"}, {"updates": "200", "eta": "4"}),
        ("twins", {"updates": "100", "start": "equal"}, {"updates": "100", "start": "large"}),
    ],
)
def test_a_challenge_is_solved_by_the_controls_that_meet_it(open_page, name, meets, close):
    assert is_solved(open_page(PAGE, **meets), name)
    assert not is_solved(open_page(PAGE, **close), name)


@pytest.mark.parametrize(
    "query",
    [
        {"weight": "w12"},
        {"weight": "b2", "updates": "30", "cost_function": "cross_entropy", "y": "0.2"},
        {"weight": "v1", "activation": "leaky_relu", "start": "equal", "x1": "0.7"},
        {"weight": "c", "activation": "linear", "eta": "0.1", "updates": "5"},
    ],
)
def test_the_script_prints_the_results_of_the_page_and_keras_agrees(open_page, query):
    app = open_page(PAGE, phase="7", **query)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(app.code[0].value, {})
    found = dict(line.replace(" ", "").split("=") for line in printed.getvalue().splitlines())
    assert found == results(app) | {"Keras": results(app)["gradient"]}
