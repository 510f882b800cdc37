"""Reading an uploaded CSV or .npz as a data set, checked before and while it is read.

A file may be anything: nothing is unpacked before its size is known, nothing in it is run, and an error says what was
expected and what was received.
"""

from __future__ import annotations

import io

import numpy as np

from nncore.data.dataset import Dataset
from nncore.data.uploads.checks import LARGEST_BYTES, Pixels, UploadError, check_brightness, check_counts
from nncore.data.uploads.csv_file import read_csv
from nncore.data.uploads.npz_file import read_npz
from nncore.specs.datasets import NAMES


def read_upload(content: bytes, file_name: str) -> Dataset:
    """Read the data set in the bytes of a CSV or .npz file, whose first bytes tell which of the two it is.

    A CSV gives the last sixth of each class for testing and the rest for training, both in the order of the file; an
    .npz has its own test pictures. Raises UploadError if the file cannot be used.
    """
    if len(content) > LARGEST_BYTES:
        raise UploadError(
            f"Expected a file of at most {LARGEST_BYTES // 2**20} MB, received {len(content) / 2**20:.1f} MB: "
            "take fewer pictures, or an .npz made with numpy.savez_compressed."
        )
    packed = content.startswith(b"PK")
    arrays = read_npz(content) if packed else split(*read_csv(content))
    check_counts(len(arrays["x_train"]), len(arrays["x_test"]))
    check_brightness(arrays["x_train"], "x_train" if packed else "Pixels")
    return _dataset(arrays, f"the file {file_name}")


def split(pictures: Pixels, labels: Pixels) -> dict[str, Pixels]:
    """Split off the last sixth of each class for testing, so that a file sorted by class gives each to both parts."""
    test = np.zeros(len(labels), bool)
    for label in range(10):
        indices = np.flatnonzero(labels == label)
        test[indices[len(indices) - len(indices) // 6 :]] = True
    parts = (pictures[~test], labels[~test], pictures[test], labels[test])
    return dict(zip(NAMES, parts, strict=True))


def pack(dataset: Dataset) -> bytes:
    """Return the four arrays as the bytes of a compressed .npz without pickles."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **{name: getattr(dataset, name) for name in NAMES})
    return buffer.getvalue()


def unpack(packed: bytes, source: str) -> Dataset:
    """Return the data set that `pack` made into bytes, with this description of its source."""
    with np.load(io.BytesIO(packed), allow_pickle=False) as arrays:
        return _dataset({name: arrays[name] for name in NAMES}, source)


def _dataset(arrays: dict[str, Pixels], source: str) -> Dataset:
    x_train, y_train, x_test, y_test = (arrays[name] for name in NAMES)
    return Dataset(x_train, y_train, x_test, y_test, source, licence="", things="pictures")
