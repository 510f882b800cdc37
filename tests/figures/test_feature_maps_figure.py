import numpy as np
import pytest

from nncore.figures import theme
from nncore.figures.digits import percent, plot_digit, plot_probabilities
from nncore.figures.feature_maps import plot_cells, plot_layers, plot_map, plot_sums, short, targets, tile

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


def test_every_layer_is_a_picture_and_every_map_can_be_clicked():
    figure = plot_layers(LAYERS, layer=1, chosen=3)
    assert [trace.type for trace in figure.data] == ["heatmap"] * 4 + ["scatter"]
    assert len(figure.data[-1].x) == len(targets(LAYERS)) == 20 + 20 + 100 + 10
    assert targets(LAYERS)[23] == (1, 3)
    frame = next(shape for shape in figure.layout.shapes if shape.line.color == theme.OUTPUT)
    assert frame.x0 < figure.data[-1].x[23] < frame.x1
    assert frame.y0 < figure.data[-1].y[23] < frame.y1


def test_the_layers_do_not_overlap():
    figure = plot_layers(LAYERS, layer=0, chosen=0)
    tops = [trace.y0 - trace.dy / 2 for trace in figure.data[:-1]]
    bottoms = [top + trace.dy * np.asarray(trace.z).shape[0] for top, trace in zip(tops, figure.data, strict=False)]
    assert all(bottom < top for bottom, top in zip(bottoms[:-1], tops[1:], strict=True))
    assert bottoms[-1] <= figure.layout.height


def test_signed_values_are_centred_on_zero_and_others_are_grey():
    signed, grey = plot_layers(LAYERS, layer=0, chosen=0).data[2], plot_layers(LAYERS, layer=0, chosen=0).data[0]
    assert (signed.zmin, signed.zmax) == (-1, 1)
    assert [colour for _, colour in signed.colorscale] == [colour for _, colour in theme.SIGNED]
    assert (grey.zmin, grey.zmax) == (0, MAPS.max())
    assert [colour for _, colour in grey.colorscale] == [colour for _, colour in theme.GREY]


def test_a_layer_of_zeros_is_black_and_not_an_error():
    assert plot_map(np.zeros((5, 5)), chosen=(0, 0)).data[0].zmax == 1


def test_a_click_on_the_map_counts_pixels_row_by_row():
    figure = plot_map(MAPS[:10, :, 0], chosen=(4, 7))
    points = figure.data[1]
    assert divmod(4 * 24 + 7, 24) == (points.y[4 * 24 + 7], points.x[4 * 24 + 7])
    (frame,) = figure.layout.shapes
    assert (frame.x0, frame.x1, frame.y0, frame.y1) == (6.5, 7.5, 3.5, 4.5)


def test_small_pictures_carry_their_numbers_and_large_ones_do_not():
    assert np.array_equal(plot_cells(np.full((2, 2), -1.5), title="kernel").data[0].text, [["−1.50"] * 2] * 2)
    assert plot_cells(np.ones((28, 28)), title="weights").data[0].text is None


def test_the_white_of_a_patch_can_be_that_of_the_whole_picture():
    assert plot_cells(np.full((5, 5), 67.0), title="patch", largest=255).data[0].zmax == 255


@pytest.mark.parametrize(
    ("value", "written"),
    [(0.0, "0"), (-0.0, "0"), (254.0, "254"), (-0.004, "0.00"), (-0.137, "−0.14"), (13.58, "13.6"), (-312.4, "−312")],
)
def test_numbers_in_cells_stay_short(value, written):
    assert short(value) == written


def test_the_sums_end_with_the_bias_in_the_colour_of_weights():
    bars = plot_sums(np.array([1.0, -2.0]), 0.5, chosen=1).data[0]
    assert list(bars.y) == [1.0, -2.0, 0.5]
    assert bars.marker.color[-1] == theme.WEIGHT
    assert bars.marker.opacity[1] > bars.marker.opacity[0]


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
