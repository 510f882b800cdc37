"""Between link, session and widgets: the one place that knows how.

A control says in a `Parameter` what its values are; its key is its query parameter. `read` gives the page's value of
it: the session's, else the link's, else as the page was left, else the default. Then it lies in `st.session_state[key]`
for the widget of that key and for callbacks, and in the link if it is not the default. A value belongs to a page:
another page may use the same key for something else. After the browser's Back and Forward the link counts again.

A session's `UrlState` lists in each page's `table` the parameters that it has had. OWNER and NICKNAME serve all pages;
what a page is to `carry` beside them, the id of a run, stays with it on Back.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.ui.parameters import Parameter, Text

OWNER = Text("owner", "Owner", "", 64, everywhere=True)
NICKNAME = Text("nickname", "Nickname", "", 24, everywhere=True)
_PENDING: ContextVar[dict[str, str | None] | None] = ContextVar("what the link is still to say", default=None)
"""Of one run: Streamlit begins a session's next one while the last is still on its way out."""


@dataclass
class Page:
    """What one page knows of its parameters, by their keys."""

    values: dict[str, Any] = field(default_factory=dict)
    """Its own, also those of controls that are not on the screen, and what it carries."""
    table: dict[str, Parameter] = field(default_factory=dict)
    """As they were last read."""
    refused: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    """Label, what was expected and what a link has, which did not fit: for as long as the default stands in for it."""
    seen: dict[str, Any] = field(default_factory=dict)
    """What `previous` was told since the page was opened."""


@dataclass
class UrlState:
    """Of one session."""

    pages: dict[str, Page] = field(default_factory=dict)
    strange: set[str] = field(default_factory=set)
    """Keys in the session that were set, on another page, for controls which it did not show."""

    def page(self, everywhere: bool = False) -> Page:
        """The one on the screen, or what is kept for all of them."""
        return self.pages.setdefault("" if everywhere else st.session_state.get("page", ""), Page())


def _state() -> UrlState:
    state: UrlState = st.session_state.setdefault("url state", UrlState())
    return state


def open_page(page: str) -> None:
    """Say which page is run; if another was before, or the browser's history asks for it, the link counts first."""
    state, run = _state(), get_script_run_ctx()
    back = run is not None and run.is_history_navigation
    if back or page != st.session_state.get("page"):
        for left in state.pages.values():
            for key in left.table:
                st.session_state.pop(key, None)
            left.refused.clear()
            left.seen.clear()
        state.strange = {str(key) for key in st.session_state}
    st.session_state["page"] = page
    if back:
        for key in (here := state.page()).table:
            here.values.pop(key, None)


def read(parameter: Parameter) -> Any:
    """The page's value of the parameter, which then is the session's and, if not the default, in the link."""
    state, key = _state(), parameter.key
    page, text = state.page(parameter.everywhere), linked(key)
    if key in state.strange:
        state.strange.remove(key)
        st.session_state.pop(key, None)
    given = st.session_state.get(key)
    if key in st.session_state:
        value = parameter.fit(given)
        if value != page.values.get(key):
            page.refused.pop(key, None)
    elif text is not None:
        value, wrong = parameter.parse(text)
        if wrong and parameter.told:
            page.refused[key] = parameter.label, parameter.expected, wrong
    else:
        value = parameter.fit(page.values.get(key, parameter.default))
    if type(given) is not type(value) or given != value:
        st.session_state[key] = value
    page.values[key], page.table[key] = value, parameter
    written = parameter.written(value)
    if written != text:  # a link may say the default
        _tell({key: None if written == parameter.written(parameter.default) else written})
    return value


def refused(key: str) -> tuple[str, str, str] | None:
    """Label, what was expected, what was received: if the link's value did not fit and nothing was set since."""
    return _state().page().refused.get(key)


def link() -> dict[str, str]:
    """All that the link says."""
    said = st.query_params.to_dict() | (_PENDING.get() or {})
    return {key: text for key, text in said.items() if text is not None}


def linked(key: str) -> str | None:
    """What the link says."""
    pending = _PENDING.get() or {}
    return pending[key] if key in pending else st.query_params.get(key)


def given(key: str, *, everywhere: bool = False) -> Any:
    """What `read` would start from: a value, the text of a link, or None."""
    state = _state()
    if key in st.session_state and key not in state.strange:
        return st.session_state[key]
    text = linked(key)
    return state.page(everywhere).values.get(key) if text is None else text


def carry(key: str, value: str) -> None:
    """Let the link say this, and this page remember it."""
    _state().page().values[key] = value
    _tell({key: value})


def carried(key: str) -> str | None:
    """What the link says, else what this page carries, which goes back into the link."""
    text, known = linked(key), _state().page().values.get(key)
    if text is None and known is not None:
        _tell({key: known})
    return text or known


def kept(key: str, page: str | None = None) -> Any:
    """What this page, or another, had last, also where its control is not on the screen; None if it had nothing."""
    return _state().pages.get(page or st.session_state["page"], Page()).values.get(key)


def previous(name: str, now: Any) -> Any:
    """What was told under this name before, on this page since it was opened: what follows it may have to follow."""
    seen = _state().page().seen
    before, seen[name] = seen.get(name, now), now
    return before


@contextmanager
def one_entry() -> Iterator[None]:
    """Tell the link at the end what has changed: one message, and one entry in the browser's history."""
    if _PENDING.get() is not None:
        yield
        return
    begun = _PENDING.set({})
    try:
        yield
        collected = _PENDING.get() or {}
    finally:
        _PENDING.reset(begun)
    _tell(collected)


def _tell(said: dict[str, str | None]) -> None:
    """The link is left alone where it says so already, since each change is sent."""
    pending = _PENDING.get()
    if pending is not None:
        pending |= said
        return
    before = link()
    after = {key: text for key, text in (before | said).items() if text is not None}
    if after != before:
        st.query_params.from_dict(after)
