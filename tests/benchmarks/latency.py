"""How quickly a page answers, as the browser sees it: from a key press to the changed result or the repainted picture.

    python -m tests.benchmarks.latency                       # /neuron on a server of its own
    python -m tests.benchmarks.latency /gradient_descent eta w_final path

Times are taken inside the page, so that the driver's own delays are not in them.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[2]

WATCH_RESULT = """([control, result]) => {
  const shown = () => document.querySelector(result)?.innerText;
  const watch = (window.latency = { times: [], started: null, before: null });
  document.querySelector(control).addEventListener("keydown", () => {
    watch.started = performance.now();
    watch.before = shown();
  }, { capture: true });
  new MutationObserver(() => {
    const now = shown();
    if (watch.started === null || now === undefined || now === watch.before) return;
    watch.times.push(performance.now() - watch.started);
    watch.started = null;
  }).observe(document.body, { childList: true, characterData: true, subtree: true });
}"""

REPAINT = """async ([control, picture, presses]) => {
  const range = document.querySelector(control);
  const drawn = document.querySelector(picture);
  const times = [];
  const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  for (let k = 0; k < presses; k++) {
    const changed = new Promise((done) => {
      const observer = new MutationObserver(() => { observer.disconnect(); done(); });
      observer.observe(drawn, { childList: true, characterData: true, attributes: true, subtree: true });
    });
    const started = performance.now();
    range.value = Number(range.min) + ((k + 1) / (presses + 2)) * (range.max - range.min);
    range.dispatchEvent(new Event("input", { bubbles: true }));
    await changed;
    await painted();
    times.push(performance.now() - started);
  }
  return times;
}"""


@dataclass(frozen=True)
class Latency:
    """Milliseconds of one thing measured several times."""

    what: str
    times: list[float]

    def percentile(self, percent: float) -> float:
        return float(np.percentile(self.times, percent))

    def __str__(self) -> str:
        p50, p95 = self.percentile(50), self.percentile(95)
        return f"{self.what}: p50 {p50:.0f} ms, p95 {p95:.0f} ms ({len(self.times)} times)"


def key_to_result(page: Page, control: str, result: str, *, presses: int = 30, timeout: float = 30.0) -> Latency:
    """From a press of an arrow key on `control` to the changed text of `result`; both are keys of the open page.

    The first three presses do not count. The control is moved to and fro, so that it stays where it is.
    """
    slider, shown = f".st-key-{control} input[type=range]", f".st-key-{result} [data-testid=stMetricValue]"
    page.locator(shown).wait_for(timeout=timeout * 1000)
    page.locator(slider).wait_for(timeout=timeout * 1000)
    page.evaluate(WATCH_RESULT, [slider, shown])
    for k in range(presses + 3):
        page.locator(slider).press("ArrowRight" if k % 2 == 0 else "ArrowLeft")
        page.wait_for_function(f"window.latency.times.length > {k}", timeout=timeout * 1000)
        page.wait_for_timeout(50)
    return Latency(f"key on {control} to {result}", page.evaluate("window.latency.times")[3:])


def drag_to_repaint(page: Page, control: str, picture: str, *, moves: int = 30) -> Latency:
    """From a move of the drag-quick `control` to its `picture` (the key of a panel) painted on the screen."""
    slider, drawn = f".st-key-{control} input[type=range]", f".st-key-{picture} svg"
    page.locator(drawn).wait_for()
    return Latency(f"{control} dragged to {picture} painted", page.evaluate(REPAINT, [slider, drawn, moves + 3])[3:])


@contextlib.contextmanager
def opened(path: str) -> Iterator[Page]:
    """The page at `path` of a server of its own, in a browser of its own at a projector's size."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
        database = f"sqlite:///{folder}/runs.db"
        server = subprocess.Popen(
            [*command, "--server.address", "127.0.0.1", "--server.headless", "true"],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "NNCORE_DATABASE_URL": database},
        )
        try:
            _wait(f"{url}/_stcore/health")
            browser = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
            chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
            page = chromium.new_page(viewport={"width": 1366, "height": 768})
            page.goto(f"{url}{path}")
            yield page
            chromium.close()
        finally:
            server.terminate()
            server.wait(30)


def _wait(url: str) -> None:
    for _ in range(600):
        with contextlib.suppress(OSError):
            urllib.request.urlopen(url, timeout=1).read()
            return
        time.sleep(0.1)
    raise SystemExit(f"expected a server at {url} within 60 s, there is none")


def main(path: str = "/neuron", control: str = "b", result: str = "z", picture: str = "surface_map") -> None:
    with opened(path) as page:
        print(path, key_to_result(page, control, result), sep=": ")
        print(path, drag_to_repaint(page, control, picture), sep=": ")


if __name__ == "__main__":
    main(*sys.argv[1:])
