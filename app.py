"""The entry script: page configuration and navigation by chapter. `streamlit run app.py` serves it.

Streamlit imports this file once as `app`, for the server, and runs it as `__main__` for every visitor. A spawned worker
imports it under a third name, and then it does nothing.
"""

from itertools import groupby

import streamlit as st

from pages.serving import lifecycle
from pages.ui import url_state
from pages.ui.contents import HOME, LESSONS, ROOT

if __name__ == "app":
    app = st.App(__file__, lifespan=lifecycle.lifespan, on_script_error=lifecycle.on_page_error)

if __name__ == "__main__":
    st.set_page_config("Neurons to Networks", ROOT / "pages/ui/icon.svg", layout="wide")
    if "contents" not in st.session_state:  # once a session: they take a tenth of a run
        chapters = groupby(LESSONS, lambda lesson: lesson.chapter)
        st.session_state["contents"] = {"": [st.Page(ROOT / HOME, title="The lecture", default=True)]} | {
            chapter: [st.Page(ROOT / each.page, title=each.title, url_path=each.address) for each in lessons]
            for chapter, lessons in chapters
        }
    with url_state.one_entry():
        st.navigation(st.session_state["contents"], expanded=True).run()
