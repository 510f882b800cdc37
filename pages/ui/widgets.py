"""Widgets whose values are in the link: a widget's key is its query parameter (pages/ui/url_state.py).

Each widget also gets its value as its default: a browser that misses the run that set the value, because the next run
came at once, would take the default, or the first option, and send it with the visitor's next move.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from pages.ui import lesson, url_state
from pages.ui.parameters import Choice, Number, Parameter, Several, Switch, Text


def read(parameter: Parameter) -> Any:
    """Return the page's value of the parameter; say on the page why a link's value was not taken."""
    value = url_state.read(parameter)
    if refused := url_state.refused(parameter.key):
        label, expected, received = refused
        lesson.problem(f"{label}: expected {expected}, received “{lesson.escape(received)}”.")
    return value


def slider(
    key: str, label: str, low: float, high: float, default: float, *, step: float | None = None, **more: Any
) -> Any:
    """A slider; with a whole `default` it moves in whole numbers."""
    step = step or (1 if isinstance(default, int) else 0.01)
    value = read(Number(key, label, default, low, high, step, on_step=True))
    st.slider(label, low, high, value, step, key=key, **more)
    return value


def number(key: str, label: str, low: float, high: float, default: float, *, step: float, **more: Any) -> Any:
    """A number that can be typed exactly."""
    value = read(Number(key, label, default, low, high, step))
    st.number_input(label, low, high, value, step, key=key, **more)
    return value


def index_number(key: str, label: str, high: int, default: int = 0) -> int:
    """The index of a map, a row or a column, from 0 to `high`."""
    return int(number(key, label, 0, high, default, step=1))


def pixel_index(key: str, label: str, high: int) -> int:
    """A row or column, 0 to `high`; stays at the same part of the image when `high` changes with the map's size."""
    before = url_state.previous(f"{key}'s highest", high)
    if before != high and (place := st.session_state.get(key, url_state.kept(key))):
        st.session_state[key] = round(place * high / max(before, 1))
    return index_number(key, label, high, round(0.6 * high))


def choice(
    key: str,
    label: str,
    options: Sequence[str],
    default: str,
    *,
    names: Mapping[str, str] | None = None,
    told: bool = True,
    **more: Any,
) -> str:
    """A select box that shows `names`; with `told=False`, the page itself answers an unknown option of a link."""
    return _chosen(st.selectbox, Choice(key, label, default, options, told=told), names or {}, **more)


def radio(
    key: str, label: str, options: Sequence[str], default: str, *, names: Mapping[str, str] | None = None, **more: Any
) -> str:
    """Radio buttons side by side; the arguments are those of `choice`."""
    return _chosen(st.radio, Choice(key, label, default, options), names or {}, horizontal=True, **more)


def option(key: str, label: str, names: Mapping[str, str]) -> str:
    """One of the keys of `names`, which may change from run to run; the first one by default."""
    return choice(key, label, tuple(names), next(iter(names)), names=names)


def _chosen(widget: Any, parameter: Choice, names: Mapping[str, str], **more: Any) -> str:
    value: str = read(parameter)
    index, show = parameter.options.index(value), lambda one: names.get(one, one)
    widget(parameter.label, parameter.options, index, format_func=show, key=parameter.key, **more)
    return value


def several(
    key: str,
    label: str,
    options: Sequence[str],
    default: Sequence[str],
    *,
    names: Mapping[str, str],
    told: bool = True,
    shown: bool = True,
) -> list[str]:
    """Any number of options, in their order; with `shown=False` the value is read without a widget."""
    value = read(Several(key, label, default, options, told=told))
    if shown:
        st.multiselect(label, options, value, format_func=lambda one: names.get(one, one), key=key, wrap=True)
    else:
        url_state.release(key)
    return [option for option in options if option in value]


def switch(key: str, label: str, default: bool = False, **more: Any) -> bool:
    """An on-off switch."""
    value: bool = read(Switch(key, label, default))
    st.toggle(label, value, key=key, **more)
    return value


def text(parameter: Text, **more: Any) -> str:
    """A line of text."""
    value: str = read(parameter)
    st.text_input(parameter.label, value, parameter.most, key=parameter.key, **more)
    return value
