"""Compare runs: the runs of this server side by side, a search over settings, and the lecture's four models."""

import streamlit as st

from nncore.cluster.engine import EngineError
from nncore.runs.search_space import Plan, SearchProgress
from nncore.storage.run_record import RunRecord
from pages.training import owner
from pages.ui import challenges, lesson, widgets
from pages.workshop.runs import compare, leaderboard, lecture_models, run_actions, run_table, script, search
from pages.workshop.runs.challenges import solved_by

SECTIONS = {"compare": "Compare", "search": "Search", "lecture": "The lecture reproduced"}


def compare_runs() -> list[RunRecord]:
    """Show the list beside the curves of the chosen runs, then what can be done with them; return the chosen runs."""
    left, right = st.columns([9, 10], gap="medium")
    with left:
        listed, chosen = run_table.choose_runs(run_table.load_runs())
    with right:
        compare.follow_curves(chosen)
    run_actions.show_actions(chosen)
    compare.show_differences(chosen)
    compare.show_costs(listed, chosen)
    return chosen


owner.token()
if leaderboard.is_requested():
    leaderboard.show_leaderboard(lesson.prose(__file__)["board"])
    st.stop()
sections = lesson.header(__file__)
chosen: list[RunRecord] = []
plan: Plan | None = None
progress: SearchProgress | None = None
with st.container(horizontal=True, vertical_alignment="bottom"):
    section = widgets.radio("room", "Room", tuple(SECTIONS), "compare", names=SECTIONS, label_visibility="collapsed")
    st.page_link(
        "pages/workshop/runs/page.py", label="Class board", query_params={"board": "1"}, icon=":material/leaderboard:"
    )
    owner.ask_nickname("Nickname", label_visibility="collapsed", placeholder="My nickname", width=200)
try:
    if section == "compare":
        chosen = compare_runs()
    elif section == "search":
        plan, progress = search.show_search(sections["search"])
    else:
        lecture_models.show_lecture_model(sections["reproduced"])
except EngineError as error:
    lesson.problem(str(error))
challenges.try_this(sections, solved_by(chosen, progress))
named = {f"{number}: {run_table.name_of(run)}": run.experiment for number, run in enumerate(chosen, 1)}
lesson.code(script.script(named, plan), "runs.py")
lesson.lecture(sections)
