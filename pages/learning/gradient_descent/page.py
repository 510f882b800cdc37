"""Gradient descent: everything that a step size can do on C = w², then on costs with valleys, saddles and noise."""

from collections.abc import Mapping

import streamlit as st

from nncore.theory.convergence import Convergence, Verdict
from nncore.theory.gradient_descent import Trajectory
from pages.learning.gradient_descent import controls, equations, picture, race
from pages.learning.gradient_descent.challenges import solved_by
from pages.learning.gradient_descent.controls import Settings
from pages.learning.gradient_descent.script import script
from pages.ui import challenges, lesson
from pages.ui.interactive_figure import element

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
    """Show the rule, its first step with its numbers and, on C = w², the factor of every step."""
    factor = [equations.factor_of_w2(path.eta)] if settings.on_w2 else []
    for formula in [*equations.equations(path), *factor]:
        st.latex(formula, width="content")


def show_picture(settings: Settings) -> Convergence:
    """Show the path on the cost and its traces with their controls; return what becomes of the path."""
    views = element.requested_views("descent", settings.controls)
    drawings = [picture.draw(view.moving.key, settings.descent, view.controls) for view in views]
    pictures = {view.name: drawing.packed for view, drawing in zip(views, drawings, strict=True)}
    element.send_pictures("descent", settings.controls, pictures, columns=2, play="steps")
    return drawings[0].convergences[views[0].moving.value]


def show_results(path: Trajectory, verdict: Verdict) -> None:
    """Show where the path ends, and what becomes of it."""
    taken = f"after {len(path.points) - 1} steps"
    with st.container(horizontal=True, vertical_alignment="center"):
        for letter, value in zip(path.descent.landscape.parameters, path.points[-1], strict=True):
            lesson.result(f"{letter}_final", f"Final {letter}", f"{value:.6g}", of=taken, width=160)
        with st.container(key="verdict"):
            BOX.get(verdict.outcome, st.success)(f"**{verdict.words}:** {verdict.reason}")
            if path.cut_off:
                st.caption(f"The path ends {taken}: beyond, the numbers are astronomically large.")


def show_steps(settings: Settings, path: Trajectory) -> None:
    """Show the section with the numbers of each step and, on C = w², the formula of the last one."""
    with lesson.expander("steps_section", "Each step with its numbers") as section:
        if not section.open:
            return
        if settings.on_w2:
            st.latex(equations.closed_form(path, settings.count))
        number, text = st.column_config.NumberColumn, st.column_config.TextColumn
        columns = {"j": number("j", width=50), "cost": number("C", format="%.6g")}
        for letter, end in zip(path.descent.landscape.parameters, ("", "_v"), strict=False):
            columns[letter] = number(letter, format="%.6g")
            columns[f"gradient{end}"] = number(f"slope ∂C/∂{letter}", format="%.6g")
            columns[f"next{end}"] = text(f"next {letter}", width="large")
        rows = equations.steps_table(path)
        st.dataframe(rows, hide_index=True, height=300, key="substitutions", column_config=columns)


@st.fragment
def show_descent(sections: Mapping[str, str]) -> None:
    """Show the path on the cost, and everything that follows from it: results, race, steps, challenges and code."""
    equation = st.container(
        key="equation", horizontal=True, horizontal_alignment="center", vertical_alignment="center", gap="medium"
    )
    settings = controls.read_settings()
    path = picture.follow(settings)
    with equation:
        show_equations(settings, path)
    convergence = show_picture(settings)
    show_results(path, convergence.after(settings.count))
    racers = race.show_race(settings, sections)
    show_steps(settings, path)
    why, tasks = st.columns([0.44, 0.56], gap="medium")
    why.markdown(f"### Why\n\n{sections[f'why {path.descent.landscape.name}']}", anchors=False)
    with tasks:
        challenges.try_this(sections, solved_by(settings, convergence))
    lesson.code(lambda: script(path, race.paths(settings, racers)), "gradient_descent.py")


sections = lesson.header(__file__)
show_descent(sections)
lesson.lecture(sections)
