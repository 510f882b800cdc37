"""The one place between link, session and widgets.

A control describes its values by a `Parameter`, whose key is its query parameter. `read` returns the page's value: the
session's, else the link's, else the one with which the page was left, else the default. From then on the value is in
`st.session_state[key]`, for the widget of that key and for callbacks, and in the link unless it is the default. Values
belong to a page: another page may use the same key for something else. Only OWNER and NICKNAME are shared by all pages.
After the browser's Back and Forward the link counts first; what a page was told to `carry`, the id of a run, stays.
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
_PENDING: ContextVar[dict[str, str | None] | None] = ContextVar("changes of the link not yet made", default=None)
"""For one run each: Streamlit begins a session's next run while the last one is still ending."""


@dataclass
class Page:
    """The parameters of one page, by their keys."""

    values: dict[str, Any] = field(default_factory=dict)
    """The last values, also of controls that are not on the screen, and what the page carries."""
    table: dict[str, Parameter] = field(default_factory=dict)
    """The parameters that were read, as they were last."""
    refused: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    """Label, expected and received values, while the default stands in for a link's value that does not fit."""
    seen: dict[str, Any] = field(default_factory=dict)
    """The values that `previous` was given since the page was opened."""


@dataclass
class UrlState:
    """The state of one session."""

    pages: dict[str, Page] = field(default_factory=dict)
    foreign: set[str] = field(default_factory=set)
    """Keys in the session when this page was opened: values under them are meant for another page's controls."""

    def page(self, everywhere: bool = False) -> Page:
        """The page on the screen, or the parameters that all pages share."""
        return self.pages.setdefault("" if everywhere else st.session_state.get("page", ""), Page())


def _state() -> UrlState:
    state: UrlState = st.session_state.setdefault("url state", UrlState())
    return state


def open_page(page: str) -> None:
    """Say which page is run; after another page, or Back and Forward, its link counts before the session."""
    state, run = _state(), get_script_run_ctx()
    back = run is not None and run.is_history_navigation
    if back or page != st.session_state.get("page"):
        for left in state.pages.values():
            for key in left.table:
                st.session_state.pop(key, None)
            left.refused.clear()
            left.seen.clear()
        state.foreign = {str(key) for key in st.session_state}
    st.session_state["page"] = page
    if back:
        for key in (here := state.page()).table:
            here.values.pop(key, None)


def read(parameter: Parameter) -> Any:
    """Return the page's value of the parameter; put it into the session and, unless it is the default, the link."""
    state, key = _state(), parameter.key
    page, text = state.page(parameter.everywhere), linked(key)
    if key in state.foreign:
        state.foreign.remove(key)
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
    written = parameter.to_text(value)
    if written != text:  # a link may name the default
        _change_link({key: None if written == parameter.to_text(parameter.default) else written})
    return value


def release(key: str) -> None:
    """Drop the session's copy of a control that is not on the screen; the page's memory and the link keep its value.

    Else Streamlit, which forgets a widget that is not drawn, would answer with what was set before it was first drawn.
    """
    st.session_state.pop(key, None)


def refused(key: str) -> tuple[str, str, str] | None:
    """Label, expected and received values, if the link's value did not fit and nothing was set since."""
    return _state().page().refused.get(key)


def link() -> dict[str, str]:
    """All query parameters as they will be after this run."""
    query = st.query_params.to_dict() | (_PENDING.get() or {})
    return {key: text for key, text in query.items() if text is not None}


def linked(key: str) -> str | None:
    """The text of this query parameter, or None."""
    return link().get(key)


def given(key: str, *, everywhere: bool = False) -> Any:
    """The value or the text of a link that `read` would take, before it is fitted or parsed; None if there is none."""
    state, text = _state(), linked(key)
    if key in st.session_state and key not in state.foreign:
        return st.session_state[key]
    return state.page(everywhere).values.get(key) if text is None else text


def carry(key: str, value: str) -> None:
    """Put the text into the link, and back into it whenever this page is opened without."""
    _state().page().values[key] = value
    _change_link({key: value})


def carried(key: str) -> str | None:
    """The link's text, else what this page carries, which goes back into the link."""
    text, known = linked(key), _state().page().values.get(key)
    if text is None and known is not None:
        _change_link({key: known})
    return text or known


def kept(key: str, page: str | None = None) -> Any:
    """The last value on this page, or on another, also where its control is not on the screen; None without one."""
    return _state().pages.get(page or st.session_state["page"], Page()).values.get(key)


def previous(name: str, now: Any, *, keep: bool = False) -> Any:
    """What was told under this name before on this page since it was opened; the first time, what is told now.

    With `keep`, what was told before stays.
    """
    seen = _state().page().seen
    before = seen.setdefault(name, now)
    if not keep:
        seen[name] = now
    return before


@contextmanager
def one_entry() -> Iterator[None]:
    """Change the link only once, at the end: one message, and one entry in the browser's history."""
    if _PENDING.get() is not None:
        yield
        return
    outer = _PENDING.set({})
    try:
        yield
        collected = _PENDING.get() or {}
    finally:
        _PENDING.reset(outer)
    _change_link(collected)


def _change_link(changes: dict[str, str | None]) -> None:
    """Set query parameters, or remove those that are None; sends nothing if the link stays the same."""
    pending = _PENDING.get()
    if pending is not None:
        pending |= changes
        return
    before = link()
    after = {key: text for key, text in (before | changes).items() if text is not None}
    if after != before:
        st.query_params.from_dict(after)
