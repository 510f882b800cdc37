"""The first page: the map of the lecture, and what this machine offers."""

import streamlit as st

from nncore.cluster.engine import EngineError, default_engine
from pages.ui import lesson, polling
from pages.ui.contents import LESSONS


def show_map() -> None:
    """Show one card for each lesson, in the order of the lecture."""
    for row in (LESSONS[start : start + 4] for start in range(0, len(LESSONS), 4)):
        for column, each in zip(st.columns(4), row, strict=False):
            with column, st.container(border=True, key=f"card_{each.address}", height="stretch"):
                st.caption(each.chapter)
                st.page_link(each.page, label=f"**{each.title}**")
                st.markdown(lesson.prose(each.page)["card"])


def show_machine() -> None:
    """Show which device computes and where the digits come from."""
    engine = default_engine()
    try:
        found = engine.warmed_up()
    except EngineError as error:
        lesson.problem(str(error))
        return
    if found is None:
        polling.poll_until(
            lambda: engine.warmed_up() is not None,
            lambda: f"{engine.progress} Lessons without training work already.",
            say=st.info,
        )
        return
    left, right = st.columns(2)
    with left, st.container(key="device"):
        st.markdown(f"**Computes on** {found.device}.")
    with right, st.container(key="data_source"):
        st.markdown(
            f"**Digits**: {found.train_digits:,} to train and {found.test_digits:,} to test, from {found.source}. "
            f"{found.licence}."
        )
    for note in found.notes:
        st.caption(f"Tried before: {note}")


sections = lesson.header(__file__)
show_map()
st.subheader("This machine", anchor=False)
show_machine()
lesson.lecture(sections)
