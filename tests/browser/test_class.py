"""A run in the hands of people: paused, continued, replaced, looked at by others, found again after a crash."""

import re

import psutil
import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser
READY = 120_000
"""Milliseconds that a cold and busy machine may take to load Keras in the workers."""
LONG = "preset=model2&epochs=400&train_size=20000"
"""Half a minute of training on a quiet machine, with several epochs a second."""


def press(page: Page, key: str) -> None:
    page.locator(f".st-key-{key} button").click()


def train(page: Page, link: str) -> None:
    page.goto(link)
    expect(page.locator(".st-key-train button")).to_be_enabled(timeout=READY)
    press(page, "train")


def status(page: Page):
    return page.locator(".st-key-run_status")


def epochs_done(page: Page) -> int:
    return int(re.search(r"epoch (\d+) of", status(page).inner_text()).group(1))


def run_of(page: Page) -> str:
    return re.search(r"run=([\w-]{12})", page.url).group(1)


def test_a_run_is_paused_stepped_with_another_rate_continued_and_cancelled_while_others_look_on(
    server, page, browser: Browser
):
    train(page, f"{server}/mlp?{LONG}&nickname=*Ada*")
    expect(status(page)).to_contain_text(re.compile(r"Training · epoch [1-9]"), timeout=READY)
    context = browser.new_context()
    other = context.new_page()
    other.goto(f"{server}/mlp?run={run_of(page)}&owner=a_guess")
    expect(status(other)).to_contain_text("A run of *Ada*: you can look at it", timeout=READY)
    for key in ("pause", "continue", "one_more", "cancel"):
        expect(other.locator(f".st-key-{key} button")).to_be_disabled(timeout=READY)
    context.close()

    press(page, "pause")
    expect(status(page)).to_contain_text("Paused", timeout=READY)
    expect(page.locator(".st-key-continue button")).to_be_enabled(timeout=READY)
    before = epochs_done(page)
    page.locator(".st-key-learning_rate input").fill("0.01")
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-one_more button")).to_contain_text("at 0.01", timeout=READY)
    press(page, "one_more")
    expect(status(page)).to_contain_text(f"Paused · epoch {before + 1} of 400", timeout=READY)
    expect(page.locator(".st-key-history").get_by_text("η = 0.01").first).to_be_visible()

    # Nothing is clicked on the first page: so it is with an interrupted run whose server comes back, too.
    second = page.context.new_page()
    second.goto(page.url)
    expect(second.locator(".st-key-continue button")).to_be_enabled(timeout=READY)
    press(second, "continue")
    expect(status(page)).to_contain_text("left", timeout=READY)
    expect(status(page)).to_contain_text(re.compile(rf"epoch (?!{before + 1} )\d+ of 400"), timeout=READY)
    press(page, "cancel")
    expect(status(page)).to_contain_text("Cancelled", timeout=READY)
    assert epochs_done(page) > before + 1
    expect(page.locator(".st-key-continue button")).to_be_disabled()
    expect(page.locator(".st-key-train button")).to_be_enabled()


def test_a_second_training_is_offered_to_replace_the_first(server, page):
    train(page, f"{server}/mlp?{LONG}")
    expect(status(page)).to_contain_text(re.compile("Waiting|Training"), timeout=READY)
    first = run_of(page)
    page.get_by_role("link", name="A convolutional network").first.click()
    expect(page).to_have_url(re.compile("/cnn.*owner="), timeout=READY)
    page.goto(f"{page.url}&epochs=1&train_size=1000")
    expect(page.locator(".st-key-train button")).to_be_enabled(timeout=READY)
    press(page, "train")
    expect(page.locator(".st-key-busy")).to_contain_text("You have a run that is not over yet", timeout=READY)
    press(page, "replace")
    expect(status(page)).to_contain_text("Finished", timeout=READY)
    expect(page.locator(".st-key-busy")).to_have_count(0)
    page.goto(f"{server}/mlp?run={first}")
    expect(status(page)).to_contain_text("Cancelled", timeout=READY)


@pytest.mark.alone
def test_a_killed_server_costs_a_run_nothing_but_time(serve_app, page):
    with serve_app() as (url, process):
        train(page, f"{url}/mlp?{LONG}")
        expect(status(page)).to_contain_text(re.compile(r"Training · epoch [1-9]"), timeout=READY)
        expect(status(page)).to_contain_text("left", timeout=READY)
        link, before = page.url, epochs_done(page)
        children = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        psutil.wait_procs(children, timeout=30)
    with serve_app() as (url, _):
        page.goto(url + re.search(r"/mlp\?.*", link).group(0))
        expect(status(page)).to_contain_text("Interrupted", timeout=READY)
        expect(page.locator(".st-key-continue button")).to_be_enabled(timeout=READY)
        press(page, "continue")
        expect(status(page)).to_contain_text("Training", timeout=READY)
        assert epochs_done(page) >= before - 3  # what was not written to the database in its last second comes later
        expect(status(page)).to_contain_text("left", timeout=READY)
        assert epochs_done(page) >= before
