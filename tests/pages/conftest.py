"""Pages through `app.py` in Streamlit's own test harness, with real workers behind them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from nncore.storage.run_store import default_store

APP = Path(__file__).parents[2] / "app.py"


@pytest.fixture
def own_runs(tmp_path, monkeypatch):
    """For a test that looks at all runs: this process's pages see a database in which there are no others.

    Neither workers nor `default_jobs` know it, so nothing is trained or asked about there.
    """
    default_store.cache_clear()
    monkeypatch.setenv("NNCORE_DATABASE_URL", f"sqlite:///{tmp_path / 'runs.db'}")
    yield
    default_store().close()
    default_store.cache_clear()


@pytest.fixture
def open_page(engine) -> Callable[..., AppTest]:
    """`open_page("pages/digits/mlp/page.py", units="40")`: the page as a link with these parameters opens it."""

    def open_at(page: str | None = None, **query: str) -> AppTest:
        app = AppTest.from_file(APP, default_timeout=60)
        for name, value in query.items():
            app.query_params[name] = value
        return (app.switch_page(page) if page else app).run()

    return open_at


@pytest.fixture
def keras_has_the_digits(monkeypatch, mnist) -> None:
    """A script's `keras.datasets.mnist.load_data()` gives the digits of this machine, without a download."""
    digits = (mnist.x_train, mnist.y_train), (mnist.x_test, mnist.y_test)
    monkeypatch.setattr("keras.datasets.mnist.load_data", lambda: digits)
