"""A CSV of pictures: one a row, its label and then its 784 grey values row by row, as MNIST is passed around."""

from __future__ import annotations

import csv
import io
import math
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nncore.data.uploads.checks import MOST, OwnDataError, Pixels, as_labels, as_pictures

COLUMNS = 785
LONGEST_LINE = 20_000
"""Bytes of 785 numbers with 24 characters each."""
ROWS_AT_ONCE = 2_000
"""Their numbers take 12 MB before they are bytes."""
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def read_csv(content: bytes) -> tuple[Pixels, Pixels]:
    """Pictures (n, 28, 28) and labels (n,), in the file's order; a first line of names may be there or not.

    OwnDataError, with the row, for a file that is not so.
    """
    lines = _lines(content)
    header = _is_header(lines[0])
    for row, line in enumerate(lines[header:], 1):
        fields = line.count(b",") + 1
        if fields != COLUMNS and line.strip():
            raise OwnDataError(
                f"Row {row}: expected {COLUMNS} numbers with commas between them, a label and 784 grey values, "
                f"received {fields}{_other_separator(line)}."
            )
    return _read_numbers(io.BytesIO(content.removeprefix(BYTE_ORDER_MARK)), skip=int(header))


def _lines(content: bytes) -> list[bytes]:
    """The checked file's lines; those of any other kind of file are too long, too many or none."""
    if b"\0" in content[:4096]:
        raise OwnDataError("Expected a CSV in plain text (UTF-8) or an .npz, received a file of another kind.")
    lines = content.removeprefix(BYTE_ORDER_MARK).split(b"\n")
    if max(map(len, lines)) > LONGEST_LINE:
        raise OwnDataError(
            f"Expected a CSV with one picture a line, received a line of more than {LONGEST_LINE:,} characters."
        )
    if len(lines) > MOST + 2:
        raise OwnDataError(f"Expected at most {MOST:,} pictures, received {len(lines):,} lines.")
    return lines


def _is_header(first: bytes) -> bool:
    """Whether the first line has names; the first of them is to be `label`, since the label has to stand there."""
    name = first.split(b",")[0].strip().strip(b'"').decode("utf-8", "replace").lower()
    try:
        float(name)
    except ValueError:
        if name != "label" or first.count(b",") + 1 != COLUMNS:
            raise OwnDataError(
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
    """In parts, so that neither memory nor other threads suffer; the rows are known to have 785 fields."""
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
        raise OwnDataError(f"Expected a CSV of numbers, received a file that says: {error}.") from None
    return np.concatenate(pictures), np.concatenate(labels)


def _name_row(first: int, place: int) -> str:
    return f"Row {first + place}"


def _complain(cells: NDArray[Any], row: int) -> None:
    """Name the first cell that is no number."""
    for (place, column), cell in np.ndenumerate(cells):
        if not _is_number(str(cell)):
            raise OwnDataError(
                f"Row {row + place}, column {column + 1}: expected a number, received “{str(cell)[:20]}”."
            )
    raise OwnDataError(f"Rows from {row} on: expected numbers that a computer can hold.")


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False
