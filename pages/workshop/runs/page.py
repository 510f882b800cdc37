"""Compare runs: all of this server side by side, a search over settings, and the lecture's own four models."""

import streamlit as st

from nncore.cluster.engine import EngineError
from nncore.runs import comparison
from nncore.runs.search_space import Plan, Progress
from nncore.storage.run_record import RunRecord
from pages.training import owner
from pages.ui import challenges, lesson, widgets
from pages.workshop.runs import compare, leaderboard, lecture, rerun, script, search, table

ROOMS = {"compare": "Compare", "search": "Search", "lecture": "The lecture reproduced"}
GAIN = 0.02  # by so much the best trial of a search is better than its first


def compare_runs() -> list[RunRecord]:
    """The list and the curves of what is chosen, then differences, costs and one setting changed; the chosen runs."""
    left, right = st.columns([9, 10], gap="medium")
    with left:
        listed, chosen = table.choose(table.load())
    with right:
        compare.follow_curves(chosen)
    rerun.show(chosen)
    compare.show_differences(chosen)
    compare.show_costs(listed, chosen)
    return chosen


def solved_by(chosen: list[RunRecord], progress: Progress | None) -> dict[str, bool]:
    """Which challenges the chosen runs and the last search meet."""
    tested = [record for record in chosen if record.test_accuracy is not None]
    differing = comparison.differing([record.experiment for record in tested])
    accuracies = [trial.accuracy or 0.0 for trial in progress.tested] if progress else []
    return {
        "one_setting": len(chosen) == len(tested) == 2 and len(differing) == 1,
        "smaller": comparison.smaller_and_better(tested) is not None,
        "search": len(accuracies) >= 4 and max(accuracies) >= accuracies[0] + GAIN,
    }


owner.token()
if leaderboard.asked_for():
    leaderboard.show(lesson.prose(__file__)["board"])
    st.stop()
sections = lesson.header(__file__)
chosen: list[RunRecord] = []
plan: Plan | None = None
progress: Progress | None = None
with st.container(horizontal=True, vertical_alignment="bottom"):
    room = widgets.radio("room", "Room", tuple(ROOMS), "compare", names=ROOMS, label_visibility="collapsed")
    st.page_link(
        "pages/workshop/runs/page.py", label="Class board", query_params={"board": "1"}, icon=":material/leaderboard:"
    )
    owner.ask_nickname("Nickname", label_visibility="collapsed", placeholder="My nickname", width=200)
try:
    if room == "compare":
        chosen = compare_runs()
    elif room == "search":
        plan, progress = search.show(sections["search"])
    else:
        lecture.show(sections["reproduced"])
except EngineError as error:
    lesson.problem(str(error))
challenges.try_this(sections, solved_by(chosen, progress))
named = {f"{number}: {table.name_of(run)}": run.experiment for number, run in enumerate(chosen, 1)}
lesson.code(script.script(named, plan), "runs.py")
lesson.lecture(sections)
