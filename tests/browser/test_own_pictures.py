"""A student brings pictures of their own: a file, a training on it, and what comes of a broken one."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.nncore.data.test_uploads import NAMES

pytestmark = pytest.mark.browser
READY = 90_000


@pytest.fixture(scope="module")
def digits_csv(mnist):
    """Six hundred digits as a CSV."""
    rows = np.column_stack([mnist.y_train[:600], mnist.x_train[:600].reshape(-1, 784)])
    return "\n".join([NAMES, *(",".join(map(str, row)) for row in rows.tolist()), ""]).encode()


def upload(page, content, name):
    chooser = page.locator(".st-key-own_data input[type=file]")
    chooser.set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})


def test_a_csv_is_uploaded_after_a_broken_one_trained_on_for_an_epoch_tested_and_taken_home(
    server, page, digits_csv, tmp_path
):
    page.goto(f"{server}/mlp?preset=model2&epochs=1&units=21")
    train, data = page.locator(".st-key-train button"), page.locator(".st-key-data input")
    expect(train).to_be_enabled(timeout=READY)
    page.get_by_text("Pictures of your own", exact=True).click()
    upload(page, digits_csv[:20_000] + b"oops\n", "broken.csv")
    expect(page.get_by_text("expected 785 numbers with commas between them")).to_be_visible(timeout=READY)
    expect(page.locator(".st-key-units input")).to_have_value("21")
    expect(data).to_have_value("MNIST")
    expect(train).to_be_enabled()

    upload(page, digits_csv, "six hundred.csv")
    expect(data).to_have_value("six hundred.csv", timeout=READY)
    expect(page).to_have_url(re.compile(r"data=own-[\w-]{12}"))
    page.locator(".st-key-code summary").click()
    with page.expect_download() as downloaded:
        page.locator(".st-key-data_file button").click()
    downloaded.value.save_as(tmp_path / "data.npz")
    with np.load(tmp_path / "data.npz") as arrays:
        assert len(arrays["x_train"]) + len(arrays["x_test"]) == 600

    train.click()
    expect(page.locator(".st-key-run_status")).to_contain_text("Finished · epoch 1 of 1 done", timeout=READY)
    accuracy = page.locator(".st-key-test_accuracy")
    expect(accuracy).to_contain_text(re.compile(r"\d\.\d\d %"))
    expect(page.locator(".st-key-wrong")).to_contain_text(re.compile(r"of \d\d test pictures"))
    page.reload()
    expect(data).to_have_value("six hundred.csv", timeout=READY)
    expect(accuracy).to_contain_text(re.compile(r"\d\.\d\d %"), timeout=READY)
