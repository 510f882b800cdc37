"""How quickly a drawing is answered: from lifting the pen to the changed prediction, and to all maps repainted."""

from __future__ import annotations

import contextlib
from typing import NamedTuple

from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout

ROUNDS = 3
FIRST = ((150, 40), (130, 240))
"""A vertical stroke on the empty canvas of 280 x 280, which is not counted: the answer's place is made then."""
STROKES = tuple(((60, row), (230, row)) for row in (60, 110, 160, 210, 85, 135, 185))
PATIENCE_MILLISECONDS = 3_000
QUIET_MILLISECONDS = 500

WATCH = """([result, picture]) => {
  const shown = () => document.querySelector(result)?.innerText;
  const watch = (window.drawing = { lifted: null });
  const since = () => performance.now() - watch.lifted;
  document.addEventListener("mouseup", (event) => {
    if (!event.target.closest?.(".st-key-canvas")) return;
    Object.assign(watch, { lifted: performance.now(), before: shown(), sent: null, answered: null, painted: null });
  }, { capture: true });
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (message) {
    if (watch.lifted !== null) watch.sent ??= since();
    return send.call(this, message);
  };
  const put = CanvasRenderingContext2D.prototype.putImageData;
  CanvasRenderingContext2D.prototype.putImageData = function (...image) {
    put.apply(this, image);
    if (watch.lifted !== null && this.canvas.closest(picture))
      requestAnimationFrame(() => setTimeout(() => (watch.painted = since())));
  };
  new MutationObserver(() => {
    const now = shown();
    if (watch.lifted !== null && now !== undefined && now !== watch.before) watch.answered ??= since();
  }).observe(document.body, { childList: true, characterData: true, subtree: true });
}"""


class Answer(NamedTuple):
    """Milliseconds from lifting the pen; None for what did not happen."""

    sent: float | None
    """Until the canvas had told the server: it waits 0.2 s for another stroke."""
    answered: float | None
    """Until the prediction changed; to the last digit the same, it cannot be timed."""
    painted: float | None
    """Until the last of all maps was on the screen."""


def draw_strokes(page: Page, picture: str = ".st-key-layers") -> list[Answer]:
    """What followed on each of many strokes on an open page with a canvas and a prediction."""
    result = ".st-key-prediction [data-testid=stMetricValue]"
    page.locator(".st-key-canvas canvas").last.wait_for(timeout=90_000)
    found = []
    for number in range(ROUNDS):
        if number:
            page.locator(".st-key-canvas_clear button").click()
            page.locator(result).wait_for(state="detached")
            page.wait_for_timeout(1_000)
        _draw(page, FIRST)
        page.locator(result).wait_for(timeout=30_000)
        page.wait_for_timeout(1_000)
        if not number:
            page.evaluate(WATCH, [result, picture])
        for stroke in STROKES:
            _draw(page, stroke)
            with contextlib.suppress(PlaywrightTimeout):
                page.wait_for_function("window.drawing.answered !== null", timeout=PATIENCE_MILLISECONDS)
            page.wait_for_timeout(QUIET_MILLISECONDS)  # until the last map is repainted
            found.append(Answer(*page.evaluate("['sent', 'answered', 'painted'].map((name) => window.drawing[name])")))
    return found


def _draw(page: Page, points: tuple[tuple[int, int], ...]) -> None:
    canvas = page.locator(".st-key-canvas canvas").last
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    scale = box["width"] / 280
    places = [(box["x"] + x * scale, box["y"] + y * scale) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=8)
    page.mouse.up()
