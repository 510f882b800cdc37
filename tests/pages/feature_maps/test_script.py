"""The script that looks inside a network, run on its own, prints what the page and its questions show."""

import numpy as np
import pytest

from nncore.analysis import projection, top_activations
from nncore.networks.ablation import cover, switch_off
from nncore.networks.forward import predict_batch
from nncore.networks.inspection import activations, explain_map, explain_unit, predict
from nncore.registry import networks
from pages.convolution.feature_maps.script import script
from pages.convolution.feature_maps.selection import SelectedPixel, Selection, Settings
from tests.support.shown import printed

PAGE = "pages/convolution/feature_maps/page.py"


@pytest.fixture
def run_script(monkeypatch, mnist, tmp_path):
    """`run_script(text, model3="network.keras")`: what it prints beside these networks' files, with 100 test digits."""
    digits = (mnist.x_train, mnist.y_train), (mnist.x_test[:100], mnist.y_test[:100])
    monkeypatch.setattr("keras.datasets.mnist.load_data", lambda: digits)
    monkeypatch.chdir(tmp_path)

    def run(text, **files):
        for name, file in files.items():
            (tmp_path / file).write_bytes(networks.to_keras_file(name))
        return printed(text)

    return run


def select(name, picture, layer=0, channel=0, index=None):
    outputs = networks.apply_to_network(activations, name, picture)
    return Selection(name, picture, None, index, outputs, layer, channel)


def select_pixel(selection, row, column):
    where = selection.name, selection.picture, selection.layer, selection.channel
    return SelectedPixel(networks.apply_to_network(explain_map, *where), row, column)


def settings_of(name, beside=None, **values):
    scale, data = networks.input_scaling(name)
    beside_scale = networks.input_scaling(beside)[0] if beside else False
    return Settings(scale, data, (), 7, beside, beside_scale)._replace(**values)


def line(lines, start):
    return next(text for text in lines if text.startswith(start)).removeprefix(start)


def by_hand(lines):
    return [float(text) for text in line(lines, "by hand ").split("  Keras ")]


def test_the_script_answers_every_question_of_the_page(run_script, mnist, monkeypatch):
    digits = (mnist.x_train, mnist.y_train), (mnist.x_test, mnist.y_test)
    monkeypatch.setattr("keras.datasets.mnist.load_data", lambda: digits)
    picture = mnist.x_test[80]
    selection = select("model3", picture, channel=14, index=80)
    pixel = select_pixel(selection, 9, 11)
    lines = run_script(script(selection, settings_of("model3", off=(4, 14)), pixel), model3="network.keras")
    outputs = networks.apply_to_network(predict, "model3", picture)
    read = int(outputs.argmax())
    assert line(lines, "read as ") == f"{read} with probability {outputs.max():.3f}"
    ours, keras = by_hand(lines)
    assert ours == pytest.approx(pixel.arithmetic.stored, rel=1e-3, abs=1e-3) == pytest.approx(keras, abs=2e-4)
    without = networks.apply_to_network(switch_off, "model3", picture, 0, [4, 14])
    assert line(lines, "switched off [4, 14] ") == f"read as {without.argmax()} with probability {without.max():.3f}"
    probabilities = networks.apply_to_network(predict_batch, "model3", cover(picture, 7))[:, read]
    place = "{} {}".format(*divmod(int(probabilities.argmin()), 28))
    assert line(lines, "hidden around ") == f"{place} it is {read} with probability {probabilities.min():.3f}"
    while not (best := top_activations.strongest("model3", 0, 14)).done:
        pass
    exciting = line(lines, "most exciting ").strip("[]").split()
    np.testing.assert_array_equal([int(number) for number in exciting], best.indices)
    share = 100 * sum(projection.locate("model3", 0, "pca").explained_variance_ratio)
    assert float(line(lines, "two directions have ").split(" %")[0]) == pytest.approx(share, abs=0.11)


def test_the_network_beside_reads_the_same_picture_in_the_script(run_script, mnist):
    selection = select("model3", mnist.x_test[80], index=80)
    text = script(selection, settings_of("model3", beside="model4"), select_pixel(selection, 0, 0))
    lines = run_script(text, model3="network.keras", model4="beside.keras")
    other = networks.apply_to_network(predict, "model4", mnist.x_test[80])
    assert line(lines, "beside: read as ") == f"{other.argmax()} with probability {other.max():.3f}"


@pytest.mark.parametrize("layer", [1, 2, 3])
def test_pooling_and_a_second_convolution_are_done_by_hand(run_script, mnist, layer):
    selection = select("model4", mnist.x_test[0], layer, 3, index=0)
    pixel = select_pixel(selection, 4, 2)
    lines = run_script(script(selection, settings_of("model4"), pixel), model4="network.keras")
    ours, keras = by_hand(lines)
    assert ours == pytest.approx(pixel.map.stored[4, 2], rel=1e-3, abs=2e-3) == pytest.approx(keras, abs=3e-3)
    if layer == 2:
        sums = [float(text) for text in line(lines, "sums ").split()]
        np.testing.assert_allclose(sums, pixel.map.sums[4, 2], rtol=1e-2, atol=1e-3)
    assert not any(text.startswith("beside") for text in lines)


def test_a_dense_unit_is_done_by_hand(run_script, mnist):
    selection = select("model2", mnist.x_test[0], channel=5, index=0)
    unit = networks.apply_to_network(explain_unit, "model2", mnist.x_test[0], 0, 5)
    lines = run_script(script(selection, settings_of("model2"), None), model2="network.keras")
    assert line(lines, "by hand ") == f"{unit.value:.4f}  Keras {unit.stored:.4f}"


def test_a_drawing_is_written_out(run_script):
    drawing = np.zeros((28, 28), np.uint8)
    drawing[4:24, 13:16] = 255
    selection = select("model3", drawing)
    text = script(selection, settings_of("model3"), select_pixel(selection, 0, 0))
    assert line(run_script(text, model3="network.keras"), "read as ").startswith("1 with probability ")


def test_a_network_of_uploaded_pictures_reads_their_file(mnist):
    selection = select("model3", mnist.x_test[0], index=3)
    text = script(selection, settings_of("model3", data="own-abc"), None)
    assert (
        'arrays = np.load("data.npz")\nx_test, y_test = arrays["x_test"], arrays["y_test"]\ndigit = x_test[3]' in text
    )


def test_the_page_shows_the_script_of_what_it_shows(open_page, mnist):
    page = open_page(PAGE, index="80", map="14", row="9", col="11", room="off", off="4,14")
    assert not page.exception
    selection = select("model3", mnist.x_test[80], channel=14, index=80)
    assert page.code[0].value == script(
        selection, settings_of("model3", off=(4, 14)), select_pixel(selection, 9, 11)
    ).rstrip("\n")
    page.multiselect(key="off").set_value(["5"]).run()
    assert "switch_off([5])" in page.code[0].value


def test_without_a_picture_there_is_no_script(open_page):
    page = open_page(PAGE, source="draw")
    assert not page.exception
    assert not page.code
