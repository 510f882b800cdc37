"""A student trains in a real browser: start, leave, come back, reload, look inside, draw."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import draw

pytestmark = pytest.mark.browser
READY = 90_000
"""Milliseconds that a cold machine may take to load Keras in the workers."""


def start_training(page: Page, link: str) -> None:
    page.goto(link)
    expect(page.locator(".st-key-train button")).to_be_enabled(timeout=READY)
    page.locator(".st-key-train button").click()


def test_a_run_is_trained_left_found_again_survives_a_reload_and_is_looked_into(server, page):
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

    start_training(page, f"{server}/cnn?epochs=1&train_size=2000&filters=3")
    expect(status).to_contain_text("Finished", timeout=READY)
    run = re.search(r"run=([\w-]+)", page.url).group(1)
    page.goto(f"{server}/feature_maps?run={run}")
    expect(page.locator(".st-key-model input")).to_have_value(re.compile(f"Run {run[:6]}"), timeout=READY)
    expect(page.get_by_text("The two agree.")).to_be_visible()


def test_model_4_reads_a_drawn_one_and_a_drawn_zero(server, page):
    page.goto(f"{server}/cnn?preset=model4")
    prediction = page.locator(".st-key-prediction")
    draw(page, [(150, 40), (130, 240)])
    expect(prediction).to_contain_text(re.compile(r"1 · \d+\.\d %"), timeout=READY)
    page.locator(".st-key-canvas_clear button").click()
    expect(prediction).to_have_count(0)
    draw(page, [(140, 50), (90, 80), (75, 140), (90, 200), (140, 230), (190, 200), (205, 140), (190, 80), (140, 50)])
    expect(prediction).to_contain_text(re.compile(r"0 · \d+\.\d %"), timeout=READY)
    expect(page.locator(".st-key-prepared .js-plotly-plot").first).to_be_visible()


def test_what_a_link_gets_wrong_is_said_in_words_and_each_page_keeps_its_own_settings(server, page):
    page.goto(f"{server}/cnn?kernel_size=28&second_block=true")
    expect(page.get_by_text("expected a pool no larger than its 1x1 input, received 2x2")).to_be_visible(timeout=READY)
    expect(page.locator(".st-key-train button")).to_be_disabled()
    expect(page.locator(".st-key-canvas canvas").first).to_be_visible()

    page.goto(f"{server}/mlp?run=nobody")
    expect(page.get_by_text("No run is known here under the id “nobody”")).to_be_visible(timeout=READY)
    expect(page.locator(".st-key-train button")).to_be_enabled()

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
