"""Turning a photograph of a handwritten digit into a drawing: check it, turn it upright, separate ink from paper.

Nothing is decoded before its size is known, since a small file can hold a picture of any size.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError
from scipy import ndimage

Pixels = NDArray[np.uint8]
Array = NDArray[np.float64]

FORMATS = ("PNG", "JPEG")
LARGEST_BYTES = 5 * 2**20
LARGEST_PIXELS = 20_000_000
"""The most pixels of a picture: a phone takes 12 million, and a transparent PNG of 20 million decodes to 80 MB."""
WORKING_SIDE = 400
"""The longer side, in pixels, to which a photograph is reduced before anything is computed."""
FAINTEST = 0.12
"""Ink that differs from its paper by less than this share of white cannot be told from shadows and noise."""
SMALLEST_PART = 0.06
"""A patch of ink smaller than this share of the largest patch is a speck of dust."""
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""The operation that turns a picture upright, by its EXIF orientation (CIPA DC-008, tag 0x0112)."""
ORIENTATION = 0x0112
_EXPECTED_PIXELS = f"Expected a picture of at most {LARGEST_PIXELS // 10**6} million pixels,"


class PhotoError(ValueError):
    """The file is no photograph of a digit that can be prepared; the message is a sentence for the visitor."""


@dataclass(frozen=True)
class Photo:
    """A photograph and the ink in it, both uint8 (rows, columns) with at most 400 pixels on the longer side."""

    grey: Pixels
    """The photograph upright and in grey, from 0 (black) to 255 (white)."""
    ink: Pixels
    """The ink, from 0 (paper) to 255 (ink), ready for `drawing.prepare`."""
    dark_ink: bool
    """Whether the ink was darker than its paper, as with a pen; False for chalk or a drawing in white."""


def read_photo(data: bytes) -> Photo:
    """Read the photograph in the bytes of a PNG or JPEG file of up to 5 MB and 20 million pixels.

    Raises PhotoError if the file is something else, too large or damaged, or if no ink is found in it.
    """
    grey = np.asarray(_decode(data), np.uint8)
    ink, dark = _lift_ink(grey / 255)
    return Photo(grey, ink, dark)


def _decode(data: bytes) -> Image.Image:
    """Check the file and decode it to grey, upright and no larger than needed."""
    if len(data) > LARGEST_BYTES:
        raise PhotoError(
            f"Expected a file of at most {LARGEST_BYTES // 2**20} MB, received {len(data) / 2**20:.1f} MB: "
            "choose a lower resolution, or cut the picture to the digit."
        )
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            _check_size(*image.size)
            turn = TURNS.get(_orientation(image))
            image.draft("L", (2 * WORKING_SIDE, 2 * WORKING_SIDE))  # a JPEG is decoded at a fraction of its size
            grey = _on_paper(image)
    except PhotoError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PhotoError(f"{_EXPECTED_PIXELS} received one with far more.") from None
    except UnidentifiedImageError:
        raise PhotoError("Expected a picture in PNG or JPEG format, received a file of another kind.") from None
    except Exception:  # a decoder may raise anything over damaged bytes
        raise PhotoError("Expected a whole PNG or JPEG file, received one that is damaged or cut off.") from None
    grey.thumbnail((WORKING_SIDE, WORKING_SIDE), Image.Resampling.BICUBIC, reducing_gap=2.0)
    return grey if turn is None else grey.transpose(turn)


def _check_size(width: int, height: int) -> None:
    if width * height > LARGEST_PIXELS:
        raise PhotoError(f"{_EXPECTED_PIXELS} received {width:,} × {height:,}: choose a lower resolution.")


def _orientation(image: Image.Image) -> int:
    """Return the EXIF orientation, or 1 (upright) if the file has none or an invalid one."""
    try:
        return int(image.getexif().get(ORIENTATION, 1))
    except Exception:  # its notes may be damaged where the picture is not
        return 1


def _on_paper(image: Image.Image) -> Image.Image:
    """Convert to grey, with white paper behind transparent parts, or black paper if the ink is rather white."""
    if image.mode.startswith("I"):  # 16 bits, which Pillow's own conversion cuts off
        return Image.fromarray((np.asarray(image).clip(0, 65535) // 257).astype(np.uint8))
    if not image.has_transparency_data:
        return image.convert("L")
    ink = image.convert("RGBA")
    ink = ink.reduce(max(1, max(ink.size) // (2 * WORKING_SIDE)))
    opacity = np.asarray(ink.getchannel("A"), float) / 255
    brightness = np.asarray(ink.convert("RGB").convert("L"), float)
    paper = 255.0 if (brightness * opacity).sum() < 128 * opacity.sum() else 0.0
    return Image.fromarray(np.rint(brightness * opacity + paper * (1 - opacity)).astype(np.uint8))


def _lift_ink(grey: Array) -> tuple[Pixels, bool]:
    """Separate the ink, 0 to 255, from the paper, and tell whether it is dark; `grey` is 0 to 1.

    Raises PhotoError if no ink stands out.
    """
    dark = _is_dark(grey)
    paper = _paper(grey, 80 if dark else 20)
    # A shadow takes the same share from ink and paper: what counts is the share, not the difference.
    raised = (paper - grey) / np.maximum(paper, 0.2) if dark else (grey - paper) / np.maximum(1 - paper, 0.2)
    noise = 1.4826 * float(np.median(np.abs(raised - np.median(raised))))
    marked = raised[raised > _otsu(raised)] if np.ptp(raised) > FAINTEST else raised[:0]
    strength = float(np.percentile(marked, 75)) if len(marked) else 0.0
    if strength < max(FAINTEST, 4 * noise):
        raise PhotoError(
            "Expected one digit, written in dark ink on light paper or the other way round; no ink stands out in this "
            "picture. More light, a thicker pen or a closer view may help."
        )
    faint = max(0.35 * strength, 2 * noise)
    ink = np.clip((raised - faint) / max(strength - faint, 1e-6), 0, 1)
    return np.rint(255 * ink * _largest_parts(ink > 0.25)).astype(np.uint8), dark


def _is_dark(grey: Array) -> bool:
    """Tell whether ink is dark; it covers less than paper, so it is the long tail of deviations from the median."""
    rest = grey - _paper(grey, 50)
    return bool((rest**3).sum() <= 0)


def _paper(grey: Array, percentile: int) -> Array:
    """Return the brightness of the paper at every pixel, as this percentile of a wide neighbourhood."""
    step = max(1, round(max(grey.shape) / 80))
    coarse = grey[::step, ::step]
    wide = max(3, round(0.35 * max(coarse.shape)))
    paper = ndimage.percentile_filter(coarse, percentile, size=wide, mode="nearest")
    paper = ndimage.uniform_filter(paper, size=max(3, wide // 3), mode="nearest")
    coordinates = np.indices(grey.shape, float) / step
    smooth: Array = ndimage.map_coordinates(paper, coordinates, order=1, mode="nearest")
    return smooth


def _otsu(values: Array) -> float:
    """Return the threshold that best separates two groups (Otsu 1979, https://doi.org/10.1109/TSMC.1979.4310076)."""
    counts, edges = np.histogram(values, 128)
    middles = (edges[:-1] + edges[1:]) / 2
    below, total = np.cumsum(counts), np.cumsum(counts * middles)
    above = below[-1] - below
    with np.errstate(divide="ignore", invalid="ignore"):
        between = below * above * (total / below - (total[-1] - total) / above) ** 2
    return float(middles[int(np.nanargmax(np.where(above > 0, between, np.nan)))])


def _largest_parts(marked: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Mark the digit, without specks, and without anything that touches the edge if a digit lies inside."""
    parts, count = ndimage.label(marked, np.ones((3, 3)))
    sizes = np.bincount(parts.ravel(), minlength=count + 1)
    sizes[0] = 0
    rim = np.unique(np.concatenate([parts[0], parts[-1], parts[:, 0], parts[:, -1]]))
    inside = sizes.copy()
    inside[rim] = 0
    if inside.max() >= 0.15 * sizes.max():
        sizes = inside
    large = (sizes >= SMALLEST_PART * sizes.max()) & (sizes > 0)
    soft: NDArray[np.bool_] = ndimage.binary_dilation(large[parts], iterations=2)
    return soft
