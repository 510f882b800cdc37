"""The oracle: MNIST's own test digits, drawn large somewhere on a canvas, must come back readable."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from nncore.data.dataset import mnist
from nncore.data.drawing import EmptyDrawingError, prepare
from nncore.reference import load_reference

SIDE = 280


def drawing(*strokes, side=SIDE):
    """White rectangles (row, column, rows, columns) on a black RGBA canvas."""
    canvas = np.zeros((side, side, 4), np.uint8)
    canvas[..., 3] = 255
    for row, column, rows, columns in strokes:
        canvas[row : row + rows, column : column + columns] = 255
    return canvas


def enlarged(picture, scale, generator):
    """A digit of MNIST blown up to `scale` of the canvas and put down at random."""
    side = round(SIDE * scale)
    canvas = Image.new("L", (SIDE, SIDE))
    big = Image.fromarray(picture).resize((side, side), Image.Resampling.BICUBIC)
    canvas.paste(big, tuple(int(place) for place in generator.integers(0, SIDE - side + 1, 2)))
    return np.asarray(canvas)


def test_a_thousand_redrawn_test_digits_are_read_as_well_as_the_originals():
    dataset, generator = mnist(), np.random.default_rng(1)
    chosen = generator.choice(len(dataset.x_test), 1000, replace=False)
    originals, labels = dataset.x_test[chosen], dataset.y_test[chosen]
    redrawn = np.stack([prepare(enlarged(x, generator.uniform(0.5, 1), generator)).picture for x in originals])
    model = load_reference("model4")

    def accuracy(pictures):
        answers = model.predict(pictures[..., None].astype(np.float32), batch_size=250, verbose=0)
        return (answers.argmax(axis=1) == labels).mean()

    assert accuracy(redrawn) >= accuracy(originals) - 0.015


def test_redrawn_digits_look_like_the_originals_pixel_by_pixel():
    """Half a pixel of misplacement alone makes a mean difference of 16 grey values."""
    dataset, generator = mnist(), np.random.default_rng(2)
    originals = dataset.x_test[:200]
    redrawn = np.stack([prepare(enlarged(x, 1.0, generator)).picture for x in originals])
    assert np.abs(redrawn.astype(int) - originals).mean() < 9


def test_the_result_is_28_by_28_bytes_with_all_steps_on_the_way():
    steps = prepare(drawing((40, 100, 200, 50)))
    assert steps.picture.shape == (28, 28)
    assert steps.picture.dtype == np.uint8
    assert steps.picture.max() == 255
    assert steps.ink.shape == (SIDE, SIDE)
    assert steps.box == (40, 100, 200, 50)
    assert steps.cropped.shape == (200, 50)


def test_the_longer_side_becomes_20_pixels_and_proportions_stay():
    assert prepare(drawing((40, 100, 200, 50))).fitted.shape == (20, 5)
    assert prepare(drawing((40, 10, 50, 200))).fitted.shape == (5, 20)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 160), st.integers(0, 160))
def test_the_place_on_the_canvas_does_not_matter(row, column):
    digit = [(0, 0, 120, 20), (0, 0, 20, 90)]
    moved = [(row + r, column + c, rows, columns) for r, c, rows, columns in digit]
    np.testing.assert_array_equal(prepare(drawing(*moved)).picture, prepare(drawing(*digit)).picture)


def test_the_centre_of_mass_lies_in_the_centre_to_half_a_pixel():
    picture = prepare(drawing((20, 20, 200, 30), (190, 20, 30, 140))).picture.astype(float)
    where = np.arange(28)
    row, column = picture.sum(1) @ where / picture.sum(), picture.sum(0) @ where / picture.sum()
    assert abs(row - 14) <= 0.51
    assert abs(column - 14) <= 0.51


def test_without_centring_the_bounding_box_is_in_the_middle():
    lopsided = drawing((20, 20, 200, 40), (180, 20, 40, 200))
    assert prepare(lopsided, centre=False).offset == (4, 4)
    row, column = prepare(lopsided).offset
    assert row < 4 < column


def test_ink_may_touch_every_border():
    picture = prepare(drawing((0, 0, SIDE, 10), (0, 0, 10, SIDE), (270, 0, 10, SIDE), (0, 270, SIDE, 10))).picture
    rows, columns = np.nonzero(picture)
    assert (np.ptp(rows), np.ptp(columns)) == (19, 19)


def test_very_lopsided_ink_stays_inside_the_field():
    steps = prepare(drawing((0, 0, 40, 280), (40, 0, 240, 4)))
    assert steps.picture.sum() == steps.fitted.sum()


def test_a_single_dot_becomes_a_filled_square():
    steps = prepare(drawing((200, 30, 1, 1)))
    assert steps.fitted.shape == (20, 20)
    assert steps.picture.max() == 255


def test_thin_strokes_are_softened_rather_than_lost():
    columns = prepare(drawing((20, 100, 240, 3), (20, 180, 240, 3))).picture.max(axis=0)
    assert np.count_nonzero(columns) >= 2
    assert 0 < columns.max() < 255


def test_grey_arrays_and_transparent_backgrounds_give_the_same_picture():
    opaque = drawing((40, 100, 200, 50), (40, 100, 40, 120))
    transparent = opaque.copy()
    transparent[..., 3] = opaque[..., 0]
    hidden = transparent.copy()
    hidden[..., :3] = 255  # white, but nothing of it shows outside the strokes
    for other in (transparent, hidden, opaque[..., 0]):
        np.testing.assert_array_equal(prepare(other).picture, prepare(opaque).picture)


@pytest.mark.parametrize("empty", [drawing(), np.zeros((280, 280, 4), np.uint8), np.zeros((28, 28), np.uint8)])
def test_an_empty_drawing_is_refused_in_a_sentence(empty):
    with pytest.raises(EmptyDrawingError, match=r"expected a digit .* received an empty drawing"):
        prepare(empty)


@pytest.mark.parametrize("wrong", [np.zeros((28, 28)), np.zeros((28, 28, 3), np.uint8), np.zeros(28, np.uint8)])
def test_arrays_of_another_kind_are_refused_in_a_sentence(wrong):
    with pytest.raises(ValueError, match="expected a drawing of bytes, RGBA"):
        prepare(wrong)
