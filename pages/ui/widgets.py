"""Widgets that are bound to the URL: a widget's key is its query parameter.

Streamlit puts a value that is no number or out of range back to the default. What it lets through is put right
here: a value off a slider's step, say, is kept, since a typed link may be finer than a mouse.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import streamlit as st
from streamlit.errors import StreamlitAPIException


def slider(
    key: str,
    label: str,
    low: float,
    high: float,
    default: float,
    *,
    step: float | None = None,
    format: str | None = None,
    help: str | None = None,
    disabled: bool = False,
) -> Any:
    """A slider bound to the query parameter `key`; whole numbers in, a whole number out."""
    _take_over(key)
    return st.slider(
        label, low, high, default, step, format=format, key=key, help=help, disabled=disabled, bind="query-params"
    )


def _take_over(key: str) -> None:
    """Put aside the value of another page's widget with this key, and take back what this page's widget had.

    Streamlit's binding keeps one value a key for the whole session: 77 units of one page would come up on the next.
    """
    page, owners = st.session_state.get("page"), st.session_state.setdefault("bound keys' pages", {})
    owner, kept = owners.get(key), st.session_state.setdefault("bound values", {})
    if owner not in (None, page):
        kept[owner, key] = st.session_state.get(key)
        if key in st.query_params or kept.get((page, key)) is None:
            st.session_state.pop(key, None)
        else:
            st.session_state[key] = kept[page, key]  # in place, since only then does the link follow
            with suppress(StreamlitAPIException):  # raised while the key is still bound, and the link follows then
                st.query_params[key] = str(kept[page, key]).lower()  # as Streamlit writes true and false
    owners[key] = page


def forget(page: str) -> None:
    """Leave all widgets of the page to its link. Those that Streamlit binds are left to it by Streamlit."""
    for key in st.session_state.get("remembered choices", {}).pop(page, {}):
        st.session_state.pop(key, None)
    kept = st.session_state.get("bound values", {})
    st.session_state["bound values"] = {place: value for place, value in kept.items() if place[0] != page}


def choice(
    key: str, label: str, options: Sequence[str], default: str, *, names: Mapping[str, str] | None = None, **more: Any
) -> str:
    """A select box bound to the query parameter `key`; `names` gives the words that are shown."""
    return _chosen(st.selectbox, key, label, options, default, names or {}, **more)


def radio(
    key: str, label: str, options: Sequence[str], default: str, *, names: Mapping[str, str] | None = None, **more: Any
) -> str:
    """As `choice`, with all options to be seen side by side."""
    return _chosen(st.radio, key, label, options, default, names or {}, horizontal=True, **more)


def _chosen(
    widget: Callable[..., Any],
    key: str,
    label: str,
    options: Sequence[str],
    default: str,
    names: Mapping[str, str],
    **more: Any,
) -> str:
    """Bound by hand, because Streamlit's own binding puts the shown words in the link and not the option.

    Like Streamlit's binding, each page remembers its own value. Right after a change of pages the session still
    holds the value of the last page's widget with this key, which is another widget.

    The value is the widget's `index` too: a browser that misses the run that set it, because the next came at once,
    would take the first option and send it with the visitor's next move.
    """
    page = st.session_state.get("page")
    remembered = st.session_state.setdefault("remembered choices", {}).setdefault(page, {})
    owners = st.session_state.setdefault("choices' pages", {})
    if owners.get(key) != page or st.session_state.get(key) not in options:
        given = st.query_params.get(key, remembered.get(key))
        st.session_state[key] = given if given in options else default
    owners[key] = page
    shown: Callable[[str], str] = lambda option: names.get(option, option)  # noqa: E731
    index = list(options).index(st.session_state[key])
    chosen = str(widget(label, options, index, format_func=shown, key=key, **more))
    remembered[key] = chosen
    if chosen != default:
        st.query_params[key] = chosen
    else:
        st.query_params.pop(key, None)
    return chosen


def several(
    key: str,
    label: str,
    options: Sequence[str],
    default: Sequence[str],
    *,
    names: Mapping[str, str],
    shown: bool = True,
) -> list[str]:
    """Any number of options, in the link as `key=one,other`; a link that names none of them gives the default.

    Where the widget is not `shown`, as in a closed section, the choice of the link and the session still stands.
    """
    page = st.session_state.get("page")
    remembered = st.session_state.setdefault("remembered choices", {}).setdefault(page, {})
    owners = st.session_state.setdefault("choices' pages", {})
    if owners.get(key) != page or key not in st.session_state:
        given = st.query_params.get(key, remembered.get(key))
        known = [option for option in options if given is not None and option in given.split(",")]
        st.session_state[key] = known if known or given == "" else list(default)
    owners[key] = page
    first = [option for option in st.session_state[key] if option in options]
    picked = first
    if shown:
        picked = st.multiselect(
            label, options, first, format_func=lambda each: names.get(each, each), key=key, wrap=True
        )
    chosen = [option for option in options if option in picked]
    remembered[key] = ",".join(chosen)
    if chosen != list(default):
        st.query_params[key] = ",".join(chosen)
    else:
        st.query_params.pop(key, None)
    return chosen


def switch(key: str, label: str, default: bool = False, **more: Any) -> bool:
    """An on-off switch bound to the query parameter `key`."""
    _take_over(key)
    return bool(st.toggle(label, default, key=key, bind="query-params", **more))


def number(
    key: str, label: str, low: float, high: float, default: float, *, step: float | None = None, **more: Any
) -> Any:
    """A number that can be typed exactly, bound to the query parameter `key`."""
    _take_over(key)
    if (st.session_state.get(key) or low) > high:  # what was possible before is not any more
        st.session_state[key] = high
    typed = st.number_input(label, low, high, default, step, key=key, bind="query-params", **more)
    return default if typed is None else typed
