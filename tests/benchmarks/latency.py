"""How quickly a page answers, as the browser sees it: from a key press to the changed result or the repainted picture.

Times are taken inside the page, so that the driver's own delays are not in them.
"""

from __future__ import annotations

import contextlib
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, sync_playwright

from tests.benchmarks import drawing
from tests.benchmarks.readme import Row
from tests.browser.conftest import FLAGS, chromium_path, serve

SETTLE_SECONDS = 25
"""Until the workers have loaded Keras, which takes the processors that a page needs."""

REST_MILLISECONDS = 500

MAIN_CONTROLS = (
    ("/neuron", "b", "z", "surface_map"),
    ("/network", "hidden_layers", "param_count", ""),
    ("/cost", "w", "quadratic", "costs"),
    ("/gradient_descent", "eta", "w_final", "path"),
    ("/backpropagation?phase=7", "x1", "output", ""),
    ("/mlp", "hidden_layers", "param_count", ""),
)
"""Page, control, the result that it changes, and the picture that is repainted while it is dragged, if there is one."""

WATCH_RESULT = """([control, result]) => {
  const shown = () => document.querySelector(result)?.textContent; // innerText would lay the page out
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

DRAWN_ON = (
    "/mlp?preset=model2",
    "/cnn?preset=model4",
    "/feature_maps?model=model3&source=draw",
    "/feature_maps?model=model4&source=draw&beside=model3",
)
"""Pages with a canvas; on the last, two networks read what is drawn."""

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


WATCH_CANCEL = """() => {
  window.took = null;
  document.addEventListener("click", () => {
    const clicked = performance.now();
    const look = () => document.querySelector(".st-key-run_status")?.innerText.includes("Cancelled")
      ? (window.took = performance.now() - clicked) : requestAnimationFrame(look);
    look();
  }, { capture: true, once: true });
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

    The first three presses do not count. The control is moved to and fro, so that it stays where it is. Between two
    presses the page comes to rest: the rest of it is still being painted when the result is there.
    """
    slider, shown = f".st-key-{control} input[type=range]", f".st-key-{result} [data-testid=stMetricValue]"
    page.locator(shown).wait_for(timeout=timeout * 1000)
    page.locator(slider).wait_for(timeout=timeout * 1000)
    page.evaluate(WATCH_RESULT, [slider, shown])
    for k in range(presses + 3):
        page.locator(slider).press("ArrowRight" if k % 2 == 0 else "ArrowLeft")
        page.wait_for_function(f"window.latency.times.length > {k}", timeout=timeout * 1000)
        page.wait_for_timeout(REST_MILLISECONDS)
    return Latency(f"key on {control} to {result}", page.evaluate("window.latency.times")[3:])


def drag_to_repaint(page: Page, control: str, picture: str, *, moves: int = 30) -> Latency:
    """From a move of the drag-quick `control` to its `picture` (the key of a panel) painted on the screen."""
    slider, drawn = f".st-key-{control} input[type=range]", f".st-key-{picture} svg"
    page.locator(drawn).wait_for()
    return Latency(f"{control} dragged to {picture} painted", page.evaluate(REPAINT, [slider, drawn, moves + 3])[3:])


@contextlib.contextmanager
def opened(path: str) -> Iterator[Page]:
    """The page at `path` of a server of its own, in a browser of its own at a projector's size."""
    with tempfile.TemporaryDirectory() as folder, serve(Path(folder)) as (url, _), sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        page = chromium.new_page(viewport={"width": 1366, "height": 768})
        page.goto(f"{url}{path}")
        page.wait_for_timeout(SETTLE_SECONDS * 1000)
        yield page
        chromium.close()


def cancel_to_word(page: Page, times: int = 10) -> Latency:
    """From the click on Cancel of the page of a training to the page saying that it is cancelled."""
    status, took = page.locator(".st-key-run_status"), []
    for _ in range(times):
        page.locator(".st-key-train button").click()
        status.filter(has_text=re.compile(r"Training · epoch [1-9]")).wait_for(timeout=120_000)
        page.evaluate(WATCH_CANCEL)
        page.locator(".st-key-cancel button").click()
        took.append(page.wait_for_function("window.took").json_value())
        page.wait_for_timeout(REST_MILLISECONDS)
    return Latency("Cancel clicked to the page saying so", took)


def measure_all() -> list[Row]:
    """Every page's main control, on a server that has finished its start."""
    rows = []
    for path, control, result, picture in MAIN_CONTROLS:
        with opened(path) as page:
            rows.append(row(path, key_to_result(page, control, result), 100))
            if picture:
                rows.append(row(path, drag_to_repaint(page, control, picture), 50))
    with opened("/cnn?train_size=20000") as page:
        rows.append(row("/cnn?train_size=20000", cancel_to_word(page), 500))
    return rows + measure_drawing()


def measure_drawing() -> list[Row]:
    """From the lifted pen to the prediction and to all maps, and how much of it is not the canvas' own waiting."""
    rows = []
    for path in DRAWN_ON:
        with opened(path) as page:
            answers = drawing.draw_strokes(page)
        told = [a.answered - a.sent for a in answers if a.answered is not None and a.sent is not None]
        rows.append(row(path, Latency("drawing sent to prediction", told), 50))
        lifted = [a.answered for a in answers if a.answered is not None]
        rows.append(row(path, Latency("pen lifted to prediction", lifted), 250))
        maps = [a.painted for a in answers if a.painted is not None]
        if maps:
            rows.append(row(path, Latency("pen lifted to all maps repainted", maps), 500))
    return rows


def row(path: str, latency: Latency, bound: float) -> Row:
    """One line of the table; the bound is one on p95, in milliseconds."""
    p50, p95 = latency.percentile(50), latency.percentile(95)
    return Row(f"`{path}`: {latency.what}", f"p50 {p50:.0f} ms, p95 {p95:.0f} ms", f"p95 {bound:g} ms")
