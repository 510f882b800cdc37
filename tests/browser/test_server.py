"""What holds for the server as a whole: open to links, without Keras in its process, gone with all its processes."""

import json

import psutil
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PAGES

pytestmark = [pytest.mark.browser, pytest.mark.alone]
READY = 90_000

SPY = """
import json, os, sys

class Spy:
    def find_spec(self, name, path=None, target=None):
        if name in ("keras", "tensorflow", "matplotlib.pyplot"):
            with open(os.environ["SPY_FILE"], "a") as file:
                file.write(json.dumps([os.getpid(), name]) + "\\n")
        return None

sys.meta_path.insert(0, Spy())
"""


def test_a_server_answers_links_says_what_it_computes_with_never_loads_keras_and_ends_whole(serve_app, tmp_path, page):
    (tmp_path / "sitecustomize.py").write_text(SPY)
    spied, damaged = tmp_path / "imports.txt", tmp_path / "mnist.npz"
    damaged.write_bytes(b"PK\x03\x04 not an archive" * 100)
    environment = {"PYTHONPATH": str(tmp_path), "SPY_FILE": str(spied), "NNCORE_DATA": str(damaged)}
    with serve_app(**environment) as (url, process):
        page.goto(f"{url}/gradient_descent?eta=1.1&w0=3")  # the first thing that it is ever asked for
        expect(page.locator(".st-key-verdict")).to_be_visible(timeout=READY)
        expect(page.locator('[role="dialog"]')).to_have_count(0)

        page.goto(url)
        expect(page.locator(".st-key-card_feature_maps")).to_be_visible()
        expect(page.locator(".st-key-device")).to_contain_text("Computes on", timeout=READY)
        expect(page.get_by_text("Tried before: NNCORE_DATA")).to_be_visible(timeout=READY)
        expect(page.locator(".st-key-data_source")).to_contain_text("to train and")

        for name in PAGES:
            page.goto(f"{url}/{name}")
            expect(page.locator("h1")).to_be_visible(timeout=READY)
            expect(page.locator('[data-testid="stException"]')).to_have_count(0)
        found = [json.loads(line) for line in spied.read_text().splitlines()]
        assert "keras" in {name for _, name in found}, "the spy sees the workers import Keras"
        assert [name for number, name in found if number == process.pid] == []

        family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
        listening = [c.laddr.ip for one in family for c in one.net_connections() if c.status == psutil.CONN_LISTEN]
        assert len(family) >= 3
        assert set(listening) == {"127.0.0.1"}
    gone, alive = psutil.wait_procs(family, timeout=10)
    assert len(gone) == len(family), f"still alive: {alive}"
    assert damaged.exists(), "nobody's file is thrown away"
