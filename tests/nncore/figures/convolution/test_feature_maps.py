import numpy as np
import pytest

from nncore.figures import theme
from nncore.figures.convolution.feature_maps import lay_sheets, plot_weights, tile
from nncore.figures.digits.digit import percent, plot_digit, plot_probabilities

MAPS = np.random.default_rng(1).random((24, 24, 20)).astype(np.float32)
LAYERS = [
    ("maps", MAPS),
    ("pooled", MAPS[::2, ::2]),
    ("units", np.linspace(-1, 1, 100, dtype=np.float32)),
    ("outputs", np.eye(10, dtype=np.float32)[7]),
]


def test_a_sheet_holds_every_map_pixel_by_pixel():
    sheet, corners = tile(MAPS)
    assert sheet.shape == (2 * 25 - 1, 10 * 25 - 1)
    for number, (row, column) in enumerate(corners):
        np.testing.assert_array_equal(sheet[row : row + 24, column : column + 24], MAPS[..., number])


def test_maps_are_kept_apart_by_a_pixel_of_nothing():
    sheet, _ = tile(MAPS)
    assert np.isnan(sheet[24]).all()
    assert np.isnan(sheet[:, 24::25]).all()
    assert np.isnan(sheet).sum() == sheet.size - MAPS.size


def test_units_follow_one_another_in_rows_without_gaps():
    sheet, _ = tile(np.arange(100))
    np.testing.assert_array_equal(sheet, np.arange(100).reshape(2, 50))


def test_every_layer_is_a_sheet_with_a_place_for_every_map_and_unit():
    sheets = lay_sheets(LAYERS)
    assert [sheet.title for sheet in sheets] == ["maps", "pooled", "units", "outputs"]
    assert [len(sheet.corners) for sheet in sheets] == [20, 20, 100, 10]
    assert [sheet.size for sheet in sheets] == [(24, 24), (12, 12), (1, 1), (1, 1)]
    assert [sheet.units is None for sheet in sheets] == [True, True, False, False]


def test_levels_go_from_black_to_the_layers_largest_value_and_nothing_is_between_the_maps():
    sheet = lay_sheets(LAYERS)[0]
    row, column = sheet.corners[13]
    levels = sheet.levels[row : row + 24, column : column + 24]
    np.testing.assert_allclose(levels, 1 + 254 * MAPS[..., 13] / MAPS.max(), atol=0.51)
    assert not sheet.signed
    assert (sheet.levels == 0).sum() == np.isnan(tile(MAPS)[0]).sum()


def test_signed_values_are_centred_on_level_128():
    sheet = lay_sheets(LAYERS)[2]
    assert sheet.signed
    assert (sheet.levels[0, 0], sheet.levels[-1, -1]) == (1, 255)
    (zero,) = lay_sheets([("one negative", np.array([-2.0, 0.0, 1.0]))])
    np.testing.assert_array_equal(zero.levels, [[1, 128, 192]])


def test_values_that_are_no_numbers_are_nothing():
    (sheet,) = lay_sheets([("diverged", np.array([np.nan, np.inf, 3.0]))])
    np.testing.assert_array_equal(sheet.levels, [[0, 0, 255]])


def test_a_layer_of_zeros_is_black_and_not_an_error():
    assert (lay_sheets([("zeros", np.zeros((5, 5, 1)))])[0].levels == 1).all()
    assert plot_weights(np.zeros((28, 28)), title="").data[0].zmax == 1


def test_a_units_weights_are_signed_and_centred_on_zero():
    weights = np.linspace(-1, 2, 784).reshape(28, 28)
    (heat,) = plot_weights(weights, title="weights").data
    assert (heat.zmin, heat.zmax) == (-2, 2)
    np.testing.assert_array_equal(heat.z, weights)


def test_the_largest_probability_is_emphasised_and_written():
    bars = plot_probabilities(np.array([0.9, 0.06, 0.04, *[0.0] * 7])).data[0]
    assert bars.text[:3] == ("90.0 %", "6.0 %", "")
    assert bars.marker.opacity[0] > bars.marker.opacity[1]
    assert bars.marker.color == theme.OUTPUT
    assert percent(0.9984) == "99.8 %"


def test_a_digit_is_drawn_from_black_to_white_with_its_boxes():
    figure = plot_digit(np.zeros((28, 28), np.uint8), boxes=((-1, 2, 5, 5, theme.WEIGHT),))
    assert (figure.data[0].zmin, figure.data[0].zmax) == (0, 255)
    (box,) = figure.layout.shapes
    assert (box.y0, box.y1, box.x0, box.x1) == (-1.5, 3.5, 1.5, 6.5)


def test_arrays_of_another_shape_are_refused_in_a_sentence():
    with pytest.raises(ValueError, match="expected ten outputs, received shape"):
        plot_probabilities(np.ones(9))
    with pytest.raises(ValueError, match=r"expected a picture \(rows, columns\)"):
        plot_digit(np.ones(784))
