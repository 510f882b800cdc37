"""The browser's Back and Forward: what the session remembers of a page gives way to the link that they lead to.

Streamlit does so for the widgets that it binds to the link itself; this is for those that are bound by hand.
"""

from __future__ import annotations

from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.ui import widgets
from pages.ui.interactive_figure import control


def follow(page: str) -> None:
    """If the browser's history asked for this run, have each control of the page read the link, or its default."""
    run = get_script_run_ctx()
    if run is not None and run.is_history_navigation:
        control.forget(page)
        widgets.forget(page)
