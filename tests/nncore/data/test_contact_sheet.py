"""The gallery against the arrays it shows, and its figures by their traces."""

import numpy as np
import pytest

from nncore.data import contact_sheet
from nncore.figures.digits.mnist import plot_counts, plot_sheet, plot_strip, plot_target, plot_values


def test_every_picture_is_counted_once(mnist):
    counts = contact_sheet.class_counts()
    assert counts["train"].sum() == len(mnist.x_train)
    assert counts["test"][7] == (mnist.y_test == 7).sum()


@pytest.mark.parametrize("split", contact_sheet.SPLITS)
def test_a_sheet_shows_the_pictures_it_names_and_only_those_of_the_digit(split):
    sheet = contact_sheet.browse(split, 3, offset=5)
    assert len(sheet.indices) == contact_sheet.SHEET
    assert sheet.picture.shape == (7 * 29 - 1, 12 * 29 - 1)
    for index, (row, column) in zip(sheet.indices, contact_sheet.corners(contact_sheet.SHEET), strict=True):
        picture, digit = contact_sheet.pick(split, int(index))
        assert digit == 3
        assert np.array_equal(sheet.picture[row : row + 28, column : column + 28], picture)


def test_sheets_follow_one_another_without_a_gap(mnist):
    whole = np.flatnonzero(mnist.y_test == 5)
    shown = [contact_sheet.browse("test", 5, offset).indices for offset in range(0, len(whole), contact_sheet.SHEET)]
    assert np.array_equal(np.concatenate(shown), whole)


def test_the_last_sheet_is_as_high_as_its_pictures_need(mnist):
    count = int((mnist.y_test == 5).sum())
    sheet = contact_sheet.browse("test", 5, offset=count - 1)
    assert sheet.picture.shape == (28, 12 * 29 - 1)
    assert (sheet.picture[:, 28:] == contact_sheet.BETWEEN).all()


def test_the_mean_digit_is_the_mean_of_its_pictures(mnist):
    mean = contact_sheet.mean_digit("test", 1)
    assert mean == pytest.approx(np.mean(mnist.x_test[mnist.y_test == 1], axis=0), abs=1e-4)
    assert mean[14, 14] > 200 > 10 > mean[14, 3]


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (lambda: contact_sheet.pick("test", -1), "expected an index from 0 to"),
        (lambda: contact_sheet.pick("test", 70000), "received 70000"),
        (lambda: contact_sheet.browse("test", 7, 70000), "expected an offset from 0 to"),
        (lambda: contact_sheet.browse("holiday", 7), "expected train or test, received 'holiday'"),
        (lambda: contact_sheet.mean_digit("test", 10), "0 to 9, received 10"),
    ],
)
def test_what_is_not_there_is_refused_with_what_was_expected(question, sentence):
    with pytest.raises(ValueError, match=sentence):
        question()


def test_a_sheet_has_a_point_to_click_for_every_picture_and_outlines_the_chosen():
    sheet = contact_sheet.browse("test", 7)
    corners = contact_sheet.corners(len(sheet.indices))
    figure = plot_sheet(sheet.picture, corners, sheet.indices, chosen=int(sheet.indices[13]))
    assert len(figure.data[1].x) == contact_sheet.SHEET
    (box,) = figure.layout.shapes
    assert (box.x0, box.y0) == (28.5, 28.5)
    assert not plot_sheet(sheet.picture, corners, sheet.indices, chosen=-1).layout.shapes


def test_counts_are_a_bar_a_digit_and_split_and_the_chosen_digit_stands_out():
    train, test = plot_counts({"train": np.arange(10), "test": np.ones(10)}, digit=4).data
    assert list(train.y) == list(range(10))
    assert [number for number, opacity in enumerate(test.marker.opacity) if opacity == 1] == [4]


def test_pixels_carry_their_grey_values_raw_or_scaled():
    picture = np.zeros((28, 28), np.uint8)
    picture[2, :4] = 255, 128, 0, 254
    (raw,), (scaled,) = plot_values(picture).data, plot_values(picture, scaled=True).data
    assert list(raw.customdata[2][:4]) == ["255", "128", "0", "254"]
    assert list(scaled.customdata[2][:4]) == ["1", ".50", "0", "1.0"]
    assert [f"color:{ink}" in raw.text[2][n] for n, ink in enumerate(("black", "black", "white"))] == [True] * 3


def test_the_strip_holds_the_rows_one_behind_the_other():
    picture = (np.arange(784) % 256).astype(np.uint8).reshape(28, 28)
    (strip,) = plot_strip(picture).data
    assert np.array_equal(np.asarray(strip.z)[0], picture.ravel())
    assert strip.text[0][29] == "row 1, column 1"


def test_the_target_is_one_in_the_cell_of_the_digit_only():
    (cells,) = plot_target(7).data
    assert np.flatnonzero(np.asarray(cells.z)[0]).tolist() == [7]
