"""The oracle: synthetic photographs of MNIST's test digits, which the reference network must read as the originals."""

import contextlib
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from nncore.data import photo as photos
from nncore.data.drawing import prepare
from nncore.data.photo import LARGEST_BYTES, PhotoError, read_photo
from nncore.reference import load_reference
from tests.support.photographs import encoded, photographed, png_header

ORIENTATION = 0x0112


def read_by_network(files):
    pictures = np.stack([prepare(read_photo(file).ink).picture for file in files])
    return load_reference("model4")(pictures[..., None].astype(np.float32)).numpy().argmax(axis=1)


@pytest.fixture(scope="module")
def digits(mnist):
    chosen = np.random.default_rng(3).choice(len(mnist.x_test), 24, replace=False)
    return mnist.x_test[chosen], mnist.y_test[chosen]


@pytest.fixture(scope="module")
def seven(mnist):
    """A photograph of the first test digit."""
    return photographed(mnist.x_test[0], np.random.default_rng(1))


@pytest.mark.parametrize("style", ["paper", "table", "chalk"])
def test_photographed_digits_are_read_nearly_always(digits, style):
    generator = np.random.default_rng(4)
    files = [encoded(photographed(x, generator, style=style), quality=80) for x in digits[0]]
    assert (read_by_network(files) == digits[1]).mean() >= 0.95


@pytest.mark.parametrize("inverted", [False, True])
def test_pictures_of_28_by_28_are_read_both_ways_round(digits, inverted):
    files = [encoded(Image.fromarray(255 - x if inverted else x), "PNG") for x in digits[0]]
    assert (read_by_network(files) == digits[1]).mean() >= 0.95


def test_dark_ink_becomes_bright_and_paper_black_whatever_the_shade(seven):
    photo = read_photo(encoded(seven))
    assert photo.dark_ink
    assert max(photo.grey.shape) == max(photo.ink.shape) == 400
    assert photo.ink.dtype == photo.grey.dtype == np.uint8
    assert photo.ink.max() == 255
    assert (photo.ink == 0).mean() > 0.8
    assert np.corrcoef(photo.ink.ravel(), photo.grey.ravel())[0, 1] < -0.5
    chalk = Image.fromarray(255 - np.asarray(seven))
    assert not read_photo(encoded(chalk)).dark_ink


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_way_the_camera_was_held_is_honoured(seven, orientation):
    """Stored as a camera would that was held so, and declared in EXIF, the picture comes out upright."""
    turned = photos.TURNS.get(orientation)
    back = {
        Image.Transpose.ROTATE_270: Image.Transpose.ROTATE_90,
        Image.Transpose.ROTATE_90: Image.Transpose.ROTATE_270,
    }
    stored = seven if turned is None else seven.transpose(back.get(turned, turned))
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    for kind in ("JPEG", "PNG"):
        upright, read = read_photo(encoded(seven, kind)), read_photo(encoded(stored, kind, exif=exif))
        assert read.grey.shape == upright.grey.shape
        assert np.abs(read.grey.astype(int) - upright.grey).mean() < 2
    assert read_by_network([encoded(stored, exif=exif)]) == [7]


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow's, about exactly this
def test_damaged_notes_of_the_camera_do_not_matter(seven):
    for notes in (
        b"Exif\x00\x00garbage",
        b"Exif\x00\x00II*\x00\xff\xff\xff\xff",
        b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\xff\xff",
    ):
        assert read_by_network([encoded(seven, exif=notes)]) == [7]


@pytest.mark.parametrize(("ink", "paper"), [(0, "transparent"), (255, "transparent"), (0, "white behind")])
def test_a_drawing_with_transparency_is_read(mnist, ink, paper):
    picture = np.zeros((280, 280, 4), np.uint8)
    opacity = np.asarray(Image.fromarray(mnist.x_test[0]).resize((280, 280)))
    picture[..., :3] = ink
    picture[..., 3] = opacity
    if paper == "white behind":
        picture[..., :3] = 255 - opacity[..., None]
        picture[..., 3] = 200
    photo = read_photo(encoded(Image.fromarray(picture), "PNG"))
    assert photo.dark_ink == (ink == 0)
    assert read_by_network([encoded(Image.fromarray(picture), "PNG")]) == [7]


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "CMYK", "I;16"])
def test_every_kind_of_png_and_jpeg_is_read(seven, mode):
    if mode == "I;16":
        image = Image.fromarray(np.asarray(seven.convert("L")).astype(np.uint16) * 257)
    else:
        image = seven.convert("L").point(lambda v: 255 * (v > 90)).convert("1") if mode == "1" else seven.convert(mode)
    assert read_by_network([encoded(image, "JPEG" if mode == "CMYK" else "PNG")]) == [7]


def specks_and_rim(picture):
    drawn = np.asarray(picture).copy()
    drawn[40:46, 400:406] = 30
    drawn[-12:] = 20
    return Image.fromarray(drawn)


def test_specks_and_what_comes_in_over_the_edge_are_left_out(mnist):
    clean = photographed(mnist.x_test[0], np.random.default_rng(8))
    soiled, expected = read_photo(encoded(specks_and_rim(clean))), read_photo(encoded(clean))
    assert prepare(soiled.ink).box == pytest.approx(prepare(expected.ink).box, abs=3)


WRONG = {
    "nothing": (lambda seven: b"", "a file of another kind"),
    "text": (lambda seven: b"A sentence is no picture.", "a file of another kind"),
    "gif": (lambda seven: encoded(seven, "GIF"), "in PNG or JPEG format, received a file of another kind"),
    "bmp": (lambda seven: encoded(seven, "BMP"), "a file of another kind"),
    "large": (lambda seven: bytes(LARGEST_BYTES + 2**19), "at most 5 MB, received 5.5 MB"),
    "cut jpeg": (lambda seven: encoded(seven)[:4000], "damaged or cut off"),
    "cut png": (lambda seven: encoded(seven, "PNG")[:9000], "damaged or cut off"),
    "too many pixels": (lambda seven: png_header(5000, 5000), "at most 20 million pixels, received 5,000 × 5,000"),
    "a bomb": (lambda seven: png_header(60_000, 60_000), "at most 20 million pixels, received"),
    "a smaller bomb": (lambda seven: png_header(10_000, 10_000), "at most 20 million pixels, received"),
    "empty paper": (lambda seven: encoded(Image.new("RGB", (600, 400), "white")), "no ink stands out"),
    "one pixel": (lambda seven: encoded(Image.new("L", (1, 1), 90), "PNG"), "no ink stands out"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_photograph_of_a_digit_is_refused_in_a_sentence(seven, name):
    made, sentence = WRONG[name]
    with pytest.raises(PhotoError, match=sentence) as refused:
        read_photo(made(seven))
    assert str(refused.value).startswith("Expected ")


def test_shaded_noisy_paper_without_ink_is_refused():
    blank = photographed(np.zeros((28, 28), np.uint8), np.random.default_rng(2))
    with pytest.raises(PhotoError, match="no ink stands out"):
        read_photo(encoded(blank))


def test_a_bomb_is_refused_before_it_is_decoded():
    """3.6 gigapixels in 200 bytes, and 30 megapixels that are really there."""
    real = encoded(Image.new("L", (6000, 5000), 255), "PNG")
    tracemalloc.start()
    for file in (png_header(60_000, 60_000), real):
        with pytest.raises(PhotoError):
            read_photo(file)
    assert tracemalloc.get_traced_memory()[1] < 2**22
    tracemalloc.stop()


def test_a_telephones_photograph_is_read(mnist):
    large = photographed(mnist.x_test[0], np.random.default_rng(1)).resize((4000, 3000))
    file = encoded(large, quality=90)
    assert len(file) < LARGEST_BYTES
    assert read_by_network([file]) == [7]


@pytest.mark.filterwarnings("ignore::UserWarning")
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damaged_bytes_give_a_picture_or_a_sentence_and_never_another_error(data):
    kind = data.draw(st.sampled_from(["JPEG", "PNG"]))
    small = Image.fromarray(np.pad(np.full((20, 4), 30, np.uint8), 20, constant_values=220))
    file = bytearray(encoded(small, kind))
    places = st.tuples(st.integers(0, len(file) - 1), st.integers(0, 255))
    for place, value in data.draw(st.lists(places, min_size=1, max_size=6)):
        file[place] = value
    with contextlib.suppress(PhotoError):
        photo = read_photo(bytes(file[: data.draw(st.integers(1, len(file)))]))
        assert photo.ink.shape == photo.grey.shape
