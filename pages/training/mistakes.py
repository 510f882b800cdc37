"""The mistakes of a tested network: the confusion matrix and its images, the worst ones, accuracy by class."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import streamlit as st

from nncore.analysis import classification
from nncore.analysis.classification import Evaluation, Examples
from nncore.cluster.engine import EngineError, default_engine
from nncore.data import contact_sheet
from nncore.figures.digits.confusion import plot_captioned, plot_class_accuracy, plot_confusion
from nncore.figures.digits.mnist import plot_sheet
from nncore.registry.networks import UnknownNetworkError
from nncore.specs.datasets import TEN_DIGITS
from nncore.storage.run_store import StoreError
from pages.training import ablation
from pages.ui import lesson, widgets

MISTAKES = 12


@st.fragment
def show_mistakes(name: str, summary: Evaluation) -> None:
    """Show the confusion matrix with the images of a cell, the worst mistakes, accuracy by class, and the ablation."""
    cells = _cells(summary)
    try:
        left, right = st.columns(2, gap="medium")
        with right:
            cell = widgets.option("cell", "Pictures of a", cells)
            label, read = (int(digit) for digit in cell.split("-"))
            _show_cell(default_engine().ask(classification.open_cell, name, label, read), summary.classes)
        with left:
            drawn = plot_confusion(summary.matrix, chosen=(label, read), classes=summary.classes)
            alt = "How often each digit (rows) was read as each digit (columns); a click opens the pictures"
            lesson.figure("confusion", drawn, alt, on_select=partial(_choose_cell, cells), selection_mode="points")
        left, right = st.columns(2, gap="medium")
        with left:
            _show_mistakes(default_engine().ask(classification.open_mistakes, name, MISTAKES), summary.classes)
        with right:
            what = "Digit by digit" if summary.classes == TEN_DIGITS else "Class by class"
            st.markdown(f"**{what}**, and all of them as a line")
            drawn = plot_class_accuracy(summary.by_class, overall=summary.accuracy, classes=summary.classes, height=330)
            lesson.figure("class_accuracy", drawn, "The share of each digit's pictures that is read rightly")
        ablation.show_ablation(name, summary)
    except (EngineError, StoreError, UnknownNetworkError) as error:
        lesson.problem(str(error))


def _cells(summary: Evaluation) -> dict[str, str]:
    """Labels of the cells that hold images, by keys such as `4-9`; confusions first, the most frequent at the top."""
    counts = {cell: int(count) for cell, count in np.ndenumerate(summary.matrix) if count}
    ordered = sorted(counts, key=lambda cell: (cell[0] == cell[1], -counts[cell]))
    names = summary.classes
    return {f"{row}-{col}": f"{names[row]} read as {names[col]}: {counts[row, col]:,}" for row, col in ordered}


def _choose_cell(cells: dict[str, str]) -> None:
    """Open the clicked cell, if it holds images."""
    points = st.session_state["confusion"]["selection"]["point_indices"]
    cell = "{}-{}".format(*divmod(points[0], 10)) if points else None
    if cell in cells:
        st.session_state["cell"] = cell


def _show_cell(found: Examples, classes: Sequence[str]) -> None:
    sheet, shown = found.sheet, len(found.sheet.indices)
    height = 12 + 42 * -(-shown // contact_sheet.ACROSS)
    drawn = plot_sheet(sheet.picture, contact_sheet.corners(shown), sheet.indices, chosen=-1, height=height)
    lesson.figure("cell_pictures", drawn, f"{shown} test pictures of this cell")
    surest = found.predictions[0]
    rest = f" The first {shown} of {found.total:,} are shown." if shown < found.total else ""
    output = f"its output for {classes[surest.predicted]} is {surest.score_predicted:.3f}"
    st.caption(f"The surest first, number {surest.index}: {output}.{rest}")


def _show_mistakes(found: Examples, classes: Sequence[str]) -> None:
    digits = tuple(classes) == TEN_DIGITS
    st.markdown(
        f"**The worst mistakes:** {'digit → read as, and the outputs for the two' if digits else 'is → read as'}"
    )
    if not found.predictions:
        st.success("None: every test picture was read rightly.")
        return
    sheet, corners = found.sheet.picture, contact_sheet.corners(len(found.predictions))
    pictures = [sheet[row : row + 28, column : column + 28] for row, column in corners]
    named = [(classes[m.label], classes[m.predicted]) for m in found.predictions]
    outputs = [f"{m.score_true:.2f} → {m.score_predicted:.2f}" for m in found.predictions]
    captions = [f"<b>{a} → {b}</b><br>{both}" for (a, b), both in zip(named, outputs, strict=True)]
    if not digits:  # only the names fit
        captions = [f"<b>{a}</b><br>→ {b}" for a, b in named]
    drawn = plot_captioned(pictures, captions)
    lesson.figure("mistakes", drawn, "; ".join(f"{a} read as {b}" for a, b in named))
