"""Compare runs: all of this server side by side, a search over settings, and the lecture's own four models."""

import streamlit as st

from nncore.cluster.engine import EngineError
from nncore.runs.search_space import Plan, SearchProgress
from nncore.storage.run_record import RunRecord
from pages.training import owner
from pages.ui import challenges, lesson, widgets
from pages.workshop.runs import compare, leaderboard, lecture, rerun, script, search, table
from pages.workshop.runs.challenges import solved_by

ROOMS = {"compare": "Compare", "search": "Search", "lecture": "The lecture reproduced"}


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


owner.token()
if leaderboard.asked_for():
    leaderboard.show(lesson.prose(__file__)["board"])
    st.stop()
sections = lesson.header(__file__)
chosen: list[RunRecord] = []
plan: Plan | None = None
progress: SearchProgress | None = None
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
