"""Synthetic photographs: digits of MNIST as ink on shaded paper, as the bytes of a file. Not a test itself."""

import io
import struct
import zlib

import numpy as np
from PIL import Image, ImageFilter


def encoded(image, kind="JPEG", **options):
    """The bytes of a Pillow image as a file."""
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def photographed(digit, generator, *, style="paper", side=700):
    """A Pillow picture of a digit (28, 28) somewhere on shaded, noisy paper; `table` shows the table beside it."""
    height, size = side * 3 // 4, int(generator.integers(0.3 * side, 0.65 * side))
    big = np.asarray(Image.fromarray(digit).resize((size, size), Image.Resampling.BICUBIC), float) / 255
    ink = np.zeros((height, side))
    row, column = (int(generator.integers(0, room - size + 1)) for room in ink.shape)
    ink[row : row + size, column : column + size] = big
    rows, columns = np.indices(ink.shape)
    angle = generator.uniform(0, 2 * np.pi)
    shade = (np.cos(angle) * columns / side + np.sin(angle) * rows / height + 1) / 2
    light = 0.85 * (1 - 0.45 * shade) * (1 - 0.75 * ink)
    if style == "table":
        light[:, : int(generator.integers(20, 80))] = 0.2
    if style == "chalk":
        light = 1 - light
    light += generator.normal(0, 0.02, light.shape)
    image = Image.fromarray((255 * np.clip(light, 0, 1)).astype(np.uint8))
    return image.filter(ImageFilter.GaussianBlur(1.5)).convert("RGB")


def png_header(width, height):
    """A PNG that claims to be so large and holds nothing."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )
