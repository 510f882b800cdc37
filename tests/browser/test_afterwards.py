"""A student looks at what a network misreads: opens a cell of the confusion matrix, and switches a neuron off."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from nncore.analysis import classification
from tests.browser.conftest import into_view, rest

pytestmark = pytest.mark.browser
READY = 90_000
"""Milliseconds that a cold machine may take to load Keras in the workers."""


def test_a_cell_of_the_confusion_matrix_opens_its_pictures_and_a_neuron_clicked_is_switched_off(server, page):
    page.goto(f"{server}/mlp?preset=model2")
    drawing = page.locator(".st-key-each_unit .js-plotly-plot")
    drawing.wait_for(timeout=2 * READY)  # for the workers to start, and then for the test of the network
    rest(page)
    matrix = page.locator(".st-key-confusion .js-plotly-plot")
    into_view(matrix)
    rest(page)
    area = matrix.locator(".heatmaplayer image").first.bounding_box()
    page.mouse.click(area["x"] + area["width"] * 5.5 / 10, area["y"] + area["height"] * 3.5 / 10)
    count = int(classification.summarize("model2").matrix[3, 5])
    expect(page.locator(".st-key-cell input")).to_have_value(re.compile(f"3 read as 5: {count}"))
    expect(page).to_have_url(re.compile("cell=3-5"))
    expect(page.locator(".st-key-cell_pictures .js-plotly-plot").first).to_be_visible()
    page.reload()
    expect(page.locator(".st-key-cell input")).to_have_value(re.compile("3 read as 5"), timeout=READY)

    result = page.locator(".st-key-ablated_accuracy [data-testid='stMetricValue']")
    full = classification.summarize("model2").accuracy
    expect(result).to_have_text(f"{100 * full:.2f} %", timeout=READY)
    without = [classification.accuracy_with("model2", 0, [unit], 0.0) for unit in range(30)]
    unit = int(np.argmin(without))

    def click():
        into_view(drawing)
        rest(page)
        area = drawing.locator(".bglayer rect, .drag[data-subplot='xy'], .nsewdrag").first.bounding_box()
        page.mouse.click(area["x"] + area["width"] * (unit + 0.6) / 30.2, area["y"] + area["height"] / 2)

    click()
    expect(result).to_have_text(f"{100 * without[unit]:.2f} %")
    expect(page).to_have_url(re.compile(f"unit_off={unit}"))
    click()
    expect(result).to_have_text(f"{100 * full:.2f} %")
