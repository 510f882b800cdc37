"""Compare the chosen runs: their curves, the settings that differ, the cost of accuracy, all settings at once."""

from __future__ import annotations

import html
from collections.abc import Sequence

import streamlit as st

from nncore.figures.theme import NEUTRAL
from nncore.figures.workshop.run_comparison import COLOURS, Curve, Point, plot_costs, plot_curves, plot_parallel
from nncore.runs import comparison
from nncore.storage.run_record import RunRecord
from nncore.storage.run_status import ACTIVE
from nncore.storage.run_store import StoreError, default_store
from pages.ui import lesson
from pages.workshop.runs import run_table

MOST = len(COLOURS)
MOST_AXES = 6
REFRESH_SECONDS = 1.5
PAGES = {"dense": "pages/digits/mlp/page.py", "convolutional": "pages/convolution/cnn/page.py"}


def follow_curves(chosen: Sequence[RunRecord]) -> None:
    """Draw the curves of the first MOST runs, renewed while one of them is active, and a link to each run."""
    active = any(record.status in ACTIVE for record in chosen)

    @st.fragment(run_every=REFRESH_SECONDS if active else None)
    def draw_curves() -> None:
        try:
            now = [default_store().load(record.id) or record for record in chosen[:MOST]]
        except StoreError as error:
            lesson.problem(str(error))
            return
        if not now:
            st.info("Choose runs in the list, and their curves lie over one another here.", icon=":material/checklist:")
            return
        curves = [Curve(_safe(record), record.history, colour) for record, colour in zip(now, COLOURS, strict=False)]
        lesson.figure("curves", plot_curves(curves), "Accuracy and loss of the chosen runs by epoch")
        st.caption("Training solid, validation dashed.")
        if len(chosen) > MOST:
            st.caption(f"The first {MOST} of {len(chosen)} are drawn: no more colours can be told apart.")
        if active and not any(record.status in ACTIVE for record in now):
            st.rerun()

    draw_curves()
    with st.container(key="run_links"):
        for record in chosen[:MOST]:
            _links(record)


def _links(record: RunRecord) -> None:
    page = PAGES[comparison.kind_of(record.experiment)]
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.page_link(
            page, label=f"Open {lesson.escape(run_table.name_of(record))}", query_params={"run": record.id},
            icon=":material/open_in_new:",
        )  # fmt: skip
        if record.test_accuracy is not None:
            st.page_link(
                "pages/convolution/feature_maps/page.py", label="Look inside", query_params={"run": record.id},
                icon=":material/search:",
            )  # fmt: skip


def show_differences(chosen: Sequence[RunRecord]) -> None:
    """Show a table of the settings that differ; values other than the first run's are marked."""
    if len(chosen) < 2:
        return
    st.subheader("What differs", anchor=False)
    found = comparison.differing([record.experiment for record in chosen[:MOST]])
    if not found:
        st.markdown("Nothing: these runs have the same settings, the seed among them.")
        return
    names = [f"{lesson.escape(run_table.name_of(record))}" for record in chosen[:MOST]]
    rows = []
    for setting, values in found.items():
        cells = [_cell(value, marked=value != values[0]) for value in values]
        rows.append({"setting": f"**{setting}**"} | dict(zip(names, cells, strict=True)))
    results = [("test accuracy", "–" if r.test_accuracy is None else f"{100 * r.test_accuracy:.2f} %") for r in chosen]
    rows.append({"setting": "→ test accuracy"} | dict(zip(names, (text for _, text in results), strict=False)))
    with st.container(key="differences"):
        st.table(rows, hide_index=True, alt="The settings in which the chosen runs differ")


def _cell(value: object, *, marked: bool) -> str:
    text = "–" if value is None else f"{value:g}" if isinstance(value, float) else lesson.escape(str(value))
    return f":orange-background[**{text}**]" if marked else text


def show_costs(listed: Sequence[RunRecord], chosen: Sequence[RunRecord]) -> None:
    """Plot accuracy against parameters and seconds for all tested runs; chosen runs keep the colour of their curve."""
    tested = [record for record in listed if record.test_accuracy is not None and record.seconds]
    if not tested:
        return
    colours = dict(zip((record.id for record in chosen), COLOURS, strict=False))
    points = [
        Point(
            f"{_safe(r)}: {comparison.describe(r.experiment)}", r.test_accuracy or 0.0,
            r.experiment.network.parameter_count, r.seconds or 0.0, colours.get(r.id, NEUTRAL),
        )
        for r in sorted(tested, key=lambda record: record.id in colours)
    ]  # fmt: skip
    st.subheader("What accuracy costs", anchor=False)
    lesson.figure("costs", plot_costs(points), "Test accuracy against parameters and seconds of training")
    st.caption("Each point is a listed run; chosen ones have the colour of their curve. Up and to the left is good.")
    _show_parallel(tested)


def _show_parallel(tested: Sequence[RunRecord]) -> None:
    """Draw parallel axes for at most MOST_AXES of the settings that differ, those first that most runs have."""
    st.subheader("All settings at once", anchor=False)
    found = comparison.differing([record.experiment for record in tested])
    missing = {name: sum(value is None for value in values) for name, values in found.items()}
    ranked = sorted((name for name in found if missing[name] < len(tested) / 2), key=lambda name: missing[name])[
        :MOST_AXES
    ]
    if not ranked:
        st.markdown("As soon as two tested runs differ in a setting, every run is a line through its settings here.")
        return
    drawn = plot_parallel({name: found[name] for name in ranked}, [r.test_accuracy or 0.0 for r in tested])
    lesson.figure("parallel", drawn, "Each run as a line through its settings to its test accuracy")
    st.caption("Drag along an axis to keep only the runs that pass there; the more orange a line, the more accurate.")


def _safe(record: RunRecord) -> str:
    """The run's name with HTML escaped, since Plotly interprets some of it."""
    return html.escape(run_table.name_of(record))
