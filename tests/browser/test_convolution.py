"""A student moves over a feature map: with the mouse, the keyboard and a finger."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from nncore import _keras as keras
from nncore.theory.convolution import pool
from nncore.theory.kernels import learned_kernels, preset_kernel
from tests.browser.conftest import into_view, rest
from tests.browser.maps import centre, marked, number

pytestmark = pytest.mark.browser
READY = 120_000
LEARNED = "/convolution?kernel=model3&learned=14&index=1"


def opened(page, address):
    page.goto(address)
    expect(page.locator(".patch-map canvas")).to_be_visible(timeout=READY)
    expect(page.get_by_text("In the lecture")).to_be_visible(timeout=READY)
    rest(page)


def by_keras(picture, kernel, bias, **settings):
    """The map that a layer Conv2D with this kernel makes."""
    layer = keras.layers.Conv2D(1, kernel.shape, **settings)
    layer.build((None, 28, 28, 1))
    layer.set_weights([kernel[..., None, None].astype(np.float32), np.array([bias], np.float32)])
    return np.asarray(layer(picture[None, ..., None].astype(np.float32)))[0, ..., 0]


def value_shown(page):
    return number(page.locator(".patch-value b").inner_text())


def cells(page, which):
    """The numbers in one of the small pictures: 0 patch, 1 kernel, 2 products."""
    texts = page.locator(".patch-numbers").nth(which).locator("span").all_inner_texts()
    return np.array([number(text) for text in texts])


def test_hovering_shows_patch_kernel_and_the_sum_that_keras_computes_without_asking_python(server, page, sent, mnist):
    opened(page, server + LEARNED)
    kernel, bias = learned_kernels("model3")[0][14], learned_kernels("model3")[1][14]
    expected = by_keras(mnist.x_test[1], kernel, bias, activation="relu")
    sums = by_keras(mnist.x_test[1], kernel, bias)
    sent.clear()
    for row, column in ((4, 9), (12, 12), (6, 14), (20, 3)):
        page.mouse.move(*centre(page, "map", row, column, 24))
        expect(page.locator(".patch-place")).to_have_text(f"row {row}, column {column}")
        assert value_shown(page) == pytest.approx(expected[row, column], rel=1e-3, abs=1e-3)
        z = page.locator(".patch-total").inner_text().split("= ")[-1]
        assert number(z) == pytest.approx(sums[row, column], rel=1e-3, abs=1e-3)
        patch = mnist.x_test[1][row : row + 5, column : column + 5]
        np.testing.assert_array_equal(cells(page, 0), patch.ravel())
        np.testing.assert_allclose(cells(page, 1), kernel.ravel(), atol=0.0051)
        np.testing.assert_allclose(cells(page, 2), (patch * kernel).ravel(), rtol=0.06, atol=0.0051)
        assert marked(page, "input") == pytest.approx([row / 28, column / 28, 5 / 28, 5 / 28], abs=1e-3)
    assert sent == []
    page.mouse.move(5, 5)
    expect(page.locator(".patch-place")).to_have_text("row 14, column 14")

    opened(page, f"{server}/convolution?kernel=blur&padding=same&row=0&column=0")
    page.mouse.move(*centre(page, "map", 0, 0, 28))
    assert marked(page, "input") == pytest.approx([0, 0, 5 / 32, 5 / 32], abs=1e-3)
    patch = cells(page, 0).reshape(5, 5)
    assert not patch[:2].any()
    assert not patch[:, :2].any()


def test_a_click_or_the_keyboard_puts_the_pixel_into_widgets_link_and_equation(server, page, mnist):
    opened(page, f"{server}/convolution?kernel=sobel&size=3&activation=linear&stride=2&padding=same")
    page.mouse.click(*centre(page, "map", 3, 5, 14))
    expect(page.locator(".st-key-row input")).to_have_value("3")
    expect(page.locator(".st-key-column input")).to_have_value("5")
    expect(page).to_have_url(re.compile(r"row=3"))
    expected = by_keras(mnist.x_test[0], preset_kernel("sobel", 3), 0, strides=2, padding="same")[3, 5]
    expect(page.locator(".st-key-equation")).to_contain_text("a3,5")
    for key in ("computed", "stored"):
        expect(page.locator(f".st-key-{key}")).to_contain_text(f"{expected:.5g}")
    link = page.url
    page.goto("about:blank")
    opened(page, link)
    assert value_shown(page) == pytest.approx(expected)

    opened(page, f"{server}/convolution?row=10&column=10")
    canvas = page.locator(".patch-map canvas")
    canvas.focus()
    for key in ("ArrowUp", "ArrowUp", "ArrowRight", "ArrowDown", "ArrowLeft", "ArrowLeft"):
        canvas.press(key)
    expect(page.locator(".patch-place")).to_have_text("row 9, column 9")
    assert "row=10" in page.url
    canvas.press("Enter")
    expect(page.locator(".st-key-row input")).to_have_value("9")
    expect(page).to_have_url(re.compile(r"column=9"))
    expected = by_keras(mnist.x_test[0], preset_kernel("edges_horizontal", 5), 0, activation="relu")[9, 9]
    expect(page.locator(".st-key-stored")).to_contain_text(f"{expected:.5g}")
    for _ in range(40):
        canvas.press("ArrowLeft")
    expect(page.locator(".patch-place")).to_have_text("row 9, column 0")


def test_a_pooled_pixel_shows_its_window_and_what_becomes_of_it(server, page, mnist):
    values = by_keras(mnist.x_test[0], preset_kernel("edges_horizontal", 5), 0, activation="relu")
    for kind in ("max", "average", "l2"):
        opened(page, f"{server}/convolution?kernel=edges_horizontal&pooling={kind}&pool_size=3&pool_stride=2")
        page.mouse.move(*centre(page, "pooled", 2, 4, 11))
        expect(page.locator(".patch-place")).to_have_text("pooled row 2, column 4")
        assert value_shown(page) == pytest.approx(pool(values, kind, size=3, stride=2)[2, 4], rel=1e-4), kind
        np.testing.assert_array_equal(cells(page, 0), values[4:7, 8:11].ravel())
        assert marked(page, "map") == pytest.approx([4 / 24, 8 / 24, 3 / 24, 3 / 24], abs=1e-3)
        assert marked(page, "input") == pytest.approx([4 / 28, 8 / 28, 7 / 28, 7 / 28], abs=1e-3)
    page.mouse.click(*centre(page, "pooled", 2, 4, 11))
    row, column = np.unravel_index(values[4:7, 8:11].argmax(), (3, 3))
    expect(page.locator(".st-key-row input")).to_have_value(str(4 + row))
    expect(page.locator(".st-key-column input")).to_have_value(str(8 + column))


def test_numbers_typed_into_the_table_and_learned_kernels_clicked_change_map_and_link(server, page, mnist):
    opened(page, f"{server}/convolution?size=3&activation=linear&row=8&column=12")
    table = page.locator(".st-key-kernel_cells [data-testid='stDataFrame']")
    box = table.bounding_box()
    kernel = preset_kernel("edges_horizontal", 3)
    for row, column, weight in ((1, 1, 7.5), (0, 2, -3)):
        rest(page)  # a table that is just drawn anew takes no keys
        page.mouse.click(box["x"] + box["width"] * (column + 0.5) / 3, box["y"] + 36 + 30 * row + 15)
        page.keyboard.press("Enter")
        cell = page.locator("#portal input")
        cell.fill(str(weight))
        cell.press("Enter")
        kernel[row, column] = weight
        expected = by_keras(mnist.x_test[0], kernel, 0)[8, 12]
        expect(page.locator(".st-key-stored")).to_contain_text(f"{expected:.5g}")
    expect(page).to_have_url(re.compile(r"kernel=-1_-1_-3_0_7.5_0_1_1_1"))
    expect(page.locator(".st-key-kernel input")).to_have_value("My own numbers")
    link = page.url
    page.goto("about:blank")
    opened(page, link)
    expect(page.locator(".st-key-computed")).to_contain_text(f"{expected:.5g}")

    sheet = page.locator(".st-key-learned_kernels .js-plotly-plot")
    into_view(sheet)
    rest(page)
    area = sheet.locator(".heatmaplayer image").bounding_box()
    page.mouse.click(area["x"] + area["width"] * 3.5 / 10, area["y"] + area["height"] * 0.75)
    expect(page.locator(".st-key-learned input")).to_have_value("13")
    expect(page).to_have_url(re.compile(r"kernel=model3"))
    expect(page.locator(".st-key-bias input")).to_have_value(re.compile(f"^{learned_kernels('model3')[1][13]:.3g}"[:6]))
