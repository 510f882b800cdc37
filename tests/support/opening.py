"""Opening a page as a link does, in Streamlit's own test harness."""

from pathlib import Path

from streamlit.util import calc_hash

FOLDED = ("race_section", "steps_section", "softmax_section", "code")
"""The sections that are computed only while they are open."""


def opened_at(app, *, folded=(), **query):
    """The page as a link with these parameters opens it, all sections but the `folded` open; it has raised nothing."""
    app.default_timeout = 60  # of seconds, instead of 3: other tests run beside this one
    for section in set(FOLDED) - set(folded):
        app.session_state[section] = True
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception, app.exception
    return app


def at_page(app, page):
    """The app before its first run, which then opens this page's file; the first page for None.

    AppTest's own `switch_page` goes by the file's name until then, and every lesson's page is a `page.py`.
    """
    if page is not None:
        app._page_hash = calc_hash(Path(page).parent.name)  # as `st.Page` makes it from the address
    return app
