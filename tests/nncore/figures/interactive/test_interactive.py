"""Moving pictures and how they are packed: what the browser unpacks is what was computed."""

import base64
import json

import numpy as np
import pytest

from nncore.figures import theme
from nncore.figures.interactive.encode import encode, pack_array, round_significant, with_header
from nncore.figures.interactive.scene import (
    Axis,
    Bars,
    FormattedNumber,
    HeatMap,
    Label,
    Line,
    Panel,
    Picture,
    Points,
    Readout,
    Rule,
    cached_mark,
    colour_scale,
)
from nncore.figures.neurons.softmax import plot_softmax
from nncore.theory.activations import softmax
from tests.support.packed import beheaded


def picture(*parts, readouts=()):
    return Picture(
        [Panel("panel", Axis("x", 0, 1), Axis("y", 0, np.array([1.0, 2.0])), parts, "Heading", "Alt")], readouts
    )


def sent(picture):
    """What the browser makes of it: the description, and each array's bytes."""
    content = encode(picture)
    assert len(content) % 4 == 0  # or the picture after it could not be read in place
    described, numbers = beheaded(content)
    arrays = [numbers[offset : offset + length] for offset, length in described["arrays"]]
    assert all(offset % 4 == 0 for offset, _ in described["arrays"])  # or float32 could not be read in place
    return described | {"arrays": arrays}


def unpacked(data, packed):
    """(rows, numbers): as many rows as positions where it moves, else one."""
    rows = np.frombuffer(data["arrays"][packed["at"]], dtype=np.float32).reshape(-1, packed["size"])
    if "times" not in packed:
        return rows
    return np.outer(np.frombuffer(data["arrays"][packed["times"]], dtype=np.float32), rows)


def parts_of(data):
    return data["panels"][0]["parts"]


def test_what_stands_still_has_one_row_and_what_moves_one_a_position():
    data = sent(picture(Line(np.arange(3.0), np.arange(6.0).reshape(2, 3), "#000000"), Rule("x", np.array([4.0, 5.0]))))
    line, rule = parts_of(data)
    np.testing.assert_array_equal(unpacked(data, line["x"]), [[0, 1, 2]])
    np.testing.assert_array_equal(unpacked(data, line["y"]), [[0, 1, 2], [3, 4, 5]])
    assert (line["x"]["moves"], line["y"]["moves"], rule["at"]["moves"]) == (False, True, True)
    np.testing.assert_array_equal(unpacked(data, data["panels"][0]["y"]["high"]), [[1], [2]])


def test_an_array_is_sent_once_however_often_it_is_drawn():
    x = np.linspace(0, 1, 50)
    data = sent(picture(Line(x, x, "#000000"), Points(x, x, "#000000")))
    assert sum(len(array) >= 200 for array in data["arrays"]) == 1


def test_one_number_that_stands_still_is_itself_unless_json_has_no_word_for_it():
    rule, other = parts_of(sent(picture(Rule("x", 0.1), Rule("x", np.inf))))
    assert rule["at"] == 0.1
    assert other["at"]["size"] == 1


@cached_mark
def ring(place, size=2.0):
    return Points(np.atleast_1d(place), np.zeros(1), "#000000", size)


def test_a_shared_part_is_one_object_where_it_stands_still_and_made_anew_where_it_moves():
    assert ring(1.0) is ring(1.0)
    assert ring(1.0, size=3.0) is ring(1.0, size=3.0) is not ring(1.0)
    moving = np.array([1.0, 2.0])
    assert ring(moving) is not ring(moving)


def test_an_error_of_a_shared_part_is_its_own():
    with pytest.raises(TypeError, match="colour"):
        cached_mark(lambda place: Points(place, place))(1.0)


@pytest.mark.parametrize("shape", [(), (6,), (2, 3), (0,)])
def test_numbers_are_rounded_in_their_shape(shape):
    numbers = np.resize([0.123456, -1234.56, np.inf, -0.0, 9.364e-14, 2.5e300], shape)
    written = np.resize([0.123, -1230.0, np.inf, -0.0, 9.36e-14, 2.5e300], shape)
    np.testing.assert_array_equal(round_significant(numbers, 3), written)


def test_what_only_grows_and_shrinks_is_sent_as_one_row_and_a_factor_a_position():
    reach = np.linspace(1e-3, 70.0, 151)
    w = reach[:, None] * np.linspace(-1.0, 1.0, 49)
    data = sent(picture(Line(w, w**2, "#000000")))
    (line,) = parts_of(data)
    assert sum(map(len, data["arrays"])) < 4 * 2 * (151 + 49 + 20)
    for found, drawn in ((line["x"], w), (line["y"], w**2)):
        np.testing.assert_allclose(unpacked(data, found), drawn, rtol=2e-7, atol=1e-12)


def one_number_off():
    rows = np.outer(np.arange(1.0, 4.0), np.arange(1.0, 6.0))
    rows[1, 2] *= 1 + 1e-6
    return rows


def with_a_gap():
    rows = np.outer(np.arange(1.0, 4.0), np.arange(1.0, 6.0))
    rows[1, 2] = np.nan
    return rows


def with_a_factor_too_small_for_float32():
    return np.outer([1e-12, 1e30], np.arange(1.0, 6.0) / 3)


@pytest.mark.parametrize(
    "rows", [one_number_off(), with_a_gap(), with_a_factor_too_small_for_float32(), np.zeros((3, 5))]
)
def test_what_is_no_product_is_sent_as_it_is(rows):
    data = sent(picture(Line(np.arange(5.0), rows, "#000000")))
    (line,) = parts_of(data)
    assert "times" not in line["y"]
    np.testing.assert_array_equal(unpacked(data, line["y"]), rows.astype(np.float32))


def test_a_row_of_zeros_among_others_stays_one():
    rows = np.outer([0.0, 1.0, -2.0], [1.0, 2.0, 4.0])
    data = sent(picture(Line(np.arange(3.0), rows, "#000000")))
    np.testing.assert_array_equal(unpacked(data, parts_of(data)[0]["y"]), rows)


def test_what_is_sent_is_json_even_where_a_path_diverged():
    endless = np.array([1.0, 1e300, np.inf, np.nan])
    data = sent(picture(Line(endless, endless, "#000000")))
    json.dumps(data["panels"], allow_nan=False)
    assert np.isinf(unpacked(data, parts_of(data)[0]["x"])[0, 1:3]).all()


def test_what_comes_after_a_head_begins_at_a_multiple_of_four_whatever_the_head_says():
    for words in ("", "a", "ab", "abc", "ŵ"):
        content = with_header({"words": words}, b"rest")
        assert beheaded(content) == ({"words": words}, b"rest")
        assert content.index(b"rest") % 4 == 0


def test_an_array_alone_is_its_shape_and_its_numbers_row_by_row():
    numbers = np.arange(6.0).reshape(1, 2, 3) / 3
    data = json.loads(json.dumps(pack_array(numbers)))
    unpacked_again = np.frombuffer(base64.b64decode(data["values"]), np.float32).reshape(data["shape"])
    np.testing.assert_allclose(unpacked_again, numbers, rtol=1e-7)


def test_numbers_in_words_are_rounded_before_they_lose_digits():
    number = 0.12345000000001
    data = sent(picture(readouts=[Readout("r", "z", FormattedNumber(np.array([number, -0.0, 9.36e-14]), "z = {}"))]))
    text = data["readouts"][0]["text"]
    assert text["template"] == "z = {}"
    assert [f"{value:.4g}" for value in unpacked(data, text["number"])[:, 0]] == [f"{number:.4g}", "0", "9.36e-14"]


def test_texts_are_collapsed_where_all_are_the_same():
    moving, still = Label(0, 0, ["a", "b"]), Label(0, 0, ["a", "a"])
    assert [part["text"] for part in parts_of(sent(picture(moving, still)))] == [["a", "b"], "a"]


def test_the_map_keeps_its_colours_and_all_that_moves_it():
    colours = np.array([[0, 1, 2], [253, 254, 255]])
    heat = HeatMap(
        colours, 0, 1, np.ones(2), np.ones(3), times=np.arange(4.0), times_rows=np.ones(2), values=np.ones((2, 3))
    )
    data = sent(picture(heat))
    (part,) = parts_of(data)
    assert list(data["arrays"][part["colours"]]) == [0, 1, 2, 253, 254, 255]
    assert part["times"]["moves"]
    assert part["values"]["size"] == 6
    assert "times_columns" not in part


@pytest.mark.parametrize("wrong", [Line(np.zeros((2, 2, 2)), np.zeros(2), "#000000"), Rule("x", np.zeros((2, 2)))])
def test_an_array_with_other_axes_is_refused_with_what_was_expected(wrong):
    with pytest.raises(ValueError, match=r"expected an array of \d axes, or \d where it moves, received \(2, 2"):
        encode(picture(wrong))


def test_a_colour_scale_has_its_colours_at_its_stops_and_mixes_them_between():
    found = colour_scale(theme.SIGNED, np.array([-1.0, 0.0, 0.5, 0.75, 1.0, 2.0])).tolist()
    assert found[0] == found[1] == [0x00, 0x72, 0xB2]
    assert found[2] == [0xF7] * 3
    assert found[3] == [round((0xE6 + 0xF7) / 2), round((0x9F + 0xF7) / 2), round(0xF7 / 2)]
    assert found[4] == found[5] == [0xE6, 0x9F, 0x00]


def test_softmax_is_shown_as_logits_then_exponentials_then_shares():
    logits = np.array([[2.0, 1.0, 0.0], [3.0, 1.0, 0.0]])
    computed = softmax(logits, 2.0)
    panels = plot_softmax(logits, computed).panels
    assert [panel.key for panel in panels] == ["logits", "exponentials", "shares"]
    for panel, expected in zip(panels, (logits, np.exp(logits / 2), computed.probabilities), strict=True):
        (bars,) = (part for part in panel.parts if isinstance(part, Bars))
        np.testing.assert_allclose(bars.y, expected)
    labels = [part for part in panels[2].parts if isinstance(part, Label)]
    np.testing.assert_allclose([label.text.number[0] for label in labels], 100 * computed.probabilities[0])
