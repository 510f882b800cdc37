"""The page of the digits with its real engine, and each of its challenges."""

import numpy as np
import pytest

from nncore.data import contact_sheet
from nncore.data.drawing import prepare
from nncore.networks.inspection import predict
from nncore.reference import load_reference
from nncore.registry import networks
from tests.support.shown import formulas, metrics, moved, warnings
from tests.support.solving import is_solved, shows_the_lecture, solved

PAGE = "pages/digits/digits/page.py"


def captions(page):
    return " ".join(caption.value for caption in page.caption)


def test_the_page_opens_with_the_first_test_picture_of_its_digit_and_says_where_the_digits_come_from(
    open_page, engine, mnist
):
    page = open_page(PAGE, digit="7")
    assert page.number_input(key="index").value == np.flatnonzero(mnist.y_test == 7)[0]
    assert f"{(mnist.y_test == 7).sum():,} test pictures show a 7" in captions(page)
    assert engine.warmed_up().source in captions(page)
    assert mnist.licence in captions(page)
    assert any("[0,\\,0,\\,0,\\,0,\\,0,\\,0,\\,0,\\,1,\\,0,\\,0]" in formula for formula in formulas(page))
    assert "Draw a digit" in warnings(page), "the canvas is empty"
    assert solved(page) == {}


def test_another_digit_or_split_brings_its_first_picture(open_page, mnist):
    page = open_page(PAGE, digit="7")
    page.selectbox(key="digit").set_value("4").run()
    assert page.number_input(key="index").value == np.flatnonzero(mnist.y_test == 4)[0]
    page.radio(key="split").set_value("train").run()
    assert page.number_input(key="index").value == np.flatnonzero(mnist.y_train == 4)[0]
    page.number_input(key="sheet").set_value(2).run()
    assert page.number_input(key="index").value == np.flatnonzero(mnist.y_train == 4)[2 * contact_sheet.SHEET]
    assert not page.exception


def test_a_link_shows_its_picture_and_the_last_sheet_and_the_picture_stays(open_page, mnist):
    last = (int((mnist.y_train == 2).sum()) - 1) // contact_sheet.SHEET
    page = open_page(PAGE, digit="2", split="train", index="8", sheet=str(last))
    assert page.number_input(key="index").value == 8
    assert page.number_input(key="sheet").value == last
    assert "expected" not in warnings(page)
    page.toggle(key="scaled").set_value(True).run()
    assert page.number_input(key="index").value == 8


@pytest.mark.parametrize("query", [{"index": "70000", "sheet": "abc"}, {"sheet": "900"}])
def test_a_link_that_does_not_fit_is_answered_in_a_sentence(open_page, query):
    page = open_page(PAGE, **query)
    for bad in query.values():
        assert f"received “{bad}”" in warnings(page)
    assert "show a 0" in captions(page)


def test_the_most_frequent_training_digit_solves_the_first_challenge(open_page, mnist):
    most, least = np.argsort(np.bincount(mnist.y_train))[[-1, 0]].astype(str)
    page = open_page(PAGE, digit=least, split="train")
    assert solved(page) == {}
    page.radio(key="split").set_value("test").run()
    page.selectbox(key="digit").set_value(most).run()
    assert not is_solved(page, "frequent")
    page.radio(key="split").set_value("train").run()
    assert is_solved(page, "frequent")


def test_a_misread_test_picture_solves_the_second_challenge(open_page, mnist):
    read = [networks.apply_to_network(predict, "model2", picture).argmax() for picture in mnist.x_test[:100]]
    wrong = np.flatnonzero(read != mnist.y_test[:100])[0]
    right = np.flatnonzero(read == mnist.y_test[:100])[0]
    page = open_page(PAGE, index=str(right))
    assert not is_solved(page, "misread")
    assert is_solved(moved(page, index=int(wrong)), "misread")


def test_a_drawing_that_centring_changes_solves_the_third_challenge(open_page, monkeypatch, mnist):
    model = load_reference("model4")

    def both(picture):
        return [int(predict(model, prepare(picture, centre=way).picture).argmax()) for way in (True, False)]

    readings = {index: both(mnist.x_test[index]) for index in range(60)}
    differs = next(index for index, (one, other) in readings.items() if one != other)
    same = next(index for index, (one, other) in readings.items() if one == other)
    for index, centre in ((same, "true"), (differs, "true"), (differs, "false")):
        monkeypatch.setattr("pages.ui.canvas.draw_digit", lambda index=index: mnist.x_test[index])
        page = open_page(PAGE, centre=centre)
        shown, other = readings[index] if centre == "true" else readings[index][::-1]
        assert metrics(page)["Read as"].startswith(f"{shown} · ")
        assert metrics(page)["Without centring" if centre == "true" else "With centring"].startswith(f"{other} · ")
        assert is_solved(page, "centring") == (index == differs)


def test_workers_that_are_gone_are_a_sentence_and_the_lecture_stays(without_workers, open_page):
    page = open_page(PAGE)
    assert "being restarted" in warnings(page)
    assert shows_the_lecture(page)
