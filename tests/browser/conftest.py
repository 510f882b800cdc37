"""A real server in its own process and a real browser; in CI a missing browser is a failure, not a skip."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
expect.set_options(timeout=20_000)  # what is waited for comes when a busy machine gets to it; timings are measured


def free_port(address: str = "127.0.0.1") -> int:
    """A port of this address that nobody uses."""
    with socket.socket() as free:
        free.bind((address, 0))
        port: int = free.getsockname()[1]
        return port


@contextlib.contextmanager
def serve(
    folder: Path, *, address: str = "127.0.0.1", port: int = 0, **environment: str
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The app on a free port with a database, and workers, of its own; its address and its process.

    With the environment of the fixture `cluster` it has those of the whole run instead.
    """
    port = port or free_port(address)
    url = f"http://{address}:{port}"
    database = {"NNCORE_DATABASE_URL": f"sqlite:///{folder / 'runs.db'}"}
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    command += ["--server.address", address, "--server.headless", "true"]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT, env={**os.environ, **database, **environment}
        )
    try:
        _wait_until_healthy(url, process)
        yield url, process
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(15)
        process.kill()


def _wait_until_healthy(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server ended at its start"
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{url}/_stcore/health", timeout=1).read()
            return
        time.sleep(0.05)
    raise AssertionError("the server was not healthy after 60 s")


@pytest.fixture
def serve_app(tmp_path: Path) -> Callable[..., contextlib.AbstractContextManager[tuple[str, subprocess.Popen[bytes]]]]:
    """A server with its own workers: `with serve_app(NAME="value") as (url, process)`."""
    return lambda **environment: serve(tmp_path, **environment)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, cluster: dict[str, str]) -> Iterator[str]:
    """The address of a server on this run's one cluster."""
    with serve(tmp_path_factory.mktemp("server"), **cluster) as (url, _):
        yield url


def chromium_path() -> str | None:
    """The browser of this machine, or None."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = chromium_path()
    if chromium is None:
        message = "no Chromium: install it (apt-get install chromium) or name it in CHROMIUM"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page at a projector's size that fails the test if a request leaves this machine."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    opened = context.new_page()
    outside: list[str] = []
    opened.on("request", lambda r: None if _stays(r.url) else outside.append(r.url))
    yield opened
    context.close()
    assert not outside, f"requests left the machine: {outside}"


def _stays(url: str) -> bool:
    return not url.startswith(("http", "ws")) or url.split("://")[1].startswith("127.0.0.1")


@pytest.fixture
def draw() -> Callable[[Page, list[tuple[int, int]]], float]:
    """Draw a stroke through points of the 280x280 canvas with the mouse; the time when the pen was lifted."""

    def stroke(page: Page, points: list[tuple[int, int]]) -> float:
        canvas = page.locator(".st-key-canvas canvas").last
        canvas.wait_for(timeout=90_000)
        canvas.scroll_into_view_if_needed()
        page.wait_for_timeout(300)
        box = canvas.bounding_box()
        assert box is not None
        left, top, scale = box["x"], box["y"], box["width"] / 280
        page.mouse.move(left + points[0][0] * scale, top + points[0][1] * scale)
        page.mouse.down()
        for x, y in points[1:]:
            page.mouse.move(left + x * scale, top + y * scale, steps=8)
        page.mouse.up()
        return time.monotonic()

    return stroke
