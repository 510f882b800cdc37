"""Reading a CSV of pictures in the usual form of MNIST: one per row, its label and then its 784 pixel values."""

from __future__ import annotations

import csv
import io
import math
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nncore.data.uploads.checks import MOST, Pixels, UploadError, as_labels, as_pictures

COLUMNS = 785
LONGEST_LINE = 20_000
"""The most bytes of a line: 785 numbers with 24 characters each."""
ROWS_AT_ONCE = 2_000
"""The rows that are read at once; their numbers take 12 MB before they become bytes."""
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def read_csv(content: bytes) -> tuple[Pixels, Pixels]:
    """Read pictures (n, 28, 28) and labels (n,) in the order of the file; a header line is optional.

    Raises UploadError, which names the row, for a file of another form.
    """
    lines = _lines(content)
    header = _is_header(lines[0])
    for row, line in enumerate(lines[header:], 1):
        fields = line.count(b",") + 1
        if fields != COLUMNS and line.strip():
            raise UploadError(
                f"Row {row}: expected {COLUMNS} numbers with commas between them, a label and 784 grey values, "
                f"received {fields}{_other_separator(line)}."
            )
    return _read_numbers(io.BytesIO(content.removeprefix(BYTE_ORDER_MARK)), skip=int(header))


def _lines(content: bytes) -> list[bytes]:
    """Split the file into lines; raise UploadError if it is binary or its lines are too long or too many."""
    if b"\0" in content[:4096]:
        raise UploadError("Expected a CSV in plain text (UTF-8) or an .npz, received a file of another kind.")
    lines = content.removeprefix(BYTE_ORDER_MARK).split(b"\n")
    if max(map(len, lines)) > LONGEST_LINE:
        raise UploadError(
            f"Expected a CSV with one picture a line, received a line of more than {LONGEST_LINE:,} characters."
        )
    if len(lines) > MOST + 2:
        raise UploadError(f"Expected at most {MOST:,} pictures, received {len(lines):,} lines.")
    return lines


def _is_header(first: bytes) -> bool:
    """Tell whether the first line is a header; raise UploadError unless the first name in it is `label`."""
    name = first.split(b",")[0].strip().strip(b'"').decode("utf-8", "replace").lower()
    try:
        float(name)
    except ValueError:
        if name != "label" or first.count(b",") + 1 != COLUMNS:
            raise UploadError(
                "Expected the names label, pixel0 to pixel783 in the first line, or numbers, received a line that "
                f"begins with “{name[:20]}” and has {first.count(b',')} commas{_other_separator(first)}."
            ) from None
        return True
    return False


def _other_separator(line: bytes) -> str:
    for sign, words in ((b";", "semicolons"), (b"\t", "tabs")):
        if line.count(sign) == COLUMNS - 1:
            return f", with {words} in their place"
    return ""


def _read_numbers(file: io.BytesIO, skip: int) -> tuple[Pixels, Pixels]:
    """Read the numbers in parts, to spare memory and other threads; every row is known to have 785 fields."""
    pictures, labels, row = list[Pixels](), list[Pixels](), 1
    parts = pd.read_csv(
        file, header=None, skiprows=skip, chunksize=ROWS_AT_ONCE, quoting=csv.QUOTE_NONE, keep_default_na=False,
        encoding_errors="replace", low_memory=False,
    )  # fmt: skip
    try:
        for part in parts:
            numbers = part.to_numpy()
            if numbers.dtype.kind not in "uif":
                _complain(numbers, row)
            where = partial(_name_row, row)
            pictures.append(as_pictures(numbers[:, 1:], where))
            labels.append(as_labels(numbers[:, 0], where))
            row += len(numbers)
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise UploadError(f"Expected a CSV of numbers, received a file that says: {error}.") from None
    return np.concatenate(pictures), np.concatenate(labels)


def _name_row(first: int, offset: int) -> str:
    return f"Row {first + offset}"


def _complain(cells: NDArray[Any], row: int) -> None:
    """Raise UploadError, which names the first cell that is no number."""
    for (offset, column), cell in np.ndenumerate(cells):
        if not _is_number(str(cell)):
            raise UploadError(
                f"Row {row + offset}, column {column + 1}: expected a number, received “{str(cell)[:20]}”."
            )
    raise UploadError(f"Rows from {row} on: expected numbers that a computer can hold.")


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False
