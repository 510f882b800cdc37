"""The page of convolution and pooling with its real engine; the hovering is tried in a browser."""

import contextlib
import io

import numpy as np
import pytest

from nncore.cluster.engine import EngineError
from nncore.data.drawing import prepare
from nncore.networks.inspection import activations
from nncore.registry import networks
from nncore.theory.convolution import feature_map, pool
from nncore.theory.kernels import learned_kernels, preset_kernel, read_kernel
from tests.support.solving import is_solved, shows_the_lecture

PAGE = "pages/convolution/convolution/page.py"
LINES = "0_0_0_-1_2_-1_0_0_0"


def opened(open_page, **query):
    page = open_page(PAGE, **query)
    assert not page.exception, page.exception
    return page


def metrics(page):
    return {metric.label: metric.value for metric in page.metric}


def warnings(page):
    return " ".join(warning.value for warning in page.warning)


def formulas(page):
    return " ".join(formula.value for formula in page.latex)


def test_the_page_opens_with_the_numbers_of_the_lecture(open_page):
    page = opened(open_page)
    shown = metrics(page)
    assert shown["Feature map"] == "24 × 24"
    assert (shown["Parameters of this map"], shown["Of a dense layer"]) == ("26", "452,160")
    assert r"\frac{28 - 5}{1} + 1 = 24" in formulas(page)
    assert not page.warning


@pytest.mark.parametrize("query", [
    {"kernel": "sobel", "size": "3", "stride": "2", "padding": "same", "bias": "-20", "activation": "linear"},
    {"kernel": "blur", "stride": "3", "activation": "tanh", "bias": "-100"},
    {"kernel": "model4", "learned": "7", "index": "12", "activation": "leaky_relu"},
    {"kernel": LINES, "padding": "same"},
])  # fmt: skip
def test_the_arithmetic_of_the_pixel_is_what_keras_computes(open_page, query):
    shown = metrics(opened(open_page, row="4", column="5", **query))
    assert float(shown["This pixel"]) == pytest.approx(float(shown["In Keras"]), rel=1e-4, abs=1e-4)


def test_a_link_sets_picture_kernel_layer_pooling_and_pixel(open_page, mnist):
    link = {"index": "8", "kernel": "sharpen", "size": "3", "stride": "2", "padding": "same", "bias": "-30"}
    page = opened(open_page, row="6", column="9", pooling="average", pool_size="3", pool_stride="2", **link)
    values = feature_map(mnist.x_test[8], preset_kernel("sharpen", 3), bias=-30, stride=2, padding="same")
    shown = metrics(page)
    assert float(shown["This pixel"]) == pytest.approx(values[6, 9], rel=1e-4)
    assert shown["Feature map"] == "14 × 14"
    assert shown["Pooled"] == "6 × 6"
    assert r"\left\lfloor \frac{14 - 3}{2} \right\rfloor + 1 = 6" in formulas(page)


def test_a_learned_kernel_with_its_bias_gives_the_networks_own_value(open_page, mnist):
    page = opened(open_page, kernel="model3", learned="4", row="10", column="10")
    assert page.number_input(key="bias").value == pytest.approx(learned_kernels("model3")[1][4], rel=1e-5)
    stored = networks.examine(activations, "model3", mnist.x_test[0])[0].values[10, 10, 4]
    assert float(metrics(page)["This pixel"]) == pytest.approx(stored, rel=1e-3, abs=1e-3)


def test_a_learned_bias_comes_and_goes_with_its_kernel(open_page):
    page = opened(open_page, kernel="model3")
    page.number_input(key="learned").set_value(2).run()
    assert page.number_input(key="bias").value == pytest.approx(learned_kernels("model3")[1][2], rel=1e-5)
    page.selectbox(key="kernel").set_value("blur").run()
    assert page.number_input(key="bias").value == 0
    page.number_input(key="bias").set_value(5.0).run()
    page.selectbox(key="kernel").set_value("sobel").run()
    assert page.number_input(key="bias").value == 5
    assert not page.exception


def test_a_bias_in_the_link_wins_over_the_learned_one(open_page):
    assert opened(open_page, kernel="model4", bias="3").number_input(key="bias").value == 3


def test_the_pixel_stays_in_its_place_when_a_smaller_map_comes(open_page):
    page = opened(open_page, row="23", column="0")
    page.number_input(key="stride").set_value(4).run()
    assert (page.number_input(key="row").value, page.number_input(key="column").value) == (5, 0)
    assert not page.exception


def test_an_empty_canvas_is_a_black_picture_and_asks_for_a_drawing(open_page):
    page = opened(open_page, source="draw")
    assert any("Draw a digit" in said.value for said in page.info)
    assert metrics(page)["This pixel"] == "0"


def test_a_drawing_is_convolved(open_page, monkeypatch, mnist):
    monkeypatch.setattr("pages.ui.canvas.draw_digit", lambda side: mnist.x_test[0])
    picture = prepare(mnist.x_test[0]).picture
    row, column = np.unravel_index(picture.argmax(), picture.shape)
    link = {"kernel": "identity", "padding": "same", "row": str(row), "column": str(column)}
    page = opened(open_page, source="draw", **link)
    assert metrics(page)["This pixel"] == str(picture.max())
    assert printed(page)[1] == f"pixel ({row}, {column}) = {picture.max()}"


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"kernel": "1_2_3"}, "Kernel: expected 9 or 25 numbers from -1000 to 1000, received “1_2_3”"),
        ({"index": "10000"}, "received “10000”"),
        ({"row": "24"}, "Row: expected a whole number from 0 to 23, received “24”"),
        ({"kernel": "model3", "learned": "20"}, "Kernel number: expected a whole number from 0 to 19"),
    ],
)
def test_a_link_that_does_not_fit_is_answered_in_a_sentence_and_the_page_works(open_page, query, sentence):
    page = opened(open_page, **query)
    assert sentence in warnings(page)
    assert metrics(page)["Feature map"] == "24 × 24"


@pytest.mark.parametrize("query", [{"stride": "9"}, {"pooling": "median"}, {"padding": "full"}, {"bias": "abc"}])
def test_a_setting_that_does_not_exist_becomes_the_default(open_page, query):
    assert metrics(opened(open_page, **query))["Feature map"] == "24 × 24"


@pytest.mark.parametrize(("name", "meets", "close"), [
    ("twelve", {"stride": "2"}, {"stride": "2", "size": "3"}),
    ("twelve", {"stride": "2"}, {"pooling": "max"}),
    ("strokes", {"kernel": LINES}, {"kernel": "edges_vertical", "size": "3"}),
    ("strokes", {"kernel": "-1_2_-1_-1_2_-1_-1_2_-1"}, {"kernel": "-1_0_1_-1_0_1_-1_0_1"}),
    ("strokes", {"kernel": LINES}, {"kernel": "0_0_0_-1_3_-1_0_0_0"}),
    ("strokes", {"kernel": LINES}, {"kernel": "0_-1_0_0_2_0_0_-1_0"}),
    ("same", {"padding": "same"}, {"padding": "same", "size": "3"}),
    ("same", {"padding": "same"}, {"padding": "same", "stride": "2"}),
    ("quarter", {"pooling": "max"}, {"pooling": "average"}),
    ("quarter", {"pooling": "max"}, {"pooling": "max", "pool_stride": "3"}),
])  # fmt: skip
def test_a_challenge_is_solved_by_what_meets_it_and_not_by_what_comes_close(open_page, name, meets, close):
    assert is_solved(opened(open_page, **meets), name)
    assert not is_solved(opened(open_page, **close), name)


def printed(page):
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(page.code[0].value, {})
    return said.getvalue().splitlines()


@pytest.fixture
def _keras_has_the_digits(monkeypatch, mnist):
    digits = (mnist.x_train, mnist.y_train), (mnist.x_test, mnist.y_test)
    monkeypatch.setattr("keras.datasets.mnist.load_data", lambda: digits)


@pytest.mark.usefixtures("_keras_has_the_digits")
@pytest.mark.parametrize("query", [
    {},
    {"kernel": "model3", "learned": "3", "index": "5", "pooling": "max"},
    {"kernel": "sobel", "stride": "3", "padding": "same", "pooling": "l2", "pool_size": "3", "row": "0"},
    {"kernel": LINES, "bias": "-7.25", "activation": "selu", "pooling": "average", "pool_stride": "1"},
])  # fmt: skip
def test_the_script_prints_the_numbers_of_the_screen(open_page, mnist, query):
    page = opened(open_page, **query)
    lines, shown = printed(page), metrics(page)
    row, column = page.number_input(key="row").value, page.number_input(key="column").value
    assert lines[0] == f"feature map ({shown['Feature map'].replace(' × ', ', ')})"
    assert lines[1] == f"pixel ({row}, {column}) = {shown['This pixel']}"
    z = float(lines[2].removeprefix("sum + bias = "))
    assert rf"{z:.5g}\right) = " in formulas(page)
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


def test_workers_that_are_gone_are_a_sentence_and_the_lecture_stays(open_page, engine, monkeypatch):
    def fail(*arguments, **options):
        raise EngineError("The worker stopped while it computed and is being restarted: try again.")

    monkeypatch.setattr(type(engine), "ask", fail)
    page = opened(open_page)
    assert "being restarted" in warnings(page)
    assert shows_the_lecture(page)
