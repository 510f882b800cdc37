"""A student opens a network of their own inside the page: a good one, and files that do not serve."""

import re

import pytest
from keras import layers as kl
from playwright.sync_api import expect

from tests.browser.conftest import draw
from tests.support import keras_files

pytestmark = pytest.mark.browser
READY = 120_000


def opened(page, address):
    page.goto(address)
    prediction = page.locator(".st-key-prediction [data-testid='stMetricValue']")
    expect(prediction).to_be_visible(timeout=READY)
    page.locator(".st-key-open_own button").first.click()
    expect(page.get_by_text("A keras.Sequential or a chain of layers")).to_be_visible()
    return prediction


def upload(page, content, name="mine.keras"):
    chooser = page.locator(".st-key-own_network input[type=file]")
    chooser.set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": content})


def test_a_network_made_elsewhere_is_opened_and_its_link_opens_it_again(server, page):
    prediction = opened(page, f"{server}/feature_maps?index=3&layer=1")
    upload(page, keras_files.saved(keras_files.read_digits_in_logits()), "<b>my *net*.keras")
    chosen = page.locator(".st-key-model input")
    expect(chosen).to_have_value("<b>my *net*.keras (your own)", timeout=READY)
    expect(page).to_have_url(re.compile(r"model=keras-[\w-]{12}"))
    about = page.locator(".st-key-about_own")
    expect(about).to_contain_text("<b>my *net*.keras, 289,630 parameters, gets grey values as they are, 0 to 255")
    expect(about).to_contain_text("put a softmax after its last layer")
    expect(prediction).to_contain_text("0 · ")
    expect(page.get_by_text("The two agree.")).to_be_visible()
    page.goto(page.url)
    expect(chosen).to_have_value("<b>my *net*.keras (your own)", timeout=READY)
    expect(prediction).to_contain_text("0 · ", timeout=READY)
    expect(page.locator(".st-key-index input")).to_have_value("3")


REFUSED = {
    "wrong shape": (
        lambda: keras_files.saved(keras_files.chain(kl.Flatten(), kl.Dense(10), shape=(32, 32, 3))),
        "Expected a network for pictures of 28x28 pixels, with input (28, 28, 1), (28, 28) or (784,), received one "
        "with input “(32, 32, 3)”.",
    ),
    "not a network": (lambda: b"A sentence is no network.", "received a file of another kind or a damaged one"),
    "a program": (
        lambda: keras_files.saved(keras_files.chain(kl.Lambda(lambda x: x / 255), kl.Dense(10), shape=(784,))),
        "A Lambda layer holds one, and programs in files are not run here; Keras' safe mode refuses it too.",
    ),
    "a bomb": (keras_files.a_bomb, "at most 64 MB in at most 100 parts when unpacked, received 256 MB"),
}


def test_a_file_that_does_not_serve_is_a_sentence_and_nothing_is_lost(server, page):
    page.goto(f"{server}/feature_maps?model=model4&source=draw&layer=2&map=5")
    draw(page, [(150, 40), (130, 240)])
    prediction = page.locator(".st-key-prediction [data-testid='stMetricValue']")
    expect(prediction).to_contain_text("1 · ", timeout=READY)
    page.locator(".st-key-open_own button").first.click()
    for make, sentence in REFUSED.values():
        upload(page, make())
        expect(page.get_by_text(sentence)).to_be_visible(timeout=READY)
        expect(page.locator('[data-testid="stException"]')).to_have_count(0)
        expect(page.locator(".st-key-model input")).to_have_value("Model 4 of the lecture")
        expect(page.locator(".st-key-map input")).to_have_value("5")
        expect(prediction).to_contain_text("1 · ")
    upload(page, keras_files.saved(keras_files.read_digits()), "good.keras")
    expect(page.locator(".st-key-model input")).to_have_value("good.keras (your own)", timeout=READY)
    expect(prediction).to_contain_text("1 · ", timeout=READY)
