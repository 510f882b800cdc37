"""The room "Try this": tasks that check themselves against the state of the page."""

from __future__ import annotations

import re
from collections.abc import Mapping

import streamlit as st


def try_this(sections: Mapping[str, str], solved: Mapping[str, bool]) -> None:
    """One task a name: its text, a hint while it is open, the explanation once it was solved in this session.

    The prose of task `name` is the section `challenge name` of the page's Markdown, with parts `### hint` and
    `### solved`.
    """
    page = st.session_state.get("page")
    remembered: set[tuple[str, str]] = st.session_state.setdefault("solved challenges", set())
    remembered |= {(page, name) for name, now in solved.items() if now}
    with st.container(key="room_try"):
        st.subheader("Try this", anchor=False)
        for name in solved:
            _show(name, sections[f"challenge {name}"], (page, name) in remembered)


def _show(name: str, prose: str, done: bool) -> None:
    task, hint, explanation = parts(prose)
    beside = {} if done else {"horizontal": True, "wrap": False, "vertical_alignment": "center"}
    with st.container(key=f"challenge_{name}", border=True, **beside):
        if done:
            st.markdown(f":green[:material/check_circle:] {task}")
            st.success(f"**Solved.** {explanation}")
        else:
            st.markdown(f":material/radio_button_unchecked: {task}", width="stretch")
            with st.popover("A hint"):
                st.markdown(hint)


def parts(prose: str) -> tuple[str, str, str]:
    """Task, hint and explanation; ValueError, naming what was expected, if one of them is not there."""
    found = re.fullmatch(r"(.+?)\n+### hint\n+(.+?)\n+### solved\n+(.+)", prose, re.DOTALL)
    if found is None:
        raise ValueError(f"expected a task, ### hint and ### solved, received {prose[:60]!r}")
    task, hint, explanation = found.groups()
    return task, hint, explanation
