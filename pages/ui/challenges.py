"""The room "Try this": tasks that check themselves against the state of the page."""

from __future__ import annotations

import re
from collections.abc import Mapping

import streamlit as st

from pages.ui import lesson


def try_this(sections: Mapping[str, str], solved: Mapping[str, bool]) -> None:
    """One task a name: its text, a hint while it is open, the explanation once it was solved in this session.

    The prose of task `name` is the section `challenge name` of the page's Markdown, with parts `### hint` and
    `### solved`. All tasks are one element: with four each, they were a quarter of what a page sends at every move.
    """
    page, remembered = st.session_state.get("page"), remember(solved)
    tasks = [task(name, sections[f"challenge {name}"], solved=(page, name) in remembered) for name in solved]
    lesson.written("room_try", "\n\n".join(["### Try this", *tasks]))


def remember(solved: Mapping[str, bool]) -> set[tuple[str, str]]:
    """Keep which tasks of this page are solved now, also where they are not in view; all pages and tasks that were."""
    page = st.session_state.get("page")
    remembered: set[tuple[str, str]] = st.session_state.setdefault("solved challenges", set())
    remembered |= {(page, name) for name, now in solved.items() if now}
    return remembered


def task(name: str, prose: str, *, solved: bool) -> str:
    """The task as Markdown in a box under its key; the hint is folded away, the explanation there once it is solved."""
    text, hint, explanation = parts(prose)
    if solved:
        icon, state, more = ":green[:material/check_circle:]", " solved", f"**Solved.** {explanation}"
    else:
        icon, state = ":material/radio_button_unchecked:", ""
        more = f"<details><summary>A hint</summary>\n\n{hint}\n\n</details>"
    return f'<div class="st-key-challenge_{name} challenge{state}">\n\n{icon} {text}\n\n{more}\n\n</div>'


def parts(prose: str) -> tuple[str, str, str]:
    """Task, hint and explanation; ValueError, naming what was expected, if one of them is not there."""
    found = re.fullmatch(r"(.+?)\n+### hint\n+(.+?)\n+### solved\n+(.+)", prose, re.DOTALL)
    if found is None:
        raise ValueError(f"expected a task, ### hint and ### solved, received {prose[:60]!r}")
    task, hint, explanation = found.groups()
    return task, hint, explanation
