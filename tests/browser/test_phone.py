"""The lecture on a phone: no page scrolls sideways, and a finger draws and moves as a mouse does."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PAGES, fits, on_canvas, rest, touch
from tests.browser.maps import centre

pytestmark = pytest.mark.browser
READY = 90_000


@pytest.mark.parametrize("name", [pytest.param(name, marks=pytest.mark.soak) for name in PAGES])
def test_every_page_fits(server, phone, name):
    phone.goto(f"{server}/{name}")
    expect(phone.get_by_text("In the lecture")).to_be_visible(timeout=READY)
    assert fits(phone)


def test_pages_with_controls_results_and_tables_fit(server, phone):
    for name in ("", "neuron", "mlp", "runs"):
        phone.goto(f"{server}/{name}")
        expect(phone.get_by_text("In the lecture")).to_be_visible(timeout=READY)
        assert fits(phone), name


def test_a_drawing_of_a_network_scrolls_and_not_its_page(server, phone):
    for name in ("network?preset=model4", "backpropagation?phase=7"):
        phone.goto(f"{server}/{name}")
        drawing = phone.locator(".st-key-network_drawing")
        expect(drawing.locator(".js-plotly-plot").first).to_be_visible(timeout=READY)
        rest(phone)
        assert drawing.evaluate("part => part.scrollWidth > part.clientWidth + 200")
        assert fits(phone), name


def test_a_finger_moves_over_a_map_and_keeps_the_pixel_where_it_is_lifted(server, phone):
    for path, side, rows in (
        ("convolution?", 24, (4, 8, 12)),
        ("feature_maps?model=model4&layer=2&map=7", 10, (2, 5, 8)),
    ):
        phone.goto(f"{server}/{path}")
        expect(phone.locator(".patch-map canvas")).to_be_visible(timeout=READY)
        expect(phone.get_by_text("In the lecture")).to_be_visible(timeout=READY)
        rest(phone)
        touch(phone, [centre(phone, "map", row, 4, side) for row in rows])
        expect(phone.locator(".patch-place")).to_have_text(f"row {rows[-1]}, column 4")
        expect(phone).to_have_url(re.compile(f"row={rows[-1]}"))
        assert fits(phone), path


def test_what_a_finger_draws_is_convolved_and_read(server, phone):
    down = [(140, 40 + 10 * step) for step in range(21)]
    phone.goto(f"{server}/convolution?source=draw&kernel=identity&padding=same&row=14&column=14")
    touch(phone, on_canvas(phone, down))
    expect(phone.locator(".patch-value b")).to_have_text("255")
    expect(phone.locator(".st-key-stored")).to_contain_text("255")
    prediction = phone.locator(".st-key-prediction [data-testid='stMetricValue']")
    for path in ("digits", "feature_maps?model=model4&source=draw"):
        phone.goto(f"{server}/{path}")
        touch(phone, on_canvas(phone, down))
        expect(prediction).to_contain_text("1 · ", timeout=READY)
        assert fits(phone), path
    expect(phone.locator(".st-key-layers canvas").first).to_be_visible(timeout=READY)
    canvas = phone.locator(".st-key-canvas canvas").last.bounding_box()
    assert canvas["x"] >= 0
    assert canvas["x"] + canvas["width"] <= 390
