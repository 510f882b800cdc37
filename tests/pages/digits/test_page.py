"""The page of the digits with its real engine, and each of its challenges."""

import numpy as np
import pytest

from nncore.cluster.engine import EngineError
from nncore.data import contact_sheet
from nncore.data.drawing import prepare
from nncore.networks.inspection import predict
from nncore.reference import load_reference
from nncore.registry import networks
from tests.support.solving import is_solved, shows_the_lecture

PAGE = "pages/digits/digits/page.py"


def opened(open_page, **query):
    page = open_page(PAGE, **query)
    assert not page.exception, page.exception
    return page


def metrics(page):
    return {metric.label: metric.value for metric in page.metric}


def captions(page):
    return " ".join(caption.value for caption in page.caption)


def test_the_page_opens_with_the_first_test_picture_of_its_digit(open_page, mnist):
    page = opened(open_page, digit="7")
    assert page.number_input(key="index").value == np.flatnonzero(mnist.y_test == 7)[0]
    assert f"{(mnist.y_test == 7).sum():,} test pictures show a 7" in captions(page)
    assert any("[0,\\,0,\\,0,\\,0,\\,0,\\,0,\\,0,\\,1,\\,0,\\,0]" in formula.value for formula in page.latex)


def test_where_the_digits_come_from_and_their_licence_are_said(open_page, mnist):
    page = opened(open_page)
    assert mnist.source in captions(page)
    assert mnist.licence in captions(page)


def test_another_digit_or_split_brings_its_first_picture(open_page, mnist):
    page = opened(open_page, digit="7")
    page.selectbox(key="digit").set_value("4").run()
    assert page.number_input(key="index").value == np.flatnonzero(mnist.y_test == 4)[0]
    page.radio(key="split").set_value("train").run()
    assert page.number_input(key="index").value == np.flatnonzero(mnist.y_train == 4)[0]
    page.number_input(key="sheet").set_value(2).run()
    assert page.number_input(key="index").value == np.flatnonzero(mnist.y_train == 4)[2 * contact_sheet.SHEET]
    assert not page.exception


def test_a_picture_of_the_sheet_stays_while_other_controls_change(open_page):
    page = opened(open_page, digit="7", index="8")
    page.toggle(key="scaled").set_value(True).run()
    assert page.number_input(key="index").value == 8


def test_a_link_shows_its_picture_and_the_last_sheet(open_page, mnist):
    last = (int((mnist.y_train == 2).sum()) - 1) // contact_sheet.SHEET
    page = opened(open_page, digit="2", split="train", index="8", sheet=str(last))
    assert page.number_input(key="index").value == 8
    assert page.number_input(key="sheet").value == last
    assert not any("expected" in warning.value for warning in page.warning)


@pytest.mark.parametrize("query", [{"index": "70000"}, {"sheet": "abc"}, {"sheet": "900"}])
def test_a_link_that_does_not_fit_is_answered_in_a_sentence(open_page, query):
    page = opened(open_page, **query)
    assert any(f"received “{next(iter(query.values()))}”" in warning.value for warning in page.warning)
    assert "show a 0" in captions(page)


def test_the_most_frequent_training_digit_solves_the_first_challenge(open_page, mnist):
    most, least = np.argsort(np.bincount(mnist.y_train))[[-1, 0]].astype(str)
    assert is_solved(opened(open_page, digit=most, split="train"), "frequent")
    assert not is_solved(opened(open_page, digit=most), "frequent")
    assert not is_solved(opened(open_page, digit=least, split="train"), "frequent")


def test_a_misread_test_picture_solves_the_second_challenge(open_page, mnist):
    read = [networks.examine(predict, "model2", picture).argmax() for picture in mnist.x_test[:100]]
    wrong = np.flatnonzero(read != mnist.y_test[:100])[0]
    right = np.flatnonzero(read == mnist.y_test[:100])[0]
    assert is_solved(opened(open_page, index=str(wrong)), "misread")
    assert not is_solved(opened(open_page, index=str(right)), "misread")


def test_a_drawing_that_centring_changes_solves_the_third_challenge(open_page, monkeypatch, mnist):
    model = load_reference("model4")

    def both(picture):
        return [int(predict(model, prepare(picture, centre=way).picture).argmax()) for way in (True, False)]

    readings = {index: both(mnist.x_test[index]) for index in range(60)}
    moved = next(index for index, (one, other) in readings.items() if one != other)
    same = next(index for index, (one, other) in readings.items() if one == other)
    for index, centre in ((moved, "true"), (moved, "false"), (same, "true")):
        monkeypatch.setattr("pages.ui.canvas.draw_digit", lambda index=index: mnist.x_test[index])
        page = opened(open_page, centre=centre)
        shown, other = readings[index] if centre == "true" else readings[index][::-1]
        assert metrics(page)["Read as"].startswith(f"{shown} · ")
        assert metrics(page)["Without centring" if centre == "true" else "With centring"].startswith(f"{other} · ")
        assert is_solved(page, "centring") == (index == moved)


def test_an_empty_canvas_asks_for_a_drawing(open_page):
    assert any("Draw a digit" in warning.value for warning in opened(open_page).warning)


def test_workers_that_are_gone_are_a_sentence_and_the_lecture_stays(open_page, engine, monkeypatch):
    def fail(*arguments, **options):
        raise EngineError("The worker stopped while it computed and is being restarted: try again.")

    monkeypatch.setattr(type(engine), "ask", fail)
    page = opened(open_page)
    assert any("being restarted" in warning.value for warning in page.warning)
    assert shows_the_lecture(page)
