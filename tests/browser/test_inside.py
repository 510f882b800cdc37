"""A student looks further inside a network: switches maps off, hides a part, follows digits, draws on a phone."""

import re
import time

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
READY = 90_000
CHANGED = "old => !document.querySelector('.st-key-prediction').innerText.includes(old)"


def opened(page, server, link):
    page.goto(f"{server}/feature_maps?{link}")
    expect(page.locator(".st-key-prediction")).to_be_visible(timeout=READY)


def value(page, key):
    return page.locator(f".st-key-{key} [data-testid='stMetricValue']")


def test_a_bar_clicked_switches_its_map_off_and_the_challenge_is_solved(server, page):
    opened(page, server, "index=80&off=4")
    expect(value(page, "after_off")).to_contain_text("7 · ", timeout=READY)
    bars = page.locator(".st-key-each_off .js-plotly-plot")
    bars.scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    area = bars.locator(".barlayer .point").nth(14).bounding_box()
    page.mouse.click(area["x"] + area["width"] / 2, area["y"] + area["height"] / 2)
    expect(value(page, "after_off")).to_contain_text("9 · ", timeout=READY)
    expect(page).to_have_url(re.compile(r"off=4(,|%2C)14"))
    expect(page.locator(".st-key-challenge_flip")).to_contain_text("Solved", timeout=READY)


def test_a_square_hides_the_digit_and_its_size_is_in_the_link(server, page):
    opened(page, server, "room=occlusion&index=80")
    expect(page.locator(".st-key-occlusion .js-plotly-plot").first).to_be_visible(timeout=READY)
    before = value(page, "occlusion_worst").inner_text()
    page.locator(".st-key-occlusion_size input[type=range]").press("ArrowRight")
    expect(page).to_have_url(re.compile("occlusion_size=9"), timeout=READY)
    expect(value(page, "occlusion_worst")).not_to_have_text(before, timeout=READY)


def test_an_exciting_digit_clicked_becomes_the_pages_digit(server, page):
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
    page.locator(".st-key-space").hover()  # scrolls there, and tries again where the page draws it anew
    page.wait_for_timeout(500)
    point = page.locator(".st-key-space .scatterlayer .trace").nth(6).locator(".point").nth(20)
    area = point.bounding_box()
    page.mouse.click(area["x"] + area["width"] / 2, area["y"] + area["height"] / 2)
    expect(page.locator(".st-key-further_space")).to_contain_text(re.compile(r"Number \d+, a \d"), timeout=READY)
    expect(page.locator(".st-key-index input")).not_to_have_value("3", timeout=READY)


@pytest.mark.alone
def test_a_network_beside_follows_the_drawing(server, page, draw):
    opened_link = f"{server}/feature_maps?model=model4&source=draw&beside=model3"
    page.goto(opened_link)
    draw(page, [(150, 40), (130, 240)])
    prediction = page.locator(".st-key-prediction [data-testid='stMetricValue']")
    expect(prediction).to_contain_text("1 · ", timeout=READY)
    expect(value(page, "beside_other")).to_be_visible(timeout=READY)
    took = []
    for row in (60, 110, 160, 210, 85):
        before = prediction.inner_text()
        lifted = draw(page, [(60, row), (230, row)])
        page.wait_for_function(CHANGED, arg=before)
        took.append(time.monotonic() - lifted)
    assert sorted(took)[1] < 0.5  # also with a room open


def test_a_finger_draws_on_a_phone(server, browser):
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(f"{server}/feature_maps?model=model4&source=draw")
    canvas = page.locator(".st-key-canvas canvas").last
    canvas.wait_for(timeout=READY)
    canvas.scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    box = canvas.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    touch = page.context.new_cdp_session(page)
    scale = box["width"] / 280
    points = [(145, 40 + 10 * step) for step in range(21)]
    places = [{"x": box["x"] + x * scale, "y": box["y"] + y * scale} for x, y in points]
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": places[:1]})
    for place in places[1:]:
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [place]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(page.locator(".st-key-prediction")).to_contain_text("1 · ", timeout=READY)
    expect(page.locator(".st-key-layers canvas").first).to_be_visible(timeout=READY)
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 2")
    context.close()
