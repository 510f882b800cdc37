"""A student looks inside a network: clicks a pixel, follows a link, draws a digit."""

import re
import time

import numpy as np
import pytest
from playwright.sync_api import expect

from nncore.inspection import explain_pixel
from nncore.reference import load_reference

pytestmark = pytest.mark.browser
READY = 90_000
CHANGED = "old => !document.querySelector('.st-key-prediction').innerText.includes(old)"


def test_a_clicked_pixel_shows_its_arithmetic_equal_to_keras(server, page, mnist):
    page.goto(f"{server}/feature_maps?model=model3&index=1&map=5")
    large = page.locator(".st-key-large_map .js-plotly-plot")
    expect(large).to_be_visible(timeout=READY)
    page.wait_for_timeout(1_000)
    large.scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    area = large.locator(".heatmaplayer image").bounding_box()
    page.mouse.click(area["x"] + area["width"] * 8.5 / 24, area["y"] + area["height"] * 6.5 / 24)
    expect(page.locator(".st-key-row input")).to_have_value("6")
    expect(page.locator(".st-key-col input")).to_have_value("8")
    expect(page).to_have_url(re.compile(r"row=6"))
    expect(page.get_by_text("The two agree.")).to_be_visible()
    picture = np.asarray(mnist.x_test[1], np.float32)
    pixel = explain_pixel(load_reference("model3"), picture, 0, 6, 8, 5)
    for key in ("computed", "stored"):
        expect(page.locator(f".st-key-{key}")).to_contain_text(f"{pixel.stored:.5g}")
    expect(page.locator(".st-key-kernel .js-plotly-plot")).to_contain_text(f"{abs(pixel.kernel[0, 0, 0]):.2f}")


def test_a_link_opens_the_same_pixel(server, page):
    page.goto(f"{server}/feature_maps?model=model4&index=7&layer=2&map=3&row=4&col=5")
    for key, value in {"index": "7", "map": "3", "row": "4", "col": "5"}.items():
        expect(page.locator(f".st-key-{key} input")).to_have_value(value, timeout=READY)
    expect(page.get_by_text("The two agree.")).to_be_visible()
    before = page.locator(".st-key-computed").inner_text()
    page.reload()
    expect(page.locator(".st-key-computed")).to_have_text(re.compile(re.escape(before.split()[-1])), timeout=READY)


def test_a_drawing_is_read_and_all_maps_follow_within_half_a_second(server, page, draw):
    page.goto(f"{server}/feature_maps?model=model4&source=draw")
    draw(page, [(150, 40), (130, 240)])
    prediction = page.locator(".st-key-prediction [data-testid='stMetricValue']")
    expect(prediction).to_contain_text("1 · ", timeout=READY)
    expect(page.locator(".st-key-layers .js-plotly-plot")).to_be_visible()
    took: list[float] = []
    for row in (60, 110, 160, 210, 85, 135, 185):
        before = prediction.inner_text()
        lifted = draw(page, [(60, row), (230, row)])
        page.wait_for_function(CHANGED, arg=before)
        took.append(time.monotonic() - lifted)
    assert sorted(took)[2] < 0.5  # the third of seven, since neighbours of this machine are noisy


def test_a_drawing_survives_another_page(server, page, draw):
    page.goto(f"{server}/feature_maps?model=model4&source=draw")
    draw(page, [(150, 40), (130, 240)])
    prediction = page.locator(".st-key-prediction")
    expect(prediction).to_contain_text("1 · ", timeout=READY)
    page.get_by_role("link", name="A neuron").first.click()
    expect(page.locator(".st-key-output")).to_be_visible()
    page.get_by_role("link", name="Inside the network").first.click()
    expect(prediction).to_contain_text("1 · ", timeout=READY)


def test_a_finished_run_is_looked_into(server, page):
    page.goto(f"{server}/cnn?epochs=1&train_size=2000&filters=3")
    page.locator(".st-key-train button").click(timeout=READY)
    expect(page.locator(".st-key-run_status")).to_contain_text("Finished", timeout=READY)
    run = re.search(r"run=([\w-]+)", page.url).group(1)
    page.goto(f"{server}/feature_maps?run={run}")
    expect(page.locator(".st-key-model input")).to_have_value(re.compile(f"Run {run[:6]}"), timeout=READY)
    expect(page.get_by_text("The two agree.")).to_be_visible()


@pytest.mark.parametrize(
    ("link", "sentence"),
    [
        ("?model=nobody", "Expected model1 to model4 or the id of a finished run, received “nobody”."),
        ("?index=abc", "expected a whole number from 0 to 9999, received “abc”"),
        ("?source=draw", "Draw a digit, large"),
    ],
)
def test_bad_input_is_a_sentence_and_the_page_works_on(server, page, link, sentence):
    page.goto(f"{server}/feature_maps{link}")
    expect(page.get_by_text(sentence)).to_be_visible(timeout=READY)
    expect(page.locator('[data-testid="stException"]')).to_have_count(0)
    expect(page.get_by_text("In the lecture")).to_be_visible()
