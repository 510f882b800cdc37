"""The script of the page that looks inside a network prints what the page and its rooms show."""

import contextlib
import io

import numpy as np
import pytest

from nncore.analysis import projection, top_activations
from nncore.networks.ablation import cover, switch_off
from nncore.networks.forward import outputs_of
from nncore.networks.inspection import explain_map, explain_unit, predict
from nncore.registry import networks

PAGE = "pages/convolution/feature_maps/page.py"


@pytest.fixture
def run_script(monkeypatch, mnist, tmp_path):
    """`run_script(page, model3="network.keras")`: what the page's script prints, beside these networks' files."""
    digits = (mnist.x_train, mnist.y_train), (mnist.x_test, mnist.y_test)
    monkeypatch.setattr("keras.datasets.mnist.load_data", lambda: digits)
    monkeypatch.chdir(tmp_path)

    def run(page, **files):
        for name, file in files.items():
            (tmp_path / file).write_bytes(networks.to_keras_file(name))
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            exec(page.code[0].value, {})
        return said.getvalue().splitlines()

    return run


def line(lines, start):
    return next(text for text in lines if text.startswith(start)).removeprefix(start)


def shown(page):
    return {metric.label: metric.value for metric in page.metric}


def test_the_script_prints_what_the_page_and_its_rooms_show(open_page, run_script, mnist):
    page = open_page(PAGE, index="80", map="14", room="off", off="4,14")
    assert not page.exception
    lines, picture = run_script(page, model3="network.keras"), mnist.x_test[80]
    outputs = networks.examine(predict, "model3", picture)
    read = int(outputs.argmax())
    assert line(lines, "read as ") == f"{read} with probability {outputs.max():.3f}"
    assert shown(page)["Read as"].startswith(f"{read} · ")
    row, column = (page.number_input(key=key).value for key in ("row", "col"))
    pixel = networks.examine(explain_map, "model3", picture, 0, 14).pixel(row, column)
    by_hand, stored = (float(text) for text in line(lines, "by hand ").split("  Keras "))
    assert by_hand == pytest.approx(pixel.stored, rel=1e-3, abs=1e-3) == pytest.approx(stored, abs=2e-4)
    without = networks.examine(switch_off, "model3", picture, 0, [4, 14])
    assert line(lines, "switched off [4, 14] ") == f"read as {without.argmax()} with probability {without.max():.3f}"
    assert shown(page)["2 off"].startswith(f"{without.argmax()} · ")
    kept = networks.examine(outputs_of, "model3", cover(picture, 7))[:, read]
    place = "{} {}".format(*divmod(int(kept.argmin()), 28))
    assert line(lines, "hidden around ") == f"{place} it is {read} with probability {kept.min():.3f}"
    while not (best := top_activations.strongest("model3", 0, 14)).done:
        pass
    printed = line(lines, "most exciting ").strip("[]").split()
    np.testing.assert_array_equal([int(number) for number in printed], best.indices)
    share = 100 * sum(projection.locate("model3", 0, "pca").shares)
    assert float(line(lines, "two directions have ").split(" %")[0]) == pytest.approx(share, abs=0.11)


def test_the_network_beside_reads_the_same_picture_in_the_script(open_page, run_script, mnist):
    page = open_page(PAGE, index="80", beside="model4")
    lines = run_script(page, model3="network.keras", model4="beside.keras")
    other = networks.examine(predict, "model4", mnist.x_test[80])
    assert line(lines, "beside: read as ") == f"{other.argmax()} with probability {other.max():.3f}"


@pytest.mark.parametrize("layer", [1, 2, 3])
def test_pooling_and_a_second_convolution_are_done_by_hand(open_page, run_script, mnist, layer):
    page = open_page(PAGE, model="model4", layer=str(layer), map="3", row="4", col="2")
    lines = run_script(page, model4="network.keras")
    found = networks.examine(explain_map, "model4", mnist.x_test[0], layer, 3)
    by_hand, stored = (float(text) for text in line(lines, "by hand ").split("  Keras "))
    assert by_hand == pytest.approx(found.stored[4, 2], rel=1e-3, abs=2e-3) == pytest.approx(stored, abs=3e-3)
    if layer == 2:
        sums = [float(text) for text in line(lines, "sums ").split()]
        np.testing.assert_allclose(sums, found.sums[4, 2], rtol=1e-2, atol=1e-3)
    assert not any(text.startswith("beside") for text in lines)


def test_a_dense_unit_is_done_by_hand(open_page, run_script, mnist):
    page = open_page(PAGE, model="model2", map="5")
    unit = networks.examine(explain_unit, "model2", mnist.x_test[0], 0, 5)
    printed = line(run_script(page, model2="network.keras"), "by hand ")
    assert printed == f"{unit.value:.4f}  Keras {unit.stored:.4f}"


def test_a_drawing_is_written_out(open_page, run_script):
    drawing = np.zeros((280, 280, 4), np.uint8)
    drawing[40:240, 130:155] = 255
    page = open_page(PAGE, source="draw")
    page.session_state["canvas:kept"] = {"number": 0, "start": None, "drawing": None, "picture": drawing}
    page.run()
    assert not page.exception
    assert line(run_script(page, model3="network.keras"), "read as ").startswith("1 with probability ")


def test_a_map_switched_off_in_its_room_is_off_in_the_script_too(open_page):
    page = open_page(PAGE, room="off")
    page.multiselect(key="off").set_value(["5"]).run()
    assert "switch_off([5])" in page.code[0].value


def test_without_a_picture_there_is_no_script(open_page):
    page = open_page(PAGE, source="draw")
    assert not page.exception
    assert not page.code
