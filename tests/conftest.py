"""What all tests share: quiet frameworks, a database that is not the user's, and the digits."""

import contextlib
import os
import sys
import time
from dataclasses import replace

import hypothesis
import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # before Keras is imported anywhere
hypothesis.settings.register_profile("house", deadline=None)  # a deadline would measure the machine, not the code
hypothesis.settings.load_profile("house")


@pytest.fixture(scope="session", autouse=True)
def _own_database(tmp_path_factory):
    """Runs of a test go to a database of their own, in this process and in those that it starts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NNCORE_DATABASE_URL", f"sqlite:///{tmp_path_factory.mktemp('runs') / 'runs.db'}")
        yield


@pytest.fixture(scope="session", autouse=True)
def _plotly_checks_every_figure():
    """What `theme.draw` leaves out for speed is done here, for every figure of every test in this process."""
    import plotly.graph_objects as go

    from nncore.figures import theme

    draw = theme.draw

    def draw_and_check(*arguments, **options):
        figure = draw(*arguments, **options)
        go.Figure(figure.to_dict())  # ValueError for what Plotly does not know
        return figure

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(theme, "draw", draw_and_check)
        yield


@pytest.fixture(scope="session")
def mnist():
    """The digits of this machine, complete or the sample; shared, so read-only."""
    from nncore.data import dataset

    return dataset.mnist()


@pytest.fixture(scope="session")
def few(mnist):
    """The first 2,000 training and 500 test pictures: enough to compare, quickly trained on."""
    x_train, y_train, x_test, y_test = (
        mnist.x_train[:2_000],
        mnist.y_train[:2_000],
        mnist.x_test[:500],
        mnist.y_test[:500],
    )
    return replace(mnist, x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test)


MAIN = sys.modules["__main__"]
"""Of the tests. A worker imports what stands in its place when it is started, or restarted in any later test, and
Streamlit's test harness leaves its script there."""


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup():
    """Every test begins with the tests' own `__main__`, whatever ran before it."""
    sys.modules["__main__"] = MAIN


@pytest.fixture(scope="session")
def engine(_own_database):
    """The engine of this process with its workers warm; about ten seconds, once."""
    from nncore.cluster.engine import default_engine

    started = default_engine()
    started.start()
    deadline = time.monotonic() + 120
    while started.warmed_up() is None:
        assert time.monotonic() < deadline, f"the workers did not warm up: {started.progress}"
        time.sleep(0.1)
    yield started
    started.close()


@pytest.fixture
def path(tmp_path):
    """Where the test's own database lies."""
    return tmp_path / "runs.db"


@pytest.fixture
def store(path):
    """The test's own runs."""
    from nncore.storage.run_store import Store

    opened = Store(f"sqlite:///{path}")
    yield opened
    opened.close()


@pytest.fixture
def jobs(engine, store):
    """A server's runs, on real workers and the test's own store."""
    from nncore.runs.service import Jobs

    started = Jobs(engine, store)
    yield started
    started.close()


@pytest.fixture(scope="session")
def postgresql():
    """The address of a real PostgreSQL; in CI its absence is a failure, elsewhere a skip."""
    from tests.support.postgresql import serve_postgresql

    with contextlib.ExitStack() as stack:
        try:
            address = stack.enter_context(serve_postgresql())
        except LookupError as error:
            _is_missing(str(error))
        yield address


@pytest.fixture(scope="session")
def haproxy():
    """Where HAProxy is; in CI its absence is a failure, elsewhere a skip."""
    from pages.serving.classroom import find_haproxy
    from tests.support.front import MISSING

    return find_haproxy() or _is_missing(MISSING)


def _is_missing(message):
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)
