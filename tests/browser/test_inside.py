"""A student looks further inside a network: switches maps off, hides a part, follows digits."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import into_view, rest

pytestmark = pytest.mark.browser
READY = 90_000


def opened(page, server, link):
    page.goto(f"{server}/feature_maps?{link}")
    expect(page.locator(".st-key-prediction")).to_be_visible(timeout=READY)


def value(page, key):
    return page.locator(f".st-key-{key} [data-testid='stMetricValue']")


def test_a_map_is_switched_off_a_part_is_hidden_and_an_exciting_digit_is_taken_up(server, page):
    opened(page, server, "index=80&off=4")
    expect(value(page, "after_off")).to_contain_text("7 · ", timeout=READY)
    bars = page.locator(".st-key-each_off .js-plotly-plot")
    into_view(bars)
    rest(page)
    area = bars.locator(".barlayer .point").nth(14).bounding_box()
    page.mouse.click(area["x"] + area["width"] / 2, area["y"] + area["height"] / 2)
    expect(value(page, "after_off")).to_contain_text("9 · ", timeout=READY)
    expect(page).to_have_url(re.compile(r"off=4(,|%2C)14"))
    expect(page.locator(".st-key-challenge_flip")).to_contain_text("Solved", timeout=READY)

    opened(page, server, "room=occlusion&index=80")
    expect(page.locator(".st-key-occlusion .js-plotly-plot").first).to_be_visible(timeout=READY)
    before = value(page, "occlusion_worst").inner_text()
    page.locator(".st-key-occlusion_size input[type=range]").press("ArrowRight")
    expect(page).to_have_url(re.compile("occlusion_size=9"), timeout=READY)
    expect(value(page, "occlusion_worst")).not_to_have_text(before, timeout=READY)

    opened(page, server, "room=exemplars&map=5")
    third = page.locator(".st-key-exemplar_2 button")
    expect(third).to_be_visible(timeout=READY)
    number = third.inner_text().split("no. ")[1]
    third.click()
    expect(page.locator(".st-key-index input")).to_have_value(number, timeout=READY)
    expect(page).to_have_url(re.compile(f"index={number}"))


def test_tsne_moves_while_the_page_answers_and_a_clicked_point_is_looked_at(server, page):
    opened(page, server, "method=tsne&layer=3")
    progress = page.locator(".st-key-further_space [data-testid='stProgress']")
    expect(progress).to_contain_text(re.compile(r"Iteration \d+ of 500"), timeout=READY)
    page.locator(".st-key-index input").fill("3")
    page.locator(".st-key-index input").press("Enter")
    expect(page.locator(".st-key-prediction")).to_contain_text("0 · ", timeout=5_000)
    expect(progress).to_contain_text("Iteration 500 of 500", timeout=READY)
    expect(page.locator(".st-key-space")).to_have_count(1, timeout=READY)  # twice for a moment
    rest(page)
    page.locator(".st-key-space").first.hover()  # scrolls there, and tries again where the page draws it anew
    rest(page)
    point = page.locator(".st-key-space .scatterlayer .trace").nth(6).locator(".point").nth(20)
    area = point.bounding_box()
    page.mouse.click(area["x"] + area["width"] / 2, area["y"] + area["height"] / 2)
    expect(page.locator(".st-key-further_space")).to_contain_text(re.compile(r"Number \d+, a \d"), timeout=READY)
    expect(page.locator(".st-key-index input")).not_to_have_value("3", timeout=READY)
