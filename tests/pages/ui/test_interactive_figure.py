"""Drag-quick controls without a browser: links, the session, several pages, and what a browser reports."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from pages.ui.interactive_figure.control import Control
from tests.support.opening import opened_at
from tests.support.packed import dragged_on, given_to


def page():
    import numpy as np
    import streamlit as st

    from nncore.figures.interactive.encode import encode
    from nncore.figures.interactive.scene import Axis, Panel, Picture, Points
    from pages.ui import url_state, widgets
    from pages.ui.interactive_figure import control, element

    def picture(moving):
        here = Points(moving.positions[:, None], moving.positions[:, None], "#000000")
        return Picture([Panel("panel", Axis("x", 0, 1), Axis("y", 0, 1), [here], "", "")])

    url_state.open_page(st.session_state.get("wanted page", "first"))
    if st.session_state["page"] == "third":
        widgets.slider("a", "A", 0.0, 9.0, 3.0)
    else:
        a = control.read("a", "A", 0.0, 1.0, 0.5, step=0.1)
        n = control.read("n", "N", 1, 20, 5, step=1)
        element.show_interactive_figure("both", [a, n], lambda moving, *both: encode(picture(both["an".index(moving)])))
        st.text(f"{a.value} {n.value} {np.isin(a.value, a.positions)}")


def opened(**query):
    return opened_at(AppTest.from_function(page), **query)


def values(app):
    a, n, among = app.text[0].value.split()
    assert among == "True"
    return float(a), float(n)


def go(app, name):
    app.session_state["wanted page"] = name
    app.query_params.clear()
    app.run()
    assert not app.exception
    return app


def test_a_link_sets_a_control_and_its_value_may_lie_between_two_steps():
    app = opened(a="0.123", n="7")
    assert values(app) == (0.123, 7)
    assert app.query_params["a"] == "0.123"


@pytest.mark.parametrize("bad", ["abc", "", "nan", "inf", "-0.1", "1.1"])
def test_what_is_no_number_in_the_range_falls_back_to_the_default_and_the_page_says_so(bad):
    app = opened(a=bad)
    assert values(app) == (0.5, 5)
    assert "a" not in app.query_params
    (said,) = app.warning
    assert said.value.replace("\\", "") == f"A: expected a number from 0 to 1, received “{bad or 'nothing'}”."


def test_a_control_of_whole_numbers_takes_no_others():
    assert values(opened(n="3.5")) == (0.5, 5)
    assert values(opened(n="3")) == (0.5, 3)


def test_the_session_moves_a_control_and_the_link_follows():
    app = opened()
    app.session_state["a"] = 0.25
    assert values(app.run()) == (0.25, 5)
    assert app.query_params["a"] == "0.25"
    app.session_state["a"] = 77
    assert values(app.run()) == (1, 5)
    assert app.query_params["a"] == "1"


def test_each_page_remembers_its_own_values():
    app = opened(a="0.7")
    assert values(go(app, "second")) == (0.5, 5)
    app.session_state["a"] = 0.2
    app.run()
    assert values(go(app, "first")) == (0.7, 5)
    assert app.query_params["a"] == "0.7"
    assert values(go(app, "second")) == (0.2, 5)


def test_a_widget_of_another_page_with_the_same_key_starts_with_its_own_default():
    app = go(opened(a="0.7"), "third")
    assert app.slider(key="a").value == 3.0
    assert values(go(app, "first")) == (0.7, 5)


def test_a_link_to_the_other_page_goes_before_what_it_remembers():
    app = opened(a="0.7")
    go(app, "second")
    app.session_state["wanted page"] = "first"
    app.query_params["a"] = "0.9"
    assert values(app.run()) == (0.9, 5)


def test_the_browser_is_given_every_step_and_the_value_itself():
    a, n = given_to(dragged_on(opened(a="0.123"))[0])["controls"]
    assert a["positions"] == [0.0, 0.1, 0.123, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
    assert n["positions"] == list(range(1, 21))
    assert (a["whole"], n["whole"]) == (False, True)


@given(low=st.integers(-20, 0), steps=st.integers(1, 60), step=st.sampled_from([0.01, 0.05, 0.1, 0.5, 1, 2]))
def test_positions_are_the_steps_of_the_range_without_crumbs(low, steps, step):
    high = round(low + steps * step, 6)
    control = Control("k", "K", low, high, step, low)
    assert len(control.positions) == steps + 1
    np.testing.assert_allclose(np.diff(control.positions), step)
    assert all(len(repr(position)) < 10 for position in control.positions.tolist())
    assert control.positions[-1] == high
