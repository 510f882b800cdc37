"""Pages through `app.py` in Streamlit's own test harness, with real workers behind them."""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from nncore.cluster.engine import EngineError
from nncore.storage.run_store import default_store
from tests.support.opening import at_page, opened_at

APP = Path(__file__).parents[2] / "app.py"


@pytest.fixture(scope="session", autouse=True)
def _packages_are_searched_for_components_once():
    """Each `AppTest` reads the metadata of all installed packages anew, which takes longer than most of our pages."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


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
def open_lesson() -> Callable[..., AppTest]:
    """`open_lesson("pages/learning/cost/page.py", w="2")`: a page that asks no worker, as this link opens it."""

    def open_at(page: str | None = None, *, folded: Sequence[str] = (), **query: str) -> AppTest:
        return opened_at(at_page(AppTest.from_file(APP, default_timeout=60), page), folded=folded, **query)

    return open_at


@pytest.fixture
def open_page(engine, open_lesson) -> Callable[..., AppTest]:
    """`open_page("pages/digits/mlp/page.py", units="40")`: any page, with warm workers behind it."""
    return open_lesson


@pytest.fixture
def without_workers(engine, monkeypatch) -> None:
    """Whatever a page asks the workers is answered by an error from now on."""

    def fail(*arguments, **options):
        raise EngineError("The worker stopped while it computed and is being restarted: try again.")

    monkeypatch.setattr(type(engine), "ask", fail)


@pytest.fixture
def keras_has_the_digits(monkeypatch, mnist) -> None:
    """A script's `keras.datasets.mnist.load_data()` gives the digits of this machine, without a download."""
    digits = (mnist.x_train, mnist.y_train), (mnist.x_test, mnist.y_test)
    monkeypatch.setattr("keras.datasets.mnist.load_data", lambda: digits)
