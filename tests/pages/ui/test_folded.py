"""Sections that are folded away: what they compute only while they are open, and what of them is never lost."""

import pytest

from pages.learning.gradient_descent import race
from tests.support.opening import FOLDED
from tests.support.packed import dragged_on

DESCENT, NEURON = "pages/learning/gradient_descent/page.py", "pages/neurons/neuron/page.py"


@pytest.fixture
def races(monkeypatch):
    """One entry for every race that is asked for."""
    asked, run_race = [], race.run_race
    monkeypatch.setattr(race, "run_race", lambda *of: asked.append(of) or run_race(*of))
    return asked


def fold(app, section, *, away=True):
    """The page after a press on this section's title."""
    app.session_state[section] = not away
    app.run()
    assert not app.exception


def test_what_is_folded_away_is_neither_computed_nor_sent(open_page, races):
    app = open_page(DESCENT, folded=FOLDED)
    assert not races
    assert not app.dataframe
    assert not app.code
    assert len(app.metric) == 1
    fold(app, "race_section", away=False)
    assert races
    assert [next(iter(frame.value.columns)) for frame in app.dataframe] == ["optimiser"]
    fold(app, "steps_section", away=False)
    assert [next(iter(frame.value.columns)) for frame in app.dataframe] == ["optimiser", "j"]
    assert len(dragged_on(open_page(NEURON, folded=FOLDED))) == 1


@pytest.mark.parametrize("query", [{"race": "adam"}, {"eta_adaptive": "0.3"}])
def test_a_link_that_names_a_control_of_a_section_opens_it(open_page, query):
    (table,) = open_page(DESCENT, folded=FOLDED, **query).dataframe
    assert "optimiser" in table.value
    assert len(dragged_on(open_page(NEURON, folded=FOLDED, temperature="2"))) == 2


def test_the_controls_of_a_section_keep_their_values_when_it_is_folded_away(open_page):
    app = open_page(DESCENT, folded=FOLDED, race="rmsprop,adam")
    app.slider(key="eta_adaptive").set_value(0.25).run()
    fold(app, "race_section")
    assert not app.multiselect
    fold(app, "code", away=False)
    app.session_state["momentum"] = 0.5
    app.run()
    assert app.query_params["race"] == "rmsprop,adam"
    assert app.query_params["eta_adaptive"] == "0.25"
    assert "rmsprop" in app.code[0].value
    assert "0.25" in app.code[0].value
    fold(app, "race_section", away=False)
    assert app.multiselect(key="race").value == ["rmsprop", "adam"]
    assert app.slider(key="eta_adaptive").value == 0.25


def test_the_logits_stand_in_the_code_also_where_softmax_is_folded_away(open_page):
    app = open_page(NEURON, folded=FOLDED, logit2="-3", temperature="0.5")
    fold(app, "softmax_section")
    fold(app, "code", away=False)
    assert len(dragged_on(app)) == 1
    assert "np.exp(np.array([2.0, -3.0, 0.1, -1.0, 0.5]) / 0.5)" in app.code[0].value
