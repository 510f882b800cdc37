"""A cold start: from the command to the first page in a browser and to warm workers; memory of all processes."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

import psutil
from playwright.sync_api import Browser, sync_playwright

from tests.benchmarks.readme import Row
from tests.browser.conftest import FLAGS, chromium_path, serve

STARTS = 5


def measure_start(browser: Browser) -> tuple[float, float, float, float]:
    """Seconds to the first page and to warm workers; megabytes of the server and of its workers then."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        with serve(Path(folder)) as (url, process):
            page = browser.new_page(viewport={"width": 1366, "height": 768})
            page.goto(url)
            page.locator(".st-key-card_feature_maps").wait_for()
            first_page = time.perf_counter() - started
            page.locator(".st-key-device").wait_for(timeout=120_000)
            warm = time.perf_counter() - started
            page.close()
            server = psutil.Process(process.pid)
            workers = sum(child.memory_info().rss for child in server.children(recursive=True))
            return first_page, warm, server.memory_info().rss / 1e6, workers / 1e6


def measure_all() -> list[Row]:
    """Medians of five starts."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        found = [measure_start(browser) for _ in range(STARTS)]
        browser.close()
    first_page, warm, server, workers = (statistics.median(of_one) for of_one in zip(*found, strict=True))
    return [
        Row("from the command to the first page", f"{first_page:.1f} s", "3 s"),
        Row("from the command to workers that train and answer", f"{warm:.1f} s"),
        Row("memory of the server process", f"{server:.0f} MB"),
        Row("memory of its worker processes together", f"{workers:.0f} MB"),
    ]
