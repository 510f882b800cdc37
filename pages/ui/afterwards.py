"""Below a trained network: what it reads wrongly, and what is left of it without some of its units."""

from __future__ import annotations

import time
from functools import partial

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from nncore import gallery, tested
from nncore.engine import EngineError, default_engine
from nncore.figures import confusion as figures
from nncore.figures import gallery as sheets
from nncore.models import PRESETS
from nncore.networks import UnknownNetworkError
from nncore.snapshot import Snapshot
from nncore.store import StoreError
from nncore.tested import Found, Summary
from pages.ui import coaching, lesson, places, printed, units_off
from pages.ui.network_choice import TRAINED

MISTAKES = 12
RESULT_SECONDS = 3.0  # within which a run that was just paused has its weights written


def show(run: Snapshot | None, preset: str, coach_room: DeltaGenerator, room: DeltaGenerator) -> None:
    """Fill both rooms for the page's run at rest, else for the stored reference; called last, since it is slow."""
    if run is not None and run.active:
        return
    trained = run if run is not None and run.status in TRAINED and run.epochs_done else None
    name = trained.run_id if trained else preset
    summary = None
    with room:
        st.subheader("What it reads, and what it misreads", anchor=False)
        try:
            summary = _test(name)
        except (EngineError, StoreError, UnknownNetworkError) as error:
            lesson.problem(str(error))
        if summary is not None:
            _show_tests(name, trained, summary)
    if run is not None and run.epochs_done:
        with coach_room:
            coaching.show(run, summary)


def _test(name: str) -> Summary | None:
    """Test the network part by part, so that other questions come in between; None while the workers still start."""
    engine = default_engine()
    if engine.warmed_up() is None:
        _wait_for_the_workers()
        return None
    bar, share, deadline = st.empty(), 0.0, time.monotonic() + RESULT_SECONDS
    while share < 1:
        try:
            share = engine.ask(tested.test_further, name)
        except UnknownNetworkError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
        if share < 1:
            bar.progress(share, "Reading all test digits")
    bar.empty()
    return engine.ask(tested.summarize, name)


@st.fragment(run_every=1.0)
def _wait_for_the_workers() -> None:
    try:
        if default_engine().warmed_up() is not None:
            st.rerun()
    except EngineError as error:
        lesson.problem(str(error))
        return
    st.caption(f"The test digits are read as soon as the workers are ready. {default_engine().progress}")


def _show_tests(name: str, trained: Snapshot | None, summary: Summary) -> None:
    experiment = trained.experiment if trained else PRESETS[name]
    who = "The network that was trained above" if trained else f"The stored reference run of {name}"
    st.caption(f"{who} has read {summary.tested:,} test digits, {100 * summary.accuracy:.2f} % of them rightly.")
    if not summary.sound:
        lesson.problem("Its outputs are not numbers, since the training diverged: there is nothing to look at.")
        return
    _look(name, summary)
    printed.compare(experiment, summary, stored=trained is None)


@st.fragment
def _look(name: str, summary: Summary) -> None:
    """The confusion matrix with the pictures of a cell, the worst mistakes, accuracy by digit, and units off."""
    cells = _cells(summary)
    try:
        left, right = st.columns(2, gap="medium")
        with right:
            cell = places.one_of("cell", "Pictures of a", cells)
            label, read = (int(digit) for digit in cell.split("-"))
            _show_cell(default_engine().ask(tested.open_cell, name, label, read))
        with left:
            drawn = figures.plot_confusion(summary.matrix, chosen=(label, read))
            alt = "How often each digit (rows) was read as each digit (columns); a click opens the pictures"
            lesson.figure("confusion", drawn, alt, on_select=partial(_choose_cell, cells), selection_mode="points")
        left, right = st.columns(2, gap="medium")
        with left:
            _show_mistakes(default_engine().ask(tested.open_mistakes, name, MISTAKES))
        with right:
            st.markdown("**Digit by digit**, and all of them as a line")
            drawn = figures.plot_class_accuracy(summary.by_class, overall=summary.accuracy, height=330)
            lesson.figure("class_accuracy", drawn, "The share of each digit's pictures that is read rightly")
        units_off.show(name, summary)
    except (EngineError, StoreError, UnknownNetworkError) as error:
        lesson.problem(str(error))


def _cells(summary: Summary) -> dict[str, str]:
    """The cells that hold pictures, as `4-9`, in words; confusions first, the most frequent at the top."""
    counts = {cell: int(count) for cell, count in np.ndenumerate(summary.matrix) if count}
    ordered = sorted(counts, key=lambda cell: (cell[0] == cell[1], -counts[cell]))
    return {f"{row}-{column}": f"{row} read as {column}: {counts[row, column]:,}" for row, column in ordered}


def _choose_cell(cells: dict[str, str]) -> None:
    """A click on a cell opens it, if there are pictures in it."""
    points = st.session_state["confusion"]["selection"]["point_indices"]
    cell = "{}-{}".format(*divmod(points[0], 10)) if points else None
    if cell in cells:
        st.session_state["cell"] = cell


def _show_cell(found: Found) -> None:
    sheet, shown = found.sheet, len(found.sheet.indices)
    height = 12 + 42 * -(-shown // gallery.ACROSS)
    drawn = sheets.plot_sheet(sheet.picture, gallery.corners(shown), sheet.indices, chosen=-1, height=height)
    lesson.figure("cell_pictures", drawn, f"{shown} test pictures of this cell")
    surest = found.read[0]
    rest = f" The first {shown} of {found.total:,} are shown." if shown < found.total else ""
    st.caption(f"The surest first, number {surest.index}: its output for {surest.read} is {surest.of_read:.3f}.{rest}")


def _show_mistakes(found: Found) -> None:
    st.markdown("**The worst mistakes:** digit → read as, and the outputs for the two")
    if not found.read:
        st.success("None: every test digit was read rightly.")
        return
    sheet, corners = found.sheet.picture, gallery.corners(len(found.read))
    pictures = [sheet[row : row + 28, column : column + 28] for row, column in corners]
    captions = [f"<b>{m.label} → {m.read}</b><br>{m.of_label:.2f} → {m.of_read:.2f}" for m in found.read]
    drawn = figures.plot_captioned(pictures, captions)
    lesson.figure("mistakes", drawn, "; ".join(f"a {m.label} read as {m.read}" for m in found.read))
