import numpy as np
import pytest

from nncore.figures.convolution.ablation import plot_compared, plot_each_off, plot_occlusion
from nncore.figures.convolution.projection import SHAPES, TEN, plot_exemplars, plot_space

GENERATOR = np.random.default_rng(1)
BEFORE, AFTER = np.eye(10)[7], np.full(10, 0.1)
PICTURES = GENERATOR.integers(0, 256, (10, 28, 28))


def test_two_answers_stand_side_by_side_under_their_names():
    one, other = plot_compared({"all on": BEFORE, "2 off": AFTER}, label=7).data
    assert (one.name, other.name) == ("all on", "2 off")
    np.testing.assert_array_equal(one.y, BEFORE)
    np.testing.assert_array_equal(other.y, AFTER)
    assert one.marker.color != other.marker.color


def test_two_numbers_on_one_digit_do_not_cover_each_other():
    same = plot_compared({"a": BEFORE, "b": 0.9 * BEFORE}).data
    assert not any(text for bars in same for text in bars.text)
    other = plot_compared({"a": BEFORE, "b": np.eye(10)[9]}).data
    assert [text for bars in other for text in bars.text if text] == ["100.0 %", "100.0 %"]


def test_the_true_digit_is_marked():
    names = plot_compared({"a": BEFORE, "b": AFTER}, label=7).layout.xaxis.ticktext
    assert [name for name in names if "true" in name] == ["7<br>true"]


def test_what_is_switched_off_is_in_full_colour():
    bars = plot_each_off(np.linspace(0, 1, 6), digit=7, whole=0.9, off=[2, 5]).data[0]
    assert [number for number, opacity in enumerate(bars.marker.opacity) if opacity == 1] == [2, 5]


def test_a_line_stands_where_nothing_is_off():
    assert plot_each_off(np.zeros(3), digit=7, whole=0.9).layout.shapes[0].y0 == 0.9


def test_the_map_of_probabilities_lies_over_the_picture_on_a_fixed_scale():
    kept = GENERATOR.random((28, 28))
    box = (3, 4, 7, 7)
    figure = plot_occlusion(PICTURES[0], kept, np.full((28, 28), 9), digit=7, box=box)
    below, above = figure.data
    np.testing.assert_array_equal(below.z, PICTURES[0])
    np.testing.assert_array_equal(above.z, kept)
    assert (above.zmin, above.zmax) == (0, 1)
    assert figure.layout.shapes[0].x1 - figure.layout.shapes[0].x0 == 7


def test_exemplars_are_on_the_sheet_with_a_point_and_a_caption_each():
    indices = list(range(100, 110))
    figure = plot_exemplars(PICTURES, list(range(10)), indices, largest=np.arange(10.0), chosen=103)
    np.testing.assert_array_equal(figure.data[0].z[:28, :28], PICTURES[0])
    np.testing.assert_array_equal(figure.data[0].z[34:62, 30:58], PICTURES[6])
    assert [int(number) for number in figure.data[-1].customdata] == indices
    assert [note.text for note in figure.layout.annotations][3] == "<b>3</b>"
    assert len(figure.layout.shapes) == 1


def test_a_field_over_the_border_is_cut_to_its_picture():
    fields = [(-1, 26, 4, 4)] * 10
    figure = plot_exemplars(PICTURES, [0] * 10, list(range(10)), largest=np.zeros(10), fields=fields)
    first = figure.layout.shapes[0]
    assert (first.y0, first.y1, first.x0, first.x1) == (-0.5, 2.5, 25.5, 27.5)


@pytest.mark.parametrize(("chosen", "traces"), [(None, 10), (4, 11), (5000, 10)])
def test_every_digit_is_a_trace_with_its_rows_and_the_chosen_one_is_ringed(chosen, traces):
    labels = np.arange(50) % 10
    positions = GENERATOR.normal(size=(50, 2))
    figure = plot_space(positions, labels, names=("first", "second"), chosen=chosen)
    assert len(figure.data) == traces
    for digit, trace in enumerate(figure.data[:10]):
        np.testing.assert_array_equal(trace.customdata, np.flatnonzero(labels == digit))
        np.testing.assert_array_equal(trace.x, positions[labels == digit, 0])


def test_every_digit_has_a_colour_and_a_shape_of_its_own():
    assert len(set(TEN)) == len(set(SHAPES)) == 10
