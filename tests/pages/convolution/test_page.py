"""The page of convolution and pooling with its real engine; the hovering is tried in a browser."""

import numpy as np
import pytest

from nncore.data.drawing import prepare
from nncore.networks.inspection import activations
from nncore.registry import networks
from nncore.theory.convolution import feature_map, pool
from nncore.theory.kernels import learned_kernels, preset_kernel, read_kernel
from tests.support.shown import formulas, metrics, moved, printed, warnings
from tests.support.solving import shows_the_lecture, solved

PAGE = "pages/convolution/convolution/page.py"
LINES = "0_0_0_-1_2_-1_0_0_0"


def test_the_page_opens_with_the_numbers_of_the_lecture(open_page):
    page = open_page(PAGE)
    shown = metrics(page)
    assert shown["Feature map"] == "24 × 24"
    assert (shown["Parameters of this map"], shown["Of a dense layer"]) == ("26", "452,160")
    assert r"\frac{28 - 5}{1} + 1 = 24" in " ".join(formulas(page))
    assert not page.warning


def test_the_arithmetic_of_the_pixel_is_what_keras_computes(open_page):
    page = open_page(PAGE, kernel=LINES, padding="same", row="4", column="5")
    assert solved(page).keys() == {"strokes"}
    for settings in (
        {},
        {"kernel": "sobel", "size": "3", "stride": 2, "padding": "same", "bias": -20.0, "activation": "linear"},
        {"kernel": "blur", "stride": 3, "padding": "valid", "activation": "tanh", "bias": -100.0},
        {"kernel": "model4", "learned": 7, "index": 12, "stride": 1, "activation": "leaky_relu"},
    ):
        shown = metrics(moved(page, **settings))
        assert float(shown["This pixel"]) == pytest.approx(float(shown["In Keras"]), rel=1e-4, abs=1e-4), settings


def test_a_link_sets_picture_kernel_layer_pooling_and_pixel(open_page, mnist):
    link = {"index": "8", "kernel": "sharpen", "size": "3", "stride": "2", "padding": "same", "bias": "-30"}
    page = open_page(PAGE, row="6", column="9", pooling="average", pool_size="3", pool_stride="2", **link)
    values = feature_map(mnist.x_test[8], preset_kernel("sharpen", 3), bias=-30, stride=2, padding="same")
    shown = metrics(page)
    assert float(shown["This pixel"]) == pytest.approx(values[6, 9], rel=1e-4)
    assert shown["Feature map"] == "14 × 14"
    assert shown["Pooled"] == "6 × 6"
    assert solved(page) == {}
    assert r"\left\lfloor \frac{14 - 3}{2} \right\rfloor + 1 = 6" in " ".join(formulas(page))


def test_a_learned_kernel_gives_the_networks_own_value_and_its_bias_comes_and_goes_with_it(open_page, mnist):
    page = open_page(PAGE, kernel="model3", learned="4", row="10", column="10")
    assert page.number_input(key="bias").value == pytest.approx(learned_kernels("model3")[1][4], rel=1e-5)
    stored = networks.apply_to_network(activations, "model3", mnist.x_test[0])[0].values[10, 10, 4]
    assert float(metrics(page)["This pixel"]) == pytest.approx(stored, rel=1e-3, abs=1e-3)
    page.number_input(key="learned").set_value(2).run()
    assert page.number_input(key="bias").value == pytest.approx(learned_kernels("model3")[1][2], rel=1e-5)
    page.selectbox(key="kernel").set_value("blur").run()
    assert page.number_input(key="bias").value == 0
    page.number_input(key="bias").set_value(5.0).run()
    page.selectbox(key="kernel").set_value("sobel").run()
    assert page.number_input(key="bias").value == 5
    assert not page.exception


def test_a_bias_in_the_link_wins_over_the_learned_one(open_page):
    assert open_page(PAGE, kernel="model4", bias="3").number_input(key="bias").value == 3


def test_the_pixel_stays_in_its_place_when_a_smaller_map_comes(open_page):
    page = open_page(PAGE, row="23", column="0")
    page.number_input(key="stride").set_value(4).run()
    assert (page.number_input(key="row").value, page.number_input(key="column").value) == (5, 0)
    assert not page.exception


def test_an_empty_canvas_is_a_black_picture_and_asks_for_a_drawing(open_page):
    page = open_page(PAGE, source="draw")
    assert any("Draw a digit" in said.value for said in page.info)
    assert metrics(page)["This pixel"] == "0"
    assert solved(page) == {}


def test_a_drawing_is_convolved(open_page, monkeypatch, mnist):
    monkeypatch.setattr("pages.ui.canvas.draw_digit", lambda side: mnist.x_test[0])
    picture = prepare(mnist.x_test[0]).picture
    row, column = np.unravel_index(picture.argmax(), picture.shape)
    link = {"kernel": "identity", "padding": "same", "row": str(row), "column": str(column)}
    page = open_page(PAGE, source="draw", **link)
    assert metrics(page)["This pixel"] == str(picture.max())
    assert printed(page.code[0].value)[1] == f"pixel ({row}, {column}) = {picture.max()}"


@pytest.mark.parametrize(
    ("query", "sentences"),
    [
        (
            {"kernel": "1_2_3", "index": "10000", "row": "24"},
            [
                "Kernel: expected 9 or 25 numbers from -1000 to 1000, received “1_2_3”",
                "received “10000”",
                "Row: expected a whole number from 0 to 23, received “24”",
            ],
        ),
        ({"kernel": "model3", "learned": "20"}, ["Kernel number: expected a whole number from 0 to 19"]),
        ({"stride": "9", "pooling": "median", "padding": "full", "bias": "abc"}, []),
    ],
)
def test_a_link_that_does_not_fit_is_answered_in_sentences_and_the_page_works(open_page, query, sentences):
    page = open_page(PAGE, **query)
    for sentence in sentences:
        assert sentence in warnings(page)
    assert metrics(page)["Feature map"] == "24 × 24"


@pytest.mark.usefixtures("keras_has_the_digits")
@pytest.mark.parametrize("query", [
    {},
    {"kernel": "model3", "learned": "3", "index": "5", "pooling": "max"},
    {"kernel": "sobel", "stride": "3", "padding": "same", "pooling": "l2", "pool_size": "3", "row": "0"},
    {"kernel": LINES, "bias": "-7.25", "activation": "selu", "pooling": "average", "pool_stride": "1"},
])  # fmt: skip
def test_the_script_prints_the_numbers_of_the_screen(open_page, mnist, query):
    page = open_page(PAGE, **query)
    lines, shown = printed(page.code[0].value), metrics(page)
    row, column = page.number_input(key="row").value, page.number_input(key="column").value
    assert lines[0] == f"feature map ({shown['Feature map'].replace(' × ', ', ')})"
    assert lines[1] == f"pixel ({row}, {column}) = {shown['This pixel']}"
    z = float(lines[2].removeprefix("sum + bias = "))
    assert rf"{z:.5g}\right) = " in " ".join(formulas(page))
    if "pooling" in query:
        values = pooled_values(page, mnist, query)
        assert lines[3] == f"pooled {values.shape}" == f"pooled ({shown['Pooled'].replace(' × ', ', ')})"
        assert float(lines[4].split("= ")[1]) == pytest.approx(values.max(), rel=1e-4)


def pooled_values(page, mnist, query):
    name, digit = query["kernel"], mnist.x_test[int(query.get("index", 0))]
    kernel = (
        learned_kernels(name)[0][int(query["learned"])]
        if name == "model3"
        else preset_kernel(name, 5)
        if name == "sobel"
        else read_kernel(name)
    )
    settings = {"stride": int(query.get("stride", 1)), "padding": query.get("padding", "valid")}
    bias, activation = page.number_input(key="bias").value, query.get("activation", "relu")
    values = feature_map(digit, kernel, bias=bias, activation=activation, **settings)
    return pool(values, query["pooling"], size=int(query.get("pool_size", 2)), stride=int(query.get("pool_stride", 2)))


def test_workers_that_are_gone_are_a_sentence_and_the_lecture_stays(without_workers, open_page):
    page = open_page(PAGE)
    assert "being restarted" in warnings(page)
    assert shows_the_lecture(page)
    assert solved(page) == {}
