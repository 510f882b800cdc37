"""Choices bound to the link: what the browser is given, and what stays when a control was away for a while."""

from streamlit.testing.v1 import AppTest

from tests.support.opening import opened_at


def page():
    import streamlit as st

    from pages.ui import widgets

    st.session_state["page"] = "page"
    if not st.session_state.get("away"):
        one = widgets.choice("one", "One", ["a", "b", "c"], "a")
        some = widgets.several("some", "Some", st.session_state.get("options", ["a", "b", "c"]), ["a"], names={})
        st.text(f"{one} {','.join(some)}")


def opened(**query):
    return opened_at(AppTest.from_function(page), **query)


def run(app, **state):
    for key, value in state.items():
        app.session_state[key] = value
    return opened_at(app)


def given_to_browser(app):
    """What a browser shows that was sent this run only."""
    one, some = app.selectbox(key="one"), app.multiselect(key="some")
    return one.options[one.proto.default], [some.options[place] for place in some.proto.default]


def test_a_browser_that_missed_the_run_that_set_a_choice_shows_it_and_not_the_first_option():
    app = opened(one="b", some="b,c")
    assert given_to_browser(app) == ("b", ["b", "c"])
    assert given_to_browser(run(app)) == ("b", ["b", "c"])


def test_what_was_away_for_a_run_comes_back_as_the_link_has_it():
    app = opened(one="b", some="b,c")
    run(app, away=True)
    assert app.query_params["some"] in ("b,c", ["b,c"])
    run(app, away=False)
    assert app.text[0].value == "b b,c"
    assert given_to_browser(app) == ("b", ["b", "c"])


def test_an_option_that_is_there_no_more_is_not_chosen():
    app = opened(some="b,c")
    run(app, away=True)
    run(app, away=False, options=["a", "b"])
    assert app.text[0].value == "a b"
    assert given_to_browser(app) == ("a", ["b"])
