"""Gradient descent: everything that a step size can do on C = w², then on costs with valleys, saddles and noise."""

from collections.abc import Mapping

import streamlit as st

from nncore.theory.convergence import Verdict
from nncore.theory.gradient_descent import Trajectory, factor
from pages.learning.gradient_descent import controls, race
from pages.learning.gradient_descent.controls import Settings
from pages.learning.gradient_descent.equations import closed_form, equations
from pages.learning.gradient_descent.script import script
from pages.ui import challenges, lesson
from pages.ui.latex import latex_number

BOX = {
    "diverges": st.error,
    "swings": st.warning,
    "stands_still": st.warning,
    "at_saddle": st.warning,
    "at_minimum": st.info,
    "on_its_way": st.info,
    "hovers": st.info,
}


def show_equations(settings: Settings, path: Trajectory) -> None:
    """The rule, its first step with the numbers on the screen and, where there is one, the factor."""
    for written in equations(path):
        st.latex(written, width="content")
    if settings.on_w2:
        st.latex(rf"1 - 2\eta = {latex_number(factor(path.eta))}", width="content")


def show_results(path: Trajectory, verdict: Verdict) -> None:
    """Where the path ends, and what becomes of it."""
    taken = f"after {len(path.points) - 1} steps"
    with st.container(horizontal=True, vertical_alignment="center"):
        for letter, value in zip(path.descent.landscape.parameters, path.points[-1], strict=True):
            lesson.result(f"{letter}_final", f"Final {letter}", f"{value:.6g}", of=taken, width=160)
        with st.container(key="verdict"):
            BOX.get(verdict.outcome, st.success)(f"**{verdict.words}:** {verdict.reason}")
            if path.cut_off:
                st.caption(f"The path ends {taken}: beyond, the numbers are astronomically large.")


def show_steps(settings: Settings, path: Trajectory) -> None:
    """The section with the numbers of each step and, where there is one, the formula of the last."""
    with lesson.folded("steps_section", "Each step with its numbers") as section:
        if not section.open:
            return
        if settings.on_w2:
            st.latex(closed_form(path, settings.count))
        number, text = st.column_config.NumberColumn, st.column_config.TextColumn
        columns = {"j": number("j", width=50), "cost": number("C", format="%.6g")}
        for letter, end in zip(path.descent.landscape.parameters, ("", "_v"), strict=False):
            columns[letter] = number(letter, format="%.6g")
            columns[f"gradient{end}"] = number(f"slope ∂C/∂{letter}", format="%.6g")
            columns[f"next{end}"] = text(f"next {letter}", width="large")
        rows = controls.each_step(path)
        st.dataframe(rows, hide_index=True, height=300, key="substitutions", column_config=columns)


@st.fragment
def show_lesson(sections: Mapping[str, str]) -> None:
    """The path on the cost, and what follows from it."""
    equation = st.container(
        key="equation", horizontal=True, horizontal_alignment="center", vertical_alignment="center", gap="medium"
    )
    settings = controls.read_settings()
    path = controls.follow(settings)
    with equation:
        show_equations(settings, path)
    fate = controls.show_descent(settings)
    show_results(path, fate.after(settings.count))
    racers = race.show_race(settings, sections)
    show_steps(settings, path)
    why, tasks = st.columns([0.44, 0.56], gap="medium")
    why.markdown(f"### Why\n\n{sections[f'why {path.descent.landscape.name}']}", anchors=False)
    with tasks:
        challenges.try_this(sections, controls.solved_by(settings, fate))
    lesson.code(lambda: script(path, race.paths(settings, racers)), "gradient_descent.py")


sections = lesson.header(__file__)
show_lesson(sections)
lesson.lecture(sections)
