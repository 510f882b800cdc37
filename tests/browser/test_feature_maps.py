"""A student looks inside a network: follows a link, chooses a map, draws a digit."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from nncore.networks.inspection import activations
from nncore.registry import networks
from tests.browser.conftest import draw, rest

pytestmark = pytest.mark.browser
READY = 90_000
PIXELS = "c => [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data]"


def test_a_link_opens_the_same_pixel_and_all_maps_are_painted_as_keras_computes_them(server, page, mnist):
    page.goto(f"{server}/feature_maps?model=model4&index=7&layer=2&map=3&row=4&col=5")
    computed = page.locator(".st-key-computed")
    for key, value in {"index": "7", "map": "3", "row": "4", "col": "5"}.items():
        expect(page.locator(f".st-key-{key} input")).to_have_value(value, timeout=READY)
    expect(page.get_by_text("The two agree.")).to_be_visible()
    expect(computed).to_contain_text(re.compile(r"\d"))
    before = computed.inner_text()
    page.reload()
    expect(computed).to_have_text(re.compile(re.escape(before.split()[-1])), timeout=READY)

    sheet = page.locator(".st-key-layers canvas").nth(2)
    sheet.wait_for(timeout=READY)
    rest(page)
    values = networks.apply_to_network(activations, "model4", mnist.x_test[7])[2].values
    painted = np.reshape(sheet.evaluate(PIXELS), (21, 219, 4))
    for number, corner in ((0, (0, 0)), (27, (11, 77))):
        area = painted[corner[0] : corner[0] + 10, corner[1] : corner[1] + 10]
        np.testing.assert_allclose(area[..., 0], 255 * values[..., number] / values.max(), atol=1.5)
        assert (area[..., 3] == 255).all()
    assert not painted[10].any()
    sheet.click(position={"x": 0, "y": 0}, trial=True)
    box = sheet.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 82 / 219, box["y"] + box["height"] * 16 / 21)
    expect(page.locator(".st-key-map input")).to_have_value("27")
    expect(page).to_have_url(re.compile("layer=2"))


def test_a_drawing_is_read_survives_another_page_and_maps_and_the_network_beside_follow_each_stroke(server, page):
    page.goto(f"{server}/feature_maps?model=model4&source=draw")
    expect(page.get_by_text("Draw a digit, large")).to_be_visible(timeout=READY)
    draw(page, [(150, 40), (130, 240)])
    prediction = page.locator(".st-key-prediction [data-testid='stMetricValue']")
    expect(prediction).to_contain_text("1 · ", timeout=READY)
    expect(page.locator(".st-key-layers canvas").first).to_be_visible()
    page.get_by_role("link", name="A neuron").first.click()
    expect(page.locator(".st-key-output")).to_be_visible()
    page.get_by_role("link", name="Inside the network").first.click()
    expect(prediction).to_contain_text("1 · ", timeout=READY)

    page.goto(f"{server}/feature_maps?model=model4&source=draw&beside=model3")
    draw(page, [(150, 40), (130, 240)])
    expect(prediction).to_contain_text("1 · ", timeout=READY)
    shown = prediction, page.locator(".st-key-beside_other [data-testid='stMetricValue']")
    sheet = page.locator(".st-key-layers canvas").nth(2)
    expect(shown[1]).to_contain_text("1 · ", timeout=READY)
    rest(page)
    before, painted = [number.inner_text() for number in shown], sheet.evaluate(PIXELS)
    draw(page, [(60, 60), (230, 60)])
    for number, old in zip(shown, before, strict=True):
        expect(number).not_to_have_text(old)
    rest(page)
    assert sheet.evaluate(PIXELS) != painted


def test_bad_input_is_a_sentence_and_the_page_works_on(server, page):
    for link, sentence in (
        ("model=nobody", "Expected model1 to model4 or the id of a finished run, received “nobody”."),
        ("index=abc", "expected a whole number from 0 to 9999, received “abc”"),
    ):
        page.goto(f"{server}/feature_maps?{link}")
        expect(page.get_by_text(sentence)).to_be_visible(timeout=READY)
        expect(page.locator('[data-testid="stException"]')).to_have_count(0)
        expect(page.get_by_text("In the lecture")).to_be_visible()
