"""Opening a page as a link does, in Streamlit's own test harness."""


def opened_at(app, **query):
    """The page as a link with these parameters opens it; it has raised nothing."""
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app
