"""Widgets that are bound to the URL: a widget's key is its query parameter.

Streamlit puts a value that is no number or out of range back to the default. What it lets through is put right
here: a value off a slider's step, say, is kept, since a typed link may be finer than a mouse.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st


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
    return st.slider(
        label, low, high, default, step, format=format, key=key, help=help, disabled=disabled, bind="query-params"
    )


def choice(
    key: str, label: str, options: Sequence[str], default: str, *, names: Mapping[str, str] | None = None, **more: Any
) -> str:
    """A select box bound to the query parameter `key`; `names` gives the words that are shown."""
    shown: Callable[[str], str] = lambda option: (names or {}).get(option, option)  # noqa: E731
    chosen = st.selectbox(
        label, options, options.index(default), format_func=shown, key=key, bind="query-params", **more
    )
    return str(chosen)


def switch(key: str, label: str, default: bool = False, **more: Any) -> bool:
    """An on-off switch bound to the query parameter `key`."""
    return bool(st.toggle(label, default, key=key, bind="query-params", **more))


def number(
    key: str, label: str, low: float, high: float, default: float, *, step: float | None = None, **more: Any
) -> Any:
    """A number that can be typed exactly, bound to the query parameter `key`."""
    typed = st.number_input(label, low, high, default, step, key=key, bind="query-params", **more)
    return default if typed is None else typed
