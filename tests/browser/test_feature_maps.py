"""A student looks inside a network: follows a link, draws a digit, opens a run."""

import re
import time

import numpy as np
import pytest
from playwright.sync_api import expect

from nncore.networks.inspection import activations
from nncore.registry import networks

pytestmark = pytest.mark.browser
READY = 90_000
PIXELS = "c => [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data]"
CHANGED = "old => !document.querySelector('.st-key-prediction').innerText.includes(old)"


def test_a_link_opens_the_same_pixel(server, page):
    page.goto(f"{server}/feature_maps?model=model4&index=7&layer=2&map=3&row=4&col=5")
    for key, value in {"index": "7", "map": "3", "row": "4", "col": "5"}.items():
        expect(page.locator(f".st-key-{key} input")).to_have_value(value, timeout=READY)
    expect(page.get_by_text("The two agree.")).to_be_visible()
    expect(page.locator(".st-key-computed")).to_contain_text(re.compile(r"\d"))
    before = page.locator(".st-key-computed").inner_text()
    page.reload()
    expect(page.locator(".st-key-computed")).to_have_text(re.compile(re.escape(before.split()[-1])), timeout=READY)


def test_all_maps_are_painted_as_keras_computes_them_and_a_click_chooses_one(server, page, mnist):
    page.goto(f"{server}/feature_maps?model=model4&index=3")
    sheet = page.locator(".st-key-layers canvas").nth(2)
    sheet.wait_for(timeout=READY)
    page.wait_for_timeout(1_000)
    values = networks.examine(activations, "model4", mnist.x_test[3])[2].values
    painted = np.reshape(sheet.evaluate(PIXELS), (21, 219, 4))
    for number, corner in ((0, (0, 0)), (27, (11, 77))):
        area = painted[corner[0] : corner[0] + 10, corner[1] : corner[1] + 10]
        np.testing.assert_allclose(area[..., 0], 255 * values[..., number] / values.max(), atol=1.5)
        assert (area[..., 3] == 255).all()
    assert not painted[10].any()
    box = sheet.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 82 / 219, box["y"] + box["height"] * 16 / 21)
    expect(page.locator(".st-key-map input")).to_have_value("27")
    expect(page).to_have_url(re.compile("layer=2"))


@pytest.mark.alone
def test_a_drawing_is_read_and_all_maps_follow_within_half_a_second(server, page, draw):
    page.goto(f"{server}/feature_maps?model=model4&source=draw")
    draw(page, [(150, 40), (130, 240)])
    prediction = page.locator(".st-key-prediction [data-testid='stMetricValue']")
    expect(prediction).to_contain_text("1 · ", timeout=READY)
    expect(page.locator(".st-key-layers canvas").first).to_be_visible()
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
