"""What a page shows, read off in Streamlit's own test harness, and what its script prints."""

import contextlib
import io


def metrics(page):
    """Its results, by their labels."""
    return {metric.label: metric.value for metric in page.metric}


def formulas(page):
    """Its equations, from the first to the last."""
    return [formula.value.strip("$\n") for formula in page.latex]


def warnings(page):
    """What it warns of, in one string."""
    return " ".join(warning.value for warning in page.warning)


def said(page):
    """All its words, in one string."""
    kinds = (page.caption, page.warning, page.info, page.success, page.error, page.markdown)
    return "\n".join(part.value for kind in kinds for part in kind)


def printed(script):
    """The lines that a script prints when it is run on its own."""
    lines = io.StringIO()
    with contextlib.redirect_stdout(lines):
        exec(script, {})
    return lines.getvalue().splitlines()


def moved(page, **values):
    """The page after its controls were set to these values, by their keys; it has raised nothing."""
    for key, value in values.items():
        page.session_state[key] = value
    page.run()
    assert not page.exception
    return page
