"""A learner's own digit on the page of the digits: photographed, uploaded, refused in sentences."""

import json

import numpy as np
import pytest
from PIL import Image

from nncore.data.drawing import prepare
from nncore.data.photo import read_photo
from nncore.networks.inspection import predict
from nncore.reference import load_reference
from tests.support.photographs import encoded, photographed
from tests.support.shown import metrics, warnings
from tests.support.solving import shows_the_lecture

PAGE = "pages/digits/digits/page.py"


@pytest.fixture(scope="module")
def photo(mnist):
    """Return the file of a photographed 7."""
    return encoded(photographed(mnist.x_test[0], np.random.default_rng(1)))


def upload(page, file, name="digit.jpg"):
    page.file_uploader(key="upload").upload(name, file, "image/jpeg").run()
    assert not page.exception, page.exception
    return page


def test_an_uploaded_photograph_is_read_with_and_without_centring_and_white_chalk_too(open_page, photo, mnist):
    page = upload(open_page(PAGE, source="upload"), photo)
    model, ink = load_reference("model4"), read_photo(photo).ink
    for label, centre in (("Read as", True), ("Without centring", False)):
        outputs = predict(model, prepare(ink, centre=centre).picture)
        assert metrics(page)[label] == f"{outputs.argmax()} · {100 * outputs.max():.1f} %"
    assert metrics(page)["Read as"].startswith("7 · ")
    said = [text.value for text in page.markdown]
    assert ["0 · As" in text or "1 · Ink" in text for text in said].count(True) == 2
    assert any("darker than its paper" in caption.value for caption in page.caption)
    page.toggle(key="centre").set_value(False).run()
    assert metrics(page)["With centring"].startswith("7 · ")
    chalk = photographed(mnist.x_test[0], np.random.default_rng(1), style="chalk")
    upload(page, encoded(chalk, "PNG"), "digit.png")
    assert metrics(page)["With centring"].startswith("7 · ")
    assert any("brighter than its ground" in caption.value for caption in page.caption)


def test_the_camera_is_on_the_page_only_where_it_is_chosen_and_its_picture_is_read(open_page, photo):
    page = open_page(PAGE)
    assert not page.camera_input
    assert not page.file_uploader
    page.radio(key="source").set_value("photograph").run()
    assert "photograph" in page.query_params["source"]
    page.camera_input(key="camera").set_value(("shot.jpg", photo, "image/jpeg")).run()
    assert metrics(page)["Read as"].startswith("7 · ")
    page.radio(key="source").set_value("upload").run()
    assert not page.camera_input
    assert page.file_uploader
    assert not page.exception


def test_a_file_that_does_not_serve_is_answered_in_a_sentence(open_page, photo):
    page = open_page(PAGE, source="upload")
    for content, sentence in (
        (b"A sentence.", "Expected a picture in PNG or JPEG format, received a file of another kind."),
        (photo[:5000], "Expected a whole PNG or JPEG file, received one that is damaged or cut off."),
        (photo + bytes(6 * 2**20), "Expected a file of at most 5 MB"),
        (encoded(Image.new("L", (300, 300), 255)), "no ink stands out in this picture"),
    ):
        upload(page, content)
        assert sentence in warnings(page)
        assert "Read as" not in metrics(page)
        assert shows_the_lecture(page)
    upload(page, photo)
    assert metrics(page)["Read as"].startswith("7 · ")


def test_a_sheet_of_84_pictures_is_a_single_picture_for_the_browser(open_page):
    page = open_page(PAGE, split="train")
    sheet = next(chart for chart in page.get("plotly_chart") if "sheet_figure" in chart.proto.id)
    kinds = [trace["type"] for trace in json.loads(sheet.proto.spec)["data"]]
    assert kinds == ["heatmap", "scatter"]
    assert len(sheet.proto.spec) < 150_000
