"""Confusions, mistakes and units as figures: what is drawn where, and what a click means."""

import math

import numpy as np

from nncore.figures.digits import confusion, training_curves


def test_every_cell_has_a_point_in_its_place_with_its_count_row_by_row():
    matrix = np.arange(100).reshape(10, 10)
    points = confusion.plot_confusion(matrix, chosen=(4, 9)).data[-1]
    assert len(points.x) == 100
    assert (points.y[49], points.x[49], points.text[49]) == (4, 9, "49")
    assert points.text[0] == ""


def test_right_and_wrong_have_scales_of_their_own():
    right, wrong, _ = confusion.plot_confusion(np.full((10, 10), 4), chosen=(0, 1)).data
    assert np.isfinite(np.diagonal(right.z)).all()
    assert np.isfinite(right.z).sum() == 10
    assert np.isnan(np.diagonal(wrong.z)).all()
    assert np.isfinite(wrong.z).sum() == 90


def test_the_chosen_cell_is_outlined():
    (frame,) = confusion.plot_confusion(np.eye(10), chosen=(4, 9)).layout.shapes
    assert (frame.x0, frame.x1, frame.y0, frame.y1) == (8.5, 9.5, 3.5, 4.5)


def test_accuracy_by_digit_is_in_percent_and_a_digit_without_pictures_has_no_number():
    shares = np.array([0.98] * 9 + [math.nan])
    figure = confusion.plot_class_accuracy(shares, overall=0.97)
    assert figure.data[0].y[0] == 98
    assert figure.data[0].text[9] == ""
    assert figure.layout.shapes[0].y0 == 97
    low, high = figure.layout.yaxis.range
    assert low <= 87
    assert high >= 100


def test_each_picture_stands_above_its_caption():
    pictures = [np.full((28, 28), number) for number in range(5)]
    heat, captions = confusion.plot_captioned(pictures, [f"c{number}" for number in range(5)], across=4).data
    assert list(captions.text) == ["c0", "c1", "c2", "c3", "c4"]
    for number, (x, y) in enumerate(zip(captions.x, captions.y, strict=True)):
        above = np.array(heat.z)[: int(y)][:, int(x)]
        assert above[np.isfinite(above)][-1] == number


def test_the_bars_hang_from_the_accuracy_of_all_units():
    bars, points = confusion.plot_unit_accuracies([0.90, 0.93], full=0.92, chosen=[1]).data
    assert bars.base == 92
    np.testing.assert_allclose(bars.y, [-2, 1])
    assert list(points.x) == [0, 1]
    assert bars.marker.color[0] != bars.marker.color[1]


def test_changes_of_layers_are_bars_in_percent_and_what_is_no_number_is_said():
    figure = training_curves.plot_changes({"dense_1": 0.05, "dense_2": math.nan})
    (bars,) = figure.data
    assert list(bars.y) == ["dense_2", "dense_1"]
    assert list(bars.text) == [" nan", " 5 %"]
    assert bars.x[1] == 5
