"""A student moves over one map of a trained network: with the mouse and the keyboard."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from nncore.networks.inspection import explain_pixel
from nncore.reference import load_reference
from tests.browser.conftest import into_view, rest
from tests.browser.maps import centre, marked, number

pytestmark = pytest.mark.browser
READY = 120_000
NETWORK, LAYER, MAP, SIDE = "model4", 2, 7, 10
"""The second convolution: its map sees the twenty pooled maps of the first."""


def opened(page, server, query=""):
    page.goto(f"{server}/feature_maps?model={NETWORK}&layer={LAYER}&map={MAP}&index=1{query}")
    expect(page.locator(".patch-map canvas")).to_be_visible(timeout=READY)
    expect(page.get_by_text("In the lecture")).to_be_visible(timeout=READY)
    rest(page)


@pytest.fixture(scope="module")
def by_keras(mnist):
    """`by_keras(row, column)`: sums a channel, the whole sum, and the value that Keras' own layers give."""
    model = load_reference(NETWORK)
    values = mnist.x_test[1].reshape(1, 28, 28, 1).astype(np.float32)
    for layer in model.layers[:LAYER]:
        values = layer(values)
    kernel, bias = (np.asarray(weights) for weights in model.layers[LAYER].get_weights())
    seen, stored = np.asarray(values)[0], np.asarray(model.layers[LAYER](values))[0]

    def take_apart(row, column):
        products = seen[row : row + 3, column : column + 3] * kernel[..., MAP]
        sums = products.sum(axis=(0, 1), dtype=np.float64)
        return sums, sums.sum() + bias[MAP], stored[row, column, MAP]

    return take_apart


def channel_sums(page):
    return [number(text) for text in page.locator(".patch-channel span").all_inner_texts()]


def test_hovering_shows_the_sums_of_all_maps_and_keras_value_without_asking_python(server, page, sent, by_keras):
    opened(page, server)
    sent.clear()
    for row, column in ((0, 0), (4, 5), (7, 3), (9, 9)):
        page.mouse.move(*centre(page, "map", row, column, SIDE))
        expect(page.locator(".patch-place")).to_have_text(f"row {row}, column {column}")
        sums, z, stored = by_keras(row, column)
        np.testing.assert_allclose(channel_sums(page), sums, rtol=0.06, atol=0.006)
        assert number(page.locator(".patch-total").inner_text().split("= ")[-1]) == pytest.approx(z, rel=1e-3, abs=1e-3)
        shown = number(page.locator(".patch-value b").inner_text())
        assert shown == pytest.approx(stored, rel=1e-4, abs=1e-6) == pytest.approx(max(z, 0), rel=1e-3, abs=1e-3)
        strongest = page.locator(".patch-shown small").inner_text()
        assert int(strongest) == np.abs(sums).argmax()
        assert marked(page, "input") == pytest.approx([2 * row / 28, 2 * column / 28, 10 / 28, 10 / 28], abs=1e-3)
    assert sent == []


def test_a_click_or_enter_keeps_the_pixel_in_widgets_link_equation_and_results(server, page, by_keras, mnist):
    opened(page, server)
    page.mouse.click(*centre(page, "map", 6, 3, SIDE))
    for key, place in (("row", 6), ("col", 3)):
        expect(page.locator(f".st-key-{key} input")).to_have_value(str(place))
        expect(page).to_have_url(re.compile(rf"[?&]{key}={place}"))
    pixel = explain_pixel(load_reference(NETWORK), np.asarray(mnist.x_test[1], np.float32), LAYER, 6, 3, MAP)
    for key in ("computed", "stored"):
        expect(page.locator(f".st-key-{key}")).to_contain_text(f"{pixel.stored:.5g}")
    expect(page.get_by_text("The two agree.")).to_be_visible()
    page.mouse.move(5, 5)
    rest(page)
    canvas = page.locator(".patch-map canvas")
    canvas.focus()
    for key in ("ArrowUp", "ArrowRight", "ArrowRight", "ArrowDown", "ArrowDown"):
        canvas.press(key)
    expect(page.locator(".patch-place")).to_have_text("row 7, column 5")
    assert number(page.locator(".patch-value b").inner_text()) == pytest.approx(by_keras(7, 5)[2], rel=1e-4)
    assert "row=6" in page.url
    canvas.press("Enter")
    expect(page.locator(".st-key-row input")).to_have_value("7")
    expect(page.locator(".st-key-col input")).to_have_value("5")


def test_an_input_map_pointed_at_shows_its_patch_and_a_pooled_pixel_is_the_largest_of_its_window(server, page):
    opened(page, server, "&row=4&col=4")
    page.mouse.move(5, 5)
    eleventh = page.locator(".patch-channel").nth(11)
    into_view(eleventh)
    eleventh.hover()
    expect(page.locator(".patch-title").first).to_have_text("Patch x, map 11")
    products = page.locator(".patch-numbers").nth(2).locator("span").all_inner_texts()
    assert sum(map(number, products)) == pytest.approx(channel_sums(page)[11], abs=0.1)
    eleventh.click()
    expect(page.locator(".st-key-channel input")).to_have_value("11")
    expect(page).to_have_url(re.compile("channel=11"))

    page.goto(f"{server}/feature_maps?model=model3&layer=1&map=14&index=0")
    expect(page.locator(".patch-map canvas")).to_be_visible(timeout=READY)
    rest(page)
    page.mouse.move(*centre(page, "map", 5, 6, 12))
    expect(page.locator(".patch-place")).to_have_text("row 5, column 6")
    window = [number(text) for text in page.locator(".patch-numbers span").all_inner_texts()]
    shown = page.locator(".patch-value")
    expect(shown).to_contain_text("the largest of 4 = ")
    assert number(shown.locator("b").inner_text()) == pytest.approx(max(window), rel=0.01, abs=0.006)
