"""Actions on the chosen runs: train one again with a setting changed, and delete the visitor's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st
from pydantic import ValidationError

from nncore.runs.service import default_runs
from nncore.specs.experiment import Experiment, explain
from nncore.specs.settings import HYPERPARAMETERS, available, vary
from nncore.storage.run_record import RunRecord
from nncore.storage.run_status import ACTIVE
from pages.training import buttons, owner, settings
from pages.ui import lesson, widgets
from pages.workshop.runs import run_table

PROBLEMS = "runs:problems"


def show_actions(chosen: Sequence[RunRecord]) -> None:
    """Offer the actions for the chosen runs, and say below them what failed."""
    if chosen:
        st.subheader("Change one setting", anchor=False)
        with st.container(key="rerun"):
            _rerun(chosen)
        _offer_to_delete([record for record in chosen if run_table.is_mine(record) and record.status not in ACTIVE])
    for sentence in st.session_state.pop(PROBLEMS, []):
        lesson.problem(sentence)


def _rerun(chosen: Sequence[RunRecord]) -> None:
    columns = st.columns([3, 3, 2, 2], vertical_alignment="bottom")
    by_id = {record.id: record for record in chosen}
    with columns[0]:
        names = {name: run_table.name_of(record) for name, record in by_id.items()}
        record = by_id[widgets.option("rerun_of", "The same as", names)]
    with columns[1]:
        labels = {name: HYPERPARAMETERS[name].label for name in available(record.experiment)}
        setting = widgets.option("change", "but another", labels)
    with columns[2]:
        value = _new_value(setting, record.experiment)
    experiment, trouble = _vary(record.experiment, setting, value)
    same = experiment is not None and experiment == record.experiment
    with columns[3]:
        st.button(
            "Train it", key="train_again", icon=":material/play_arrow:", type="primary",
            disabled=experiment is None or same, on_click=_train, args=(experiment,),
        )  # fmt: skip
    if trouble:
        lesson.problem(trouble)


def _new_value(name: str, experiment: Experiment) -> Any:
    setting, now = HYPERPARAMETERS[name], HYPERPARAMETERS[name].get(experiment)
    key = f"to_{name}"
    if setting.options:
        return widgets.choice(key, "namely", setting.options, str(now), names=settings.NAMES)
    if isinstance(now, bool):
        return widgets.switch(key, setting.label, now)
    step = 1 if isinstance(setting.low, int) else 0.001
    return widgets.number(key, "namely", setting.low, setting.high, now, step=step, **_format(setting.low))


def _format(low: float) -> dict[str, str]:
    return {} if isinstance(low, int) else {"format": "%g"}


def _vary(experiment: Experiment, setting: str, value: Any) -> tuple[Experiment | None, str]:
    try:
        return vary(experiment, {setting: value}), ""
    except ValidationError as error:
        return None, f"These settings make no network: {'; '.join(explain(error))}."


def _train(experiment: Experiment) -> None:
    """Submit the experiment and choose its run too, so that its curve grows beside the others."""
    try:
        token = owner.token_for_training()
        run_id = default_runs().submit(experiment, owner=token, nickname=owner.nickname())
    except buttons.TROUBLES as error:  # BusyError is a RefusedError
        st.session_state[PROBLEMS] = [str(error)]
        return
    st.session_state["runs"] = [*st.session_state.get("runs", []), run_id]


def _offer_to_delete(own: Sequence[RunRecord]) -> None:
    if not own:
        return
    words = "this run of mine" if len(own) == 1 else f"these {len(own)} runs of mine"
    with st.popover(f"Delete {words}", icon=":material/delete:"):
        st.markdown(", ".join(lesson.escape(run_table.name_of(record)) for record in own))
        st.caption("With their weights, for good.")
        st.button("Delete", key="delete", on_click=_delete, args=([record.id for record in own],))


def _delete(run_ids: Sequence[str]) -> None:
    problems, gone = [], st.session_state.setdefault("runs:deleted", set())
    for run_id in run_ids:
        try:
            default_runs().delete(run_id, owner.token())
            gone.add(run_id)
        except buttons.TROUBLES as error:
            problems.append(str(error))
    st.session_state[PROBLEMS] = problems
