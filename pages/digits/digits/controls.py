"""The controls of the page about the digits: which pictures are browsed, and which one of them is chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from nncore.cluster.engine import default_engine
from nncore.data.contact_sheet import SHEET, ContactSheet, browse
from pages.ui import url_state, widgets

SPLITS = {"train": "Training", "test": "Test"}


@dataclass(frozen=True)
class Settings:
    """What is browsed and chosen."""

    split: str
    """`train` or `test`."""
    digit: int
    sheet: ContactSheet
    index: int
    """The number of the chosen picture in its split."""


def choose_digit_and_split(columns: Sequence[DeltaGenerator]) -> tuple[int, str]:
    """Choose the digit and the split in the first two columns."""
    with columns[0]:
        digit = int(widgets.choice("digit", "Digit", tuple("0123456789"), "0"))
    with columns[1]:
        split = widgets.radio("split", "Pictures", tuple(SPLITS), "test", names=SPLITS)
    return digit, split


def choose_picture(
    columns: Sequence[DeltaGenerator], digit: int, split: str, counts: Mapping[str, NDArray[np.intp]]
) -> Settings:
    """Choose the contact sheet and one picture in the last two columns; `counts` are those of `class_counts`.

    Another digit, split or sheet brings its first picture. Raises EngineError if no worker answers with the sheet.
    """
    with columns[2]:
        number = widgets.index_number("sheet", "Sheet", int(counts[split][digit] - 1) // SHEET)
    sheet = default_engine().ask(browse, split, digit, number * SHEET)
    first, browsed = int(sheet.indices[0]), (split, digit, number)
    if url_state.previous("browsed", browsed) != browsed:
        st.session_state["index"] = first
    with columns[3]:
        label = f"Number of the {SPLITS[split].lower()} picture"
        index = widgets.index_number("index", label, int(counts[split].sum()) - 1, first)
    return Settings(split, digit, sheet, index)


def choose_clicked_picture(indices: NDArray[np.intp]) -> None:
    """Choose the picture that was clicked on the contact sheet, whose pictures have these `indices`, (n,)."""
    points = st.session_state["sheet_figure"]["selection"]["point_indices"]
    if points:
        st.session_state["index"] = int(indices[points[0]])
