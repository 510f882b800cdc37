"""Controls and their links: what the browser is given, what stays when one was away, what a link may not say, Back."""

from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import url_state
from tests.support.opening import opened_at


def page():
    import streamlit as st

    from pages.ui import url_state, widgets

    url_state.open_page(st.session_state.get("wanted page", "page"))
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


def all_kinds():
    import streamlit as st

    from pages.ui import url_state, widgets
    from pages.ui.parameters import Text

    url_state.open_page(st.session_state.get("wanted page", "page"))
    with url_state.one_entry():
        found = [
            widgets.slider("slid", "Slid", 0.0, 1.0, 0.5, step=0.05),
            widgets.number("typed", "Typed", 0.0, 10.0, 1.0, step=0.5),
            widgets.number("whole", "Whole", 1, st.session_state.get("highest", 20), 5, step=1),
            widgets.choice("one", "One", ["a", "b", "c"], "a"),
            widgets.several("some", "Some", ["a", "b", "c"], ["a"], names={}),
            widgets.switch("on", "On"),
            widgets.text(Text("words", "Words", "", 5)),
        ]
    st.text(repr(found))


DEFAULTS = [0.5, 1.0, 5, "a", ["a"], False, ""]


def found_in(app):
    return eval(app.text[0].value)


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("slid", "0.35", 0.35),
        ("typed", "2.345", 2.345),
        ("typed", "0.00001", 0.00001),
        ("whole", "7", 7),
        ("one", "c", "c"),
        ("some", "b,c", ["b", "c"]),
        ("some", "", []),
        ("on", "true", True),
        ("words", "ab cd", "ab cd"),
    ],
)
def test_a_link_sets_a_control_of_each_kind_alone_and_still_says_so(key, text, value):
    app = opened_at(AppTest.from_function(all_kinds), **{key: text})
    keys = ["slid", "typed", "whole", "one", "some", "on", "words"]
    assert found_in(app) == [value if each == key else default for each, default in zip(keys, DEFAULTS, strict=True)]
    (said,) = app.query_params[key] if isinstance(app.query_params[key], list) else [app.query_params[key]]
    assert said in (text, "1e-05")
    assert not app.warning
    assert list(app.session_state["url state"].pages["page"].table) == keys


@pytest.mark.parametrize(
    ("key", "text", "sentence"),
    [
        ("slid", "0.333", "Slid: expected a number from 0 to 1 in steps of 0.05, received “0.333”."),
        ("slid", "2", "Slid: expected a number from 0 to 1 in steps of 0.05, received “2”."),
        ("typed", "-1", "Typed: expected a number from 0 to 10, received “-1”."),
        ("typed", "nan", "Typed: expected a number from 0 to 10, received “nan”."),
        ("whole", "3.5", "Whole: expected a whole number from 1 to 20, received “3.5”."),
        ("whole", "", "Whole: expected a whole number from 1 to 20, received “nothing”."),
        ("one", "x", "One: expected one of a, b, c, received “x”."),
        ("one", "![](http://x)", "One: expected one of a, b, c, received “![](http://x)”."),
        ("some", "x,y", "Some: expected some of a, b, c, received “x, y”."),
        ("on", "1", "On: expected true or false, received “1”."),
    ],
)
def test_what_a_link_may_not_say_is_answered_until_something_else_is_set(key, text, sentence):
    app = opened_at(AppTest.from_function(all_kinds), **{key: text})
    assert found_in(app) == DEFAULTS
    assert key not in app.query_params
    for _ in range(2):  # a page may run again by itself, before anybody has read it
        (said,) = app.warning
        assert said.value.replace("\\", "") == sentence
        assert "![" not in said.value
        app.run()
    app.session_state[key] = {"slid": 0.1, "typed": 2.5, "whole": 9, "one": "b", "some": ["b"], "on": True}[key]
    assert not app.run().warning


def test_known_options_of_a_link_stay_beside_unknown_ones():
    app = opened_at(AppTest.from_function(all_kinds), some="b,x")
    assert found_in(app)[4] == ["b"]
    assert "received “x”" in app.warning[0].value


def test_a_range_that_shrinks_takes_the_value_along():
    app = opened_at(AppTest.from_function(all_kinds), whole="18")
    app.session_state["highest"] = 9
    assert found_in(app.run())[2] == 9
    assert (app.query_params["whole"], app.number_input(key="whole").value) == ("9", 9)
    assert not app.warning


def test_the_browsers_history_takes_every_control_to_its_link_or_default(monkeypatch):
    app = opened_at(AppTest.from_function(all_kinds), slid="0.35", some="b", on="true")
    app.number_input(key="typed").set_value(3.5)
    app.selectbox(key="one").set_value("c").run()
    assert found_in(app) == [0.35, 3.5, 5, "c", ["b"], True, ""]
    app.query_params.clear()
    app.query_params["whole"] = "7"
    with monkeypatch.context() as patch:
        patch.setattr(url_state, "get_script_run_ctx", lambda: SimpleNamespace(is_history_navigation=True))
        app.run()
    assert found_in(app) == [0.5, 1.0, 7, "a", ["a"], False, ""]
    assert set(app.query_params) == {"whole"}
    assert found_in(app.run()) == [0.5, 1.0, 7, "a", ["a"], False, ""]


def test_a_value_belongs_to_its_page_and_what_another_left_in_the_session_is_not_taken():
    app = opened_at(AppTest.from_function(all_kinds), slid="0.35", one="b")
    app.session_state["typed"] = 3.5
    app.run()
    for page, found in (("other", DEFAULTS), ("page", [0.35, 3.5, 5, "b", ["a"], False, ""])):
        app.session_state["wanted page"] = page
        app.query_params.clear()
        assert found_in(app.run()) == found
    assert set(app.query_params) == {"slid", "one", "typed"}


def test_what_changes_in_one_run_is_one_entry_of_the_browsers_history(monkeypatch):
    app, sent = opened_at(AppTest.from_function(all_kinds), slid="0.35"), []
    from_dict = url_state.st.query_params.from_dict
    monkeypatch.setattr(
        type(url_state.st.query_params), "from_dict", lambda _, said: (sent.append(said), from_dict(said))
    )
    for key, value in {"slid": 0.5, "typed": 2.0, "some": ["c"]}.items():
        app.session_state[key] = value
    app.run()
    app.run()
    assert sent == [{"typed": "2", "some": "c"}]
