"""Reading an .npz of four arrays, checked before they are unpacked, since a small file can hold one of any size."""

from __future__ import annotations

import io
import zipfile
from functools import partial
from typing import Any

import numpy as np

from nncore.data.uploads.checks import Array, Pixels, UploadError, as_labels, as_pictures, check_counts
from nncore.data.uploads.zip_errors import DAMAGES
from nncore.specs.datasets import NAMES

UNPACKED_BYTES = 250_000_000
"""The most bytes of all arrays: 70,000 pictures take 220 million as float32 and 55 million as bytes."""
DIRECTORY_BYTES = 65_536
"""The most bytes of the list of contents of a zip file; an .npz with four arrays needs a few hundred."""
PICTURE_SHAPES = ((28, 28), (784,), (28, 28, 1))
CONTAINS = f"an .npz with {', '.join(NAMES)}"

Header = tuple[tuple[int, ...], np.dtype[Any]]


def read_npz(content: bytes) -> dict[str, Pixels]:
    """Read pictures (n, 28, 28) and labels (n,) as bytes, by `NAMES`; raise UploadError for a file without them."""
    _check_directory(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_shapes({name: _read_header(archive, name) for name in NAMES})
            return {name: _read_array(archive, name) for name in NAMES}
    except UploadError:
        raise
    except DAMAGES:
        raise UploadError(f"Expected {CONTAINS}, received a file that is damaged or no .npz.") from None


def _check_directory(content: bytes) -> None:
    """Raise UploadError if the list of contents is too long, since zipfile reads it whole, even with a million entries.

    The record at the end of the file has the size of the list at offset 12 (PKWARE's APPNOTE, 4.3.16); a large list
    has a record of its own, which begins 20 bytes earlier (4.3.15).
    """
    end = content.rfind(b"PK\x05\x06")
    size = int.from_bytes(content[end + 12 : end + 16], "little")
    if end < 0 or size > DIRECTORY_BYTES or content[max(end - 20, 0) : end].startswith(b"PK\x06\x07"):
        raise UploadError(f"Expected {CONTAINS}, received a file that is cut off or holds something else.")


def _read_header(archive: zipfile.ZipFile, name: str) -> Header:
    """Read the shape and type of an array from the first bytes of its file."""
    if f"{name}.npy" not in archive.namelist():
        received = ", ".join(entry.removesuffix(".npy")[:20] for entry in archive.namelist()[:6]) or "nothing"
        raise UploadError(f"Expected {CONTAINS}, received one with {received}.")
    if archive.getinfo(f"{name}.npy").compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise UploadError(f"Expected {CONTAINS} as numpy.savez_compressed writes it, received another compression.")
    with archive.open(f"{name}.npy") as file:
        version = np.lib.format.read_magic(file)
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, _, dtype = read(file)
    if dtype.kind not in "uif":
        raise UploadError(f"{name}: expected an array of numbers, received one of the type {str(dtype)[:20]}.")
    return shape, dtype


def _check_shapes(headers: dict[str, Header]) -> None:
    for part in ("train", "test"):
        x, y = headers[f"x_{part}"][0], headers[f"y_{part}"][0]
        if x[1:] not in PICTURE_SHAPES:
            raise UploadError(f"x_{part}: expected the shape (n, 28, 28), (n, 784) or (n, 28, 28, 1), received {x}.")
        if y not in ((x[0],), (x[0], 1)):
            raise UploadError(f"y_{part}: expected one label for each of {x[0]:,} pictures, received the shape {y}.")
    check_counts(headers["x_train"][0][0], headers["x_test"][0][0])
    unpacked = sum(int(np.prod(shape)) * dtype.itemsize for shape, dtype in headers.values())
    if unpacked > UNPACKED_BYTES:
        raise UploadError(
            f"Expected at most {UNPACKED_BYTES // 10**6} MB when unpacked, received {unpacked / 1e6:,.0f} MB: save "
            'grey values as bytes, with x_train.astype("uint8").'
        )


def _read_array(archive: zipfile.ZipFile, name: str) -> Pixels:
    """Unpack one array, no more of it than its shape says."""
    with archive.open(f"{name}.npy") as file:
        values: Array = np.lib.format.read_array(file, allow_pickle=False)
    where = partial("{}, picture {}".format, name)
    return as_pictures(values, where) if name.startswith("x") else as_labels(values.reshape(-1), where)
