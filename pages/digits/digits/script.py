"""The script of the page about the digits; it is the same whatever the page shows."""

from __future__ import annotations

from pathlib import Path

from pages.ui.script_text import section

LESSON = Path(__file__).with_name("lesson.md")


def script() -> str:
    """Return the script that loads the digits, counts them and brings them into shape."""
    return section(LESSON)
