"""Whose runs these are: an owner's token and a nickname, both kept in the link."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from nncore.storage import run_record
from pages.ui import lesson, url_state, widgets
from pages.ui.url_state import NICKNAME, OWNER


def token() -> str:
    """The owner's token of this browser session, "" before the first training.

    It lies in the link, so that it survives a reload and another computer; on another page it goes back there.
    """
    return str(url_state.read(OWNER))


def token_for_training() -> str:
    """The token, made now where there is none."""
    if not token():
        st.session_state[OWNER.key] = run_record.new_owner()
    return token()


def nickname() -> str:
    """The name under which others see this visitor's runs; "" without one."""
    return run_record.clean_nickname(url_state.given(NICKNAME.key, everywhere=True) or "")


def ask_nickname(label: str = "Nickname, for others to see", **more: Any) -> None:
    """The field `nickname`, which goes along from page to page as the owner's token does."""
    widgets.text(replace(NICKNAME, label=label), **more)


def name_and_links(run_id: str | None) -> None:
    """Choose a nickname; and the link that shows the page's run to others, without handing it over."""
    with st.expander("Your name, and the link to this run"):
        ask_nickname(help="Runs with a nickname are the last to be removed when room is needed.")
        if run_id is None:
            st.caption("Press Train, and a link to the run appears here.")
            return
        kept = {key: value for key, value in url_state.link().items() if key not in (OWNER.key, NICKNAME.key)}
        st.caption("Whoever has this link can look at the run and cannot change it:")
        st.code(f"?{urlencode({**kept, 'run': run_id})}", language=None)
        st.caption("The address in your browser also holds `owner=`: with it, the run is yours on any computer.")


def describe(nickname: str, mine: bool) -> str:
    """Whose run it is, in words for Markdown."""
    if mine:
        return "Your run"
    return f"A run of {lesson.escape(nickname)}" if nickname else "Somebody else's run"
