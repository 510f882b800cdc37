"""A student brings a digit of their own: a file, the camera."""

import base64
import re

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import rest
from tests.support.photographs import encoded, photographed

pytestmark = pytest.mark.browser
READY = 120_000
CAMERA = """
const picture = new Image();
picture.src = "data:image/jpeg;base64,PICTURE";
window.askedForCamera = 0;
navigator.mediaDevices.getUserMedia = async () => {
  window.askedForCamera += 1;
  await picture.decode();
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: picture.naturalWidth, height: picture.naturalHeight });
  const context = canvas.getContext("2d");
  context.drawImage(picture, 0, 0);
  setInterval(() => context.drawImage(picture, 0, 0), 50);
  return canvas.captureStream(20);
};
"""
"""A camera that sees one picture; the browser of the tests has none."""


@pytest.fixture(scope="module")
def photo(mnist):
    """The bytes of a photographed 7."""
    return encoded(photographed(mnist.x_test[0], np.random.default_rng(1)))


def opened(page, address):
    page.goto(address)
    expect(page.get_by_text("In the lecture")).to_be_visible(timeout=READY)
    return page.locator(".st-key-prediction [data-testid='stMetricValue']")


def upload(page, file, name="digit.jpg"):
    chooser = page.locator(".st-key-upload input[type=file]")
    chooser.set_input_files({"name": name, "mimeType": "image/jpeg", "buffer": file})


def test_files_that_do_not_serve_are_answered_in_a_sentence_and_a_photograph_is_prepared_step_by_step_and_read(
    server, page, photo
):
    prediction = opened(page, f"{server}/digits?source=upload")
    for file, sentence in (
        (b"GIF89a" + photo, "received a file of another kind"),
        (photo[:5000], "received one that is damaged or cut off"),
        (photo + bytes(6 * 2**20), re.compile("must be 5.*MB or smaller", re.IGNORECASE)),
    ):
        upload(page, file)
        expect(page.get_by_text(sentence).first).to_be_visible(timeout=30_000)
        expect(page.locator('[data-testid="stException"]')).to_have_count(0)
    upload(page, photo)
    expect(prediction).to_contain_text("7 · ", timeout=30_000)
    for key in ("photo", "ink", "cropped", "fitted", "prepared"):
        expect(page.locator(f".st-key-{key} .js-plotly-plot").first).to_be_visible()
    page.locator(".st-key-centre label").click()
    expect(page.locator(".st-key-other_reading")).to_contain_text("With centring")
    expect(page.locator(".st-key-other_reading")).to_contain_text("7 · ")
    expect(page).to_have_url(re.compile(r"source=upload"))


def test_the_camera_is_asked_for_only_when_it_is_chosen_and_its_picture_is_read(server, context, photo):
    page = context.new_page()  # of its own, since it will have a camera
    page.add_init_script(CAMERA.replace("PICTURE", base64.b64encode(photo).decode()))
    prediction = opened(page, f"{server}/digits")
    rest(page)
    assert page.evaluate("window.askedForCamera") == 0
    page.locator(".st-key-source").get_by_text("Photograph").click()
    page.wait_for_function("window.askedForCamera > 0")
    page.wait_for_function("document.querySelector('[data-testid=stCameraInput] video')?.videoWidth > 0")
    page.wait_for_timeout(1_000)
    page.get_by_role("button", name="Take photo").click()
    expect(prediction).to_contain_text("7 · ", timeout=30_000)
    expect(page.locator(".st-key-photo .js-plotly-plot").first).to_be_visible()
    page.close()
