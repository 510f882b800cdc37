"""Start and stop of the server, and the message that a visitor reads if a page fails."""

from __future__ import annotations

import gc
import logging
import os
import sys
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from nncore.cluster.engine import FIRST_PAGE_SECONDS, default_engine

FREEZE_SECONDS = 15
"""Time between two checks for new imports."""


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[dict[str, Any]]:
    """Start the workers with the server, not with its first visitor, and stop them with it.

    A folder named `pages` makes Streamlit serve its first visitor as an app without `st.navigation`: a link to a
    lesson would open under a dialog "Page not found". The switch is not public; nothing public sets it.
    """
    PagesManager.uses_pages_directory = False
    default_engine().start(after=FIRST_PAGE_SECONDS)
    if os.environ.get("NNCORE_CONTINUE") == "1":
        threading.Thread(target=_continue_interrupted, name="continue-runs", daemon=True).start()
    threading.Thread(target=_freeze_imported_objects, name="freeze-imports", daemon=True).start()
    yield {}
    if "nncore.runs.service" in sys.modules:  # else no page has asked for a run
        from nncore.runs.service import default_runs  # waits where a thread has only begun to import it

        default_runs().close()
    default_engine().close()


def _freeze_imported_objects() -> None:
    """Exclude imported objects from garbage collection, since they stay for good.

    If they are included, a full collection holds up all visitors for 0.2 seconds, several times a minute in a class.
    """
    known = 0
    while True:
        time.sleep(FREEZE_SECONDS)
        if len(sys.modules) > known:
            known = len(sys.modules)
            gc.collect()
            gc.freeze()


def _continue_interrupted() -> None:
    """Continue the runs that the last server left unfinished."""
    from nncore.runs.service import default_runs  # here: half a second of imports that a first page need not wait for
    from nncore.storage.run_store import StoreError

    try:
        continued = default_runs().continue_interrupted()
    except StoreError as error:
        logging.getLogger(__name__).warning("%s", error)
    else:
        if continued:
            logging.getLogger(__name__).warning("%d interrupted runs were queued again", len(continued))


def on_page_error(error: Exception) -> bool:
    """Show the visitor one sentence, and log the traceback; returns True, since the error was handled."""
    logging.getLogger(__name__).error("a page failed", exc_info=error)
    st.error(
        "Something on this page went wrong, and it is not your doing. Your settings are safe in the link: reload the "
        "page, or put the last control back.",
        icon=":material/error:",
    )
    return True
