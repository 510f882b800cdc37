"""The section "Try this": challenges that check themselves against the state of the page."""

from __future__ import annotations

import re
from collections.abc import Mapping

import streamlit as st

from pages.ui import lesson


def try_this(sections: Mapping[str, str], solved: Mapping[str, bool]) -> None:
    """Show each challenge with a hint, or with its explanation once it was solved in this session.

    `sections["challenge NAME"]` holds the prose of challenge NAME, with the parts `### hint` and `### solved`. All
    challenges are one element: with four elements each, they were a quarter of what a page sends at every move.
    """
    page, remembered = st.session_state.get("page"), remember(solved)
    tasks = [task(name, sections[f"challenge {name}"], solved=(page, name) in remembered) for name in solved]
    lesson.written("room_try", "\n\n".join(["### Try this", *tasks]))


def remember(solved: Mapping[str, bool]) -> set[tuple[str, str]]:
    """Add what is solved now on this page to the session; return (page, name) of all challenges solved in it."""
    page = st.session_state.get("page")
    remembered: set[tuple[str, str]] = st.session_state.setdefault("solved challenges", set())
    remembered |= {(page, name) for name, now in solved.items() if now}
    return remembered


def task(name: str, prose: str, *, solved: bool) -> str:
    """The challenge as Markdown in a box that carries its key: with a folded hint, or solved with its explanation."""
    text, hint, explanation = parts(prose)
    if solved:
        icon, state, more = ":green[:material/check_circle:]", " solved", f"**Solved.** {explanation}"
    else:
        icon, state = ":material/radio_button_unchecked:", ""
        more = f"<details><summary>A hint</summary>\n\n{hint}\n\n</details>"
    return f'<div class="st-key-challenge_{name} challenge{state}">\n\n{icon} {text}\n\n{more}\n\n</div>'


def parts(prose: str) -> tuple[str, str, str]:
    """Split prose into task, hint and explanation; ValueError if one of them is missing."""
    found = re.fullmatch(r"(.+?)\n+### hint\n+(.+?)\n+### solved\n+(.+)", prose, re.DOTALL)
    if found is None:
        raise ValueError(f"expected a task, ### hint and ### solved, received {prose[:60]!r}")
    task, hint, explanation = found.groups()
    return task, hint, explanation
