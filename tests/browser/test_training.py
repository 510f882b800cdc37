"""A student trains in a real browser: start, leave, come back, reload, cancel, draw."""

import re
import statistics
import time

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
READY = 90_000
"""Milliseconds that a cold machine may take to load Keras in the workers."""
CHANGED = "old => !document.querySelector('.st-key-prediction').innerText.includes(old)"


def start_training(page: Page, link: str) -> None:
    page.goto(link)
    expect(page.locator(".st-key-train button")).to_be_enabled(timeout=READY)
    page.locator(".st-key-train button").click()


def test_model_1_is_trained_left_found_again_and_survives_a_reload(server, page):
    start_training(page, f"{server}/mlp?epochs=3&seed=5")
    status = page.locator(".st-key-run_status")
    expect(status).to_contain_text("Training", timeout=READY)
    page.get_by_role("link", name="A neuron").first.click()
    expect(page.locator(".st-key-output")).to_be_visible()
    page.get_by_role("link", name="A dense network").first.click()
    expect(status).to_contain_text("Finished · epoch 3 of 3 done", timeout=READY)
    accuracy = page.locator(".st-key-test_accuracy")
    expect(accuracy).to_contain_text(re.compile(r"\d\d\.\d\d %"))
    expect(page).to_have_url(re.compile(r"run=[\w-]{12}"))
    before = accuracy.inner_text()
    page.reload()
    expect(status).to_contain_text("Finished · epoch 3 of 3 done", timeout=READY)
    assert accuracy.inner_text() == before
    expect(page.locator(".st-key-wrong")).to_contain_text(re.compile(r"of 10,000 test digits|of 1,000 test digits"))
    expect(page.locator(".st-key-param_count")).to_contain_text("23,860")
    expect(page.locator(".st-key-history .js-plotly-plot").first).to_be_visible()


STOPWATCH = """
    document.addEventListener("click", () => {
        const clicked = performance.now();
        const look = () => document.querySelector(".st-key-run_status")?.innerText.includes("Cancelled")
            ? window.took = (performance.now() - clicked) / 1000 : requestAnimationFrame(look);
        look();
    }, {capture: true, once: true});
"""
"""Seconds from the click until the page says so, by the browser's clock: Playwright first waits for a still page."""


@pytest.mark.alone
def test_cancel_stops_a_training_within_half_a_second(server, page):
    status, cancel = page.locator(".st-key-run_status"), page.locator(".st-key-cancel button")
    took = []
    while not took or (took[-1] > 0.5 and len(took) < 3):  # a neighbour of this machine may cost one try, not three
        start_training(page, f"{server}/cnn?train_size=20000")
        expect(status).to_contain_text(re.compile(r"Training · epoch [1-9]"), timeout=READY)
        expect(cancel).to_be_enabled()
        page.evaluate(STOPWATCH)
        cancel.click()
        took.append(page.wait_for_function("window.took").json_value())
        expect(page.locator(".st-key-train button")).to_be_enabled()
    assert took[-1] < 0.5, took


def test_model_4_reads_a_drawn_one_and_a_drawn_zero(server, page, draw):
    page.goto(f"{server}/cnn?preset=model4")
    prediction = page.locator(".st-key-prediction")
    draw(page, [(150, 40), (130, 240)])
    expect(prediction).to_contain_text(re.compile(r"1 · \d+\.\d %"), timeout=READY)
    page.reload()
    draw(page, [(140, 50), (90, 80), (75, 140), (90, 200), (140, 230), (190, 200), (205, 140), (190, 80), (140, 50)])
    expect(prediction).to_contain_text(re.compile(r"0 · \d+\.\d %"), timeout=READY)
    expect(page.locator(".st-key-prepared .js-plotly-plot").first).to_be_visible()


@pytest.mark.alone
def test_a_drawing_is_read_within_0_4_seconds_of_lifting_the_pen(server, page, draw):
    page.goto(f"{server}/cnn?preset=model4")
    draw(page, [(150, 40), (130, 240)])
    prediction = page.locator(".st-key-prediction [data-testid='stMetricValue']")
    expect(prediction).to_be_visible(timeout=READY)
    fastest_median = 9.0
    for _ in range(3):  # a neighbour of this machine may cost a round, not three
        took = []
        for row in (60, 100, 140, 180, 220):
            before = prediction.inner_text()
            lifted = draw(page, [(60, row), (230, row)])
            page.wait_for_function(CHANGED, arg=before)
            took.append(time.monotonic() - lifted)
        fastest_median = min(fastest_median, statistics.median(took))
        if fastest_median < 0.4:
            break
        page.locator(".st-key-canvas_clear button").click()
        expect(prediction).to_have_count(0)
        draw(page, [(150, 40), (130, 240)])
        expect(prediction).to_be_visible()
    assert fastest_median < 0.4


def test_settings_that_make_no_network_are_said_in_words(server, page):
    page.goto(f"{server}/cnn?kernel_size=28&second_block=true")
    expect(page.get_by_text("expected a pool no larger than its 1x1 input, received 2x2")).to_be_visible(timeout=READY)
    expect(page.locator(".st-key-train button")).to_be_disabled()
    expect(page.locator(".st-key-canvas canvas").first).to_be_visible()


def test_an_unknown_run_in_the_link_is_said_in_words(server, page):
    page.goto(f"{server}/mlp?run=nobody")
    expect(page.get_by_text("No run is known here under the id “nobody”")).to_be_visible(timeout=READY)
    expect(page.locator(".st-key-train button")).to_be_enabled()


def test_each_page_keeps_its_own_settings(server, page):
    page.goto(f"{server}/mlp?preset=model2&units=64&optimizer=rmsprop")
    chosen = [page.locator(f".st-key-{key} input") for key in ("preset", "optimizer", "units")]
    dense = ["Model 2: dense, improved", "RMSprop", "64"]
    for box, value in zip(chosen, dense, strict=True):
        expect(box).to_have_value(value, timeout=READY)
    page.get_by_role("link", name="A convolutional network").first.click()
    for box, value in zip(chosen[:2], ["Model 3: one convolution", "SGD"], strict=True):
        expect(box).to_have_value(value)
    expect(page).to_have_url(re.compile(r"/cnn$"))
    page.get_by_role("link", name="A dense network").first.click()
    for box, value in zip(chosen, dense, strict=True):
        expect(box).to_have_value(value)
    expect(page).to_have_url(re.compile(r"preset=model2&units=64&optimizer=rmsprop"))
