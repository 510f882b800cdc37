"""Opening a page as a link does, in Streamlit's own test harness."""

FOLDED = ("race_section", "steps_section", "softmax_section", "code")
"""The sections that are computed only while they are open."""


def opened_at(app, **query):
    """The page as a link with these parameters opens it, and its folded sections open; it has raised nothing."""
    for section in FOLDED:
        app.session_state[section] = True
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception, app.exception
    return app
