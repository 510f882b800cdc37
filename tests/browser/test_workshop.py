"""Two runs compared and a search of four short trials, in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
READY = 120_000
SMALL = "preset=model2&epochs=1&train_size=1000"


def train(page: Page, link: str) -> str:
    """Train what the link sets; the run's id."""
    page.goto(link)
    expect(page.locator(".st-key-train button")).to_be_enabled(timeout=READY)
    page.locator(".st-key-train button").click()
    expect(page.locator(".st-key-run_status")).to_contain_text("Finished", timeout=READY)
    found = re.search(r"run=([\w-]{12})", page.url)
    assert found is not None
    return found.group(1)


def test_two_runs_are_compared_by_link_and_survive_a_reload(server, page):
    link = f"{server}/mlp?{SMALL}&owner=workshop&nickname=Ada"
    one, other = train(page, link), train(page, f"{link}&units=60")
    page.goto(f"{server}/runs?runs={one},{other}&owner=workshop")
    differences = page.locator(".st-key-differences")
    for _ in range(2):
        expect(differences).to_contain_text("dense_1 units", timeout=READY)
        expect(differences.locator("tbody tr")).to_have_count(2)
        expect(page.locator(".st-key-curves .js-plotly-plot").first).to_be_visible()
        expect(page.locator(".st-key-challenge_one_setting")).to_contain_text("Solved")
        page.reload()
    page.get_by_role("link", name=re.compile("Open Ada")).first.click()
    expect(page.locator(".st-key-run_status")).to_contain_text("Finished", timeout=READY)
    page.goto(f"{server}/runs?board=1")
    expect(page.locator(".st-key-ranking")).to_contain_text("Ada", timeout=READY)
    expect(page.locator('[data-testid="stSidebar"]')).to_be_hidden()


def test_a_search_of_four_short_trials_shows_what_mattered(server, page):
    budget = "search_runs=4&search_epochs=1&search_pictures=500&search_seed=2"
    page.goto(f"{server}/runs?room=search&{budget}&search_settings=units,learning_rate&owner=seeker")
    expect(page.locator(".st-key-search button")).to_be_enabled(timeout=READY)
    page.locator(".st-key-search button").click()
    expect(page.locator(".st-key-search_status")).to_contain_text("4 of 4 runs done", timeout=READY)
    expect(page.locator(".st-key-importance .js-plotly-plot").first).to_be_visible(timeout=READY)
    expect(page.locator(".st-key-slices .js-plotly-plot").first).to_be_visible()
    page.locator(".st-key-compare_best button").click()
    expect(page.locator(".st-key-differences")).to_contain_text("learning_rate", timeout=READY)
    expect(page).to_have_url(re.compile(r"runs=[\w-]{12}(,|%2C)"))
