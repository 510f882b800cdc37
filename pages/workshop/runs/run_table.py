"""The table of all runs of the server: filter, sort, and choose some of them to be compared."""

from __future__ import annotations

from functools import partial
from typing import Any, get_args

import pandas as pd
import streamlit as st

from nncore.runs import comparison
from nncore.storage.run_record import RunRecord, owner_mark
from nncore.storage.run_status import Status
from nncore.storage.run_store import StoreError, default_store
from pages.training import owner, run_view
from pages.ui import lesson, url_state, widgets
from pages.ui.parameters import Text

WHO = {"all": "Everybody's", "mine": "Mine"}
KINDS = {"all": "All networks", "dense": "Dense", "convolutional": "Convolutional"}
STATUSES = {"all": "Any status"} | {name: name.capitalize() for name in get_args(Status)}
ORDERS = {
    "newest": "Newest first",
    "accuracy": "Best first",
    "parameters": "Fewest parameters first",
    "seconds": "Quickest first",
    "nickname": "By nickname",
}
HEIGHT = 250


def load_runs() -> list[RunRecord]:
    """Load the newest runs and older ones that the link names; says so and returns none if the database fails."""
    try:
        records = default_store().load_all()
        known = {record.id for record in records}
        linked = [name for name in (url_state.linked("runs") or "").split(",") if name and name not in known][:10]
        older = [default_store().load(name) for name in linked]
    except StoreError as error:
        lesson.problem(str(error))
        return []
    gone = [name for name, record in zip(linked, older, strict=True) if record is None]
    if gone and not st.session_state.get("runs:deleted", set()) & set(gone):
        lesson.problem(f"No run is known here any more under “{', '.join(gone)}”, which the link names.")
    return [*records, *(record for record in older if record is not None)]


def name_of(record: RunRecord) -> str:
    """The nickname and the beginning of the id, as plain text."""
    return f"{record.nickname or 'no name'} {record.id[:4]}"


def is_mine(record: RunRecord) -> bool:
    """Whether the run was started with this visitor's token; a run without an owner is nobody's."""
    return bool(record.owner) and record.owner == owner_mark(owner.token())


def choose_runs(records: list[RunRecord]) -> tuple[list[RunRecord], list[RunRecord]]:
    """Show filters and table; return the listed runs and the chosen ones, which the filters need not list."""
    listed = _filter(records)
    by_id = {record.id: record for record in records}
    names = {record.id: _long_name(record) for record in records}
    table = st.container()
    chosen = [by_id[name] for name in widgets.several("runs", "Compare", tuple(by_id), (), names=names, told=False)]
    with table:
        _show_table(listed, [record.id for record in chosen])
    return listed, chosen


def _filter(records: list[RunRecord]) -> list[RunRecord]:
    columns = st.columns(3, gap="small")
    with columns[0]:
        who = widgets.choice("who", "Whose", tuple(WHO), "all", names=WHO)
        find = widgets.text(Text("find", "Nickname has", "", 24))
    with columns[1]:
        status = widgets.choice("status", "Status", tuple(STATUSES), "all", names=STATUSES)
        kind = widgets.choice("kind", "Network", tuple(KINDS), "all", names=KINDS)
    with columns[2]:
        order = widgets.choice("sort", "Order", tuple(ORDERS), "newest", names=ORDERS)
    token = owner.token()
    owned_by = "" if who != "mine" else owner_mark(token) if token else "nobody"
    found = comparison.sort(
        comparison.choose(records, owner=owned_by, status=status, kind=kind, find=find),
        order,  # type: ignore[arg-type]
    )
    with columns[2]:
        csv = comparison.as_csv(found)
        st.space("small")
        st.download_button(
            f"{len(found)} as CSV",
            csv,
            "runs.csv",
            "text/csv",
            key="csv",
            on_click="ignore",
            icon=":material/download:",
        )
    return found


def _long_name(record: RunRecord) -> str:
    reached = "" if record.test_accuracy is None else f", {100 * record.test_accuracy:.2f} %"
    return f"{name_of(record)}: {comparison.describe(record.experiment)}{reached}"


def _show_table(listed: list[RunRecord], chosen: list[str]) -> None:
    if not listed:
        st.info("No run fits. Train one on **A dense network** or **A convolutional network**, and it appears here.")
        return
    rows = [place for place, record in enumerate(listed) if record.id in chosen]
    st.session_state["run_rows"] = {"selection": {"rows": rows, "columns": [], "cells": []}}
    st.dataframe(
        pd.DataFrame([_row(record) for record in listed]),
        key="run_rows",
        height=HEIGHT,
        hide_index=True,
        on_select=partial(_take_rows, [record.id for record in listed], chosen),
        selection_mode="multi-row",
        alt="The runs of this server; tick those to be compared",
        column_config={
            "": st.column_config.TextColumn(width=30),
            "test %": st.column_config.NumberColumn(format="%.2f"),
            "parameters": st.column_config.NumberColumn(format="localized"),
            "seconds": st.column_config.NumberColumn(format="%.1f"),
        },
    )


def _row(record: RunRecord) -> dict[str, Any]:
    return {
        "": "★" if is_mine(record) else "",
        "nickname": record.nickname,
        "test %": None if record.test_accuracy is None else 100 * record.test_accuracy,
        "network": comparison.describe(record.experiment),
        "parameters": record.experiment.network.parameter_count,
        "seconds": record.seconds,
        "status": run_view.STATUS[record.status],
        "run": record.id[:4],
    }


def _take_rows(listed: list[str], chosen: list[str]) -> None:
    """Choose the ticked rows; chosen runs that are not listed stay chosen."""
    rows = st.session_state["run_rows"]["selection"]["rows"]
    kept = [name for name in chosen if name not in listed]
    st.session_state["runs"] = [*kept, *(listed[row] for row in rows if row < len(listed))]
