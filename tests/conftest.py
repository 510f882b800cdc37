"""What all tests share: quiet frameworks, a database that is not the user's, one cluster, and the digits."""

import contextlib
import os
import shutil
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import hypothesis
import pytest

QUIET = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_NUM_INTRAOP_THREADS": "1",  # two processes of tests share two cores: each operation of theirs takes one
    "OMP_NUM_THREADS": "1",
    "NNCORE_NICENESS": "0",  # a test that waits for a training waits for nothing else
}
for name, value in QUIET.items():
    os.environ.setdefault(name, value)  # before Keras is imported anywhere
hypothesis.settings.register_profile("house", deadline=None)  # a deadline would measure the machine, not the code
hypothesis.settings.load_profile("house")

FOLDER, OWNER = "NNCORE_TESTS_FOLDER", "NNCORE_TESTS_OWNER"
"""What the processes of one run of the tests are told: what they share lies there, and ends with this process."""


def pytest_configure(config):
    """The process that was called makes the folder; those of pytest-xdist get it with their environment."""
    if not hasattr(config, "workerinput"):
        folder = tempfile.mkdtemp(prefix="nncore-tests-")
        os.environ |= {FOLDER: folder, OWNER: str(os.getpid()), "NNCORE_DATABASE_URL": f"sqlite:///{folder}/runs.db"}
        for name in ("NNCORE_SCHEDULER", "NNCORE_TLS_CA", "NNCORE_TLS_CERT", "NNCORE_TLS_KEY"):
            os.environ.pop(name, None)  # no test trains on the user's


def pytest_unconfigure(config):
    """The process that was called comes last: it ends what was shared."""
    if not hasattr(config, "workerinput"):
        folder = Path(os.environ[FOLDER])
        if (folder / "cluster.json").exists():
            from tests.support.cluster import end_cluster

            end_cluster(folder)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Tests with worker processes are marked so, by what they ask for: `-m "not workers"` leaves them out."""
    for item in items:
        if {"cluster", "own_engine", "serve_app"} & set(item.fixturenames):
            item.add_marker("workers")


LONGEST_SECONDS, LONGEST_WALK_SECONDS = 30, 180
"""That a test may take in CI, without its fixtures; the second is for walks in a browser, which take most of their time
from Chromium and from trainings, and for tests that start servers of their own."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """In CI, a test that takes too long fails: it belongs into the benchmark or the soak, or is to become quicker."""
    report = yield
    walks = item.get_closest_marker("browser") or item.get_closest_marker("alone")
    longest = LONGEST_WALK_SECONDS if walks else LONGEST_SECONDS
    unbounded = "CI" not in os.environ or item.get_closest_marker("soak")
    if call.when == "call" and report.passed and call.duration > longest and not unbounded:
        report.outcome = "failed"
        report.longrepr = f"expected a test of at most {longest} s, received one of {call.duration:.0f} s"
    return report


@pytest.fixture(scope="session")
def cluster():
    """The environment of a process that is to use this run's one cluster and its database."""
    from tests.support.cluster import cluster_of

    return cluster_of(Path(os.environ[FOLDER]), int(os.environ[OWNER]))


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
def engine(cluster):
    """The engine of this process on this run's one cluster, with its workers warm."""
    from nncore.cluster.engine import default_engine

    with pytest.MonkeyPatch.context() as patch:
        for name, value in cluster.items():
            patch.setenv(name, value)
        default_engine().start()
        started = _warmed_up(default_engine())
    yield started
    started.close()


@pytest.fixture(scope="module")
def own_engine():
    """An engine that brings its own workers, warm, for tests about their start and loss; about ten seconds."""
    from nncore.cluster.engine import Engine

    started = Engine()
    started.start()
    yield _warmed_up(started)
    started.close()


def _warmed_up(engine):
    """The engine once its workers are ready; a busy machine may need more than one try to reach them."""
    from nncore.cluster.engine import EngineError

    deadline = time.monotonic() + 240
    while True:
        try:
            if engine.warmed_up() is not None:
                return engine
        except EngineError:
            if time.monotonic() > deadline:
                raise
        assert time.monotonic() < deadline, f"the workers did not warm up: {engine.progress}"
        time.sleep(0.1)


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
    from nncore.runs.service import RunService

    started = RunService(engine, store)
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
