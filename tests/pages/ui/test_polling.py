"""Waiting for workers: no run takes the place of one that the browser has not drawn."""

from types import SimpleNamespace

from streamlit.testing.v1 import AppTest

from pages.ui import polling
from tests.support.opening import opened_at


def page():
    import streamlit as st

    from nncore.cluster.engine import EngineError
    from pages.ui import polling

    def there():
        if st.session_state.get("broken"):
            raise EngineError("The workers did not start.")
        return st.session_state.get("there", False)

    st.session_state["runs"] = st.session_state.get("runs", 0) + 1
    polling.poll_until(there, lambda: "Not yet.")


def opened(**state):
    app = AppTest.from_function(page)
    for name, value in state.items():
        app.session_state[name] = value
    return opened_at(app)


def test_the_words_are_shown_while_it_is_not_there():
    assert [caption.value for caption in opened().caption] == ["Not yet."]


def test_what_comes_while_the_page_runs_does_not_begin_another_run_at_once(monkeypatch):
    monkeypatch.setattr(polling, "time", SimpleNamespace(monotonic=lambda: 0.0))
    app = opened(there=True)
    assert app.session_state["runs"] == 1
    assert [caption.value for caption in app.caption] == ["Not yet."]


def test_what_comes_later_has_the_page_run_again(monkeypatch):
    clock = iter([0.0, polling.SECONDS])
    monkeypatch.setattr(polling, "time", SimpleNamespace(monotonic=lambda: next(clock, polling.SECONDS)))
    assert opened(there=True).session_state["runs"] > 1


def test_an_error_is_a_sentence():
    app = opened(broken=True)
    assert [warning.value for warning in app.warning] == ["The workers did not start."]
    assert not app.caption
