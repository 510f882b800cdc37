"""A student moves controls and follows links on the lessons without training."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_the_keyboard_moves_a_slider_too(server, page):
    page.goto(f"{server}/gradient_descent?eta=0.49")
    verdict = page.locator(".st-key-verdict")
    expect(verdict).to_be_visible(timeout=30_000)
    before = verdict.inner_text()
    page.locator(".st-key-eta input[type=range]").press("ArrowRight")
    expect(page).to_have_url(re.compile(r"eta=0\.5"))
    expect(verdict).not_to_have_text(before)


def test_a_link_to_divergence_shows_divergence(server, page):
    page.goto(f"{server}/gradient_descent?eta=1.1&w0=3&steps=20")
    expect(page.locator(".st-key-verdict")).to_contain_text(re.compile("diverge", re.IGNORECASE), timeout=30_000)
    w = page.locator(".st-key-w_final [data-testid='stMetricValue']").inner_text()
    assert float(w.replace("−", "-").replace(",", "")) == pytest.approx(3 * (1 - 2.2) ** 20, rel=1e-3)
    expect(page.locator(".st-key-path svg")).to_be_visible()
    expect(page.locator(".st-key-trace svg")).to_be_visible()


@pytest.mark.parametrize(("link", "key", "default"), [("eta=abc", "eta", "0.1"), ("eta=77", "eta", "0.1")])
def test_a_value_that_is_no_step_size_falls_back_to_the_default(server, page, link, key, default):
    page.goto(f"{server}/gradient_descent?{link}")
    expect(page.locator(f".st-key-{key} input[type=range]")).to_have_value(default, timeout=30_000)
    expect(page.locator('[data-testid="stException"]')).to_have_count(0)


def test_every_page_fits_a_phone(server, browser):
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    for name in (
        "",
        "neuron",
        "network",
        "cost",
        "gradient_descent",
        "backpropagation",
        "digits",
        "mlp",
        "cnn",
        "feature_maps",
        "runs",
        "gpu",
    ):
        page.goto(f"{server}/{name}")
        expect(page.get_by_text("In the lecture")).to_be_visible(timeout=90_000)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 2"), (
            f"/{name} scrolls sideways"
        )
    context.close()


def test_a_lecturers_link_leaves_picture_equation_and_controls(server, page):
    page.goto(f"{server}/gradient_descent?present=1&eta=0.3")
    for key in ("equation", "path", "trace", "eta", "verdict"):
        expect(page.locator(f".st-key-{key}")).to_be_visible(timeout=30_000)
    for gone in ('[data-testid="stSidebar"]', ".st-key-room_try", ".st-key-room_code", ".st-key-room_lecture"):
        expect(page.locator(gone)).to_be_hidden()
    page.locator(".st-key-eta input[type=range]").press("ArrowRight")
    expect(page).to_have_url(re.compile(r"present=1.*eta=0\.31|eta=0\.31.*present=1"))
    expect(page.locator('[data-testid="stSidebar"]')).to_be_hidden()


def test_a_link_hides_controls_by_their_key_and_nothing_else(server, page):
    page.goto(f"{server}/gradient_descent?hide=w0,steps,no_such_key,}}body{{display:none")
    expect(page.locator(".st-key-eta")).to_be_visible(timeout=30_000)
    for key in ("w0", "steps"):
        expect(page.locator(f".st-key-{key}")).to_be_hidden()
    expect(page.locator(".st-key-path")).to_be_visible()
