"""Around the pages: what happens when the server starts and stops, and what a visitor reads if a page fails."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from nncore.engine import FIRST_PAGE_SECONDS, default_engine


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[dict[str, Any]]:
    """Start the workers with the server, not with its first visitor, and stop them with it.

    A folder named `pages` makes Streamlit serve its first visitor as an app without `st.navigation`: a link to a
    lesson would open under a dialog "Page not found". The switch is not public; nothing public sets it.
    """
    PagesManager.uses_pages_directory = False
    default_engine().start(after=FIRST_PAGE_SECONDS)
    yield {}
    default_engine().close()


def apologize(error: Exception) -> bool:
    """One sentence for the visitor, the traceback for the log."""
    logging.getLogger(__name__).error("a page failed", exc_info=error)
    st.error(
        "Something on this page went wrong, and it is not your doing. Your settings are safe in the link: reload the "
        "page, or put the last control back.",
        icon=":material/error:",
    )
    return True
