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
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    Request,
    ViewportSize,
    WebSocket,
    expect,
    sync_playwright,
)
from playwright.sync_api import Error as PlaywrightError

from pages.ui.contents import LESSONS

ROOT = Path(__file__).parents[2]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
PAGES = ("", *(lesson.address for lesson in LESSONS))
"""The addresses of all lessons."""
PROJECTOR: ViewportSize = {"width": 1366, "height": 768}
PHONE_WIDTH = 390
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


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """The browser of one file's visitor, at a projector's size: what a page has loaded is in its cache for the next."""
    made = browser.new_context(viewport=PROJECTOR)
    yield made
    made.close()


@pytest.fixture(scope="module")
def phone_context(browser: Browser) -> Iterator[BrowserContext]:
    """The same on a phone, driven with a finger."""
    made = browser.new_context(viewport={"width": PHONE_WIDTH, "height": 844}, has_touch=True, is_mobile=True)
    yield made
    made.close()


@pytest.fixture(scope="module")
def _tab(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture(scope="module")
def _phone_tab(phone_context: BrowserContext) -> Page:
    return phone_context.new_page()


@pytest.fixture
def page(_tab: Page) -> Iterator[Page]:
    """The visitor's tab, in which nothing is open or kept; it fails the test if a request leaves this machine."""
    yield from _emptied_afterwards(_tab)


@pytest.fixture
def phone(_phone_tab: Page) -> Iterator[Page]:
    """The tab of a phone, as `page`."""
    yield from _emptied_afterwards(_phone_tab)


def _emptied_afterwards(tab: Page) -> Iterator[Page]:
    outside: list[str] = []

    def note(request: Request) -> None:
        if not _stays(request.url):
            outside.append(request.url)

    tab.context.on("request", note)
    yield tab
    tab.context.remove_listener("request", note)
    for other in tab.context.pages:
        if other is not tab:
            other.close()
    if tab.url.startswith("http"):
        tab.evaluate("localStorage.clear(); sessionStorage.clear()")
    tab.goto("about:blank")
    tab.mouse.move(0, 0)
    tab.context.clear_cookies()
    assert not outside, f"requests left the machine: {outside}"


def _stays(url: str) -> bool:
    return not url.startswith(("http", "ws")) or url.split("://")[1].startswith("127.0.0.1")


@pytest.fixture
def sent(page: Page) -> Iterator[list[bytes]]:
    """What the page has told its server over the websocket, message by message."""
    frames: list[bytes] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: frames.append(frame))  # type: ignore[arg-type]

    page.on("websocket", listen)
    yield frames
    page.remove_listener("websocket", listen)


AT_REST = """() => {
  if (!window.lastChange) {
    window.lastChange = performance.now();
    new MutationObserver(() => (window.lastChange = performance.now()))
      .observe(document, { attributes: true, characterData: true, childList: true, subtree: true });
  }
  const app = document.querySelector("[data-testid=stApp]");
  return app?.dataset.testScriptState === "notRunning" && performance.now() - window.lastChange > 300;
}"""


def rest(page: Page) -> None:
    """Wait until the server has nothing more to say and the page has stood still for a moment."""
    page.wait_for_function(AT_REST, timeout=60_000)


def into_view(locator: Locator) -> None:
    """Scroll there, and again where the page draws it anew in the same moment."""
    for last in (False,) * 20 + (True,):
        try:
            locator.first.scroll_into_view_if_needed()
            return
        except PlaywrightError:
            if last:
                raise
            locator.page.wait_for_timeout(250)


def wait_until(page: Page, there: Callable[[], object], seconds: float = 20.0) -> None:
    """Wait for what is seen in this process: messages, most often."""
    deadline = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < deadline, "what was waited for did not come"
        page.wait_for_timeout(50)


def fits(page: Page) -> bool:
    """Whether a phone need not be scrolled sideways."""
    width: int = page.evaluate("document.documentElement.scrollWidth")
    return width <= PHONE_WIDTH + 2


def touch(page: Page, points: Sequence[tuple[float, float]]) -> None:
    """A finger put down at the first point, drawn through the others, and lifted."""
    finger = page.context.new_cdp_session(page)
    for number, (x, y) in enumerate(points):
        kind = "touchMove" if number else "touchStart"
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
        page.wait_for_timeout(15)  # as a hand takes: several moves in one frame are one
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def on_canvas(page: Page, points: Sequence[tuple[int, int]]) -> list[tuple[float, float]]:
    """Where on the screen these points of the 280x280 canvas are, which is scrolled into view."""
    canvas = page.locator(".st-key-canvas canvas").last
    canvas.wait_for(timeout=90_000)
    canvas.scroll_into_view_if_needed()
    rest(page)  # what comes above it moves it
    box = canvas.bounding_box()
    assert box is not None
    scale = box["width"] / 280
    return [(box["x"] + x * scale, box["y"] + y * scale) for x, y in points]


def draw(page: Page, points: Sequence[tuple[int, int]]) -> None:
    """Draw a stroke through these points of the 280x280 canvas with the mouse."""
    first, *others = on_canvas(page, points)
    page.mouse.move(*first)
    page.mouse.down()
    for place in others:
        page.mouse.move(*place, steps=8)
    page.mouse.up()
