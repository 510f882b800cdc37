"""Gradient descent: everything that a step size can do on C = w², then on costs with valleys, saddles and noise."""

from typing import NamedTuple

import streamlit as st

from nncore.theory.gradient_descent import factor
from pages.learning.gradient_descent import controls, script
from pages.learning.gradient_descent import race as racing
from pages.learning.gradient_descent.controls import Settings
from pages.learning.gradient_descent.equations import equations
from pages.learning.gradient_descent.race import Racers
from pages.ui import challenges, latex, lesson
from pages.ui.latex import tex
from pages.ui.lazy_sections import sections as rooms

BOX = {
    "diverges": st.error,
    "swings": st.warning,
    "stands_still": st.warning,
    "at_saddle": st.warning,
    "at_minimum": st.info,
    "on_its_way": st.info,
    "hovers": st.info,
}


class Shown(NamedTuple):
    """How the descent is set, and which tasks that solves."""

    settings: Settings
    solved: dict[str, bool]


def descent() -> Shown:
    """The path on the cost with its controls and numbers."""
    equation = st.container(
        key="equation", horizontal=True, horizontal_alignment="center", vertical_alignment="center", gap="medium"
    )
    settings = controls.read_settings()
    eta, steps, cost = settings.eta.value, settings.count, settings.descent.landscape
    path = controls.follow(settings)
    picture = st.container()  # filled after the numbers below it, which are there at once

    with equation:
        for written in equations(path):
            st.latex(written, width="content")
        if settings.on_w2:
            st.latex(rf"1 - 2\eta = {tex(factor(eta))}", width="content")

    numbers = st.container(horizontal=True, vertical_alignment="center")
    with picture:
        fate = controls.show_descent(settings)
    judged = fate.after(steps)
    with numbers:
        taken = f"after {len(path.points) - 1} steps"
        for letter, value in zip(cost.parameters, path.points[-1], strict=True):
            lesson.result(f"{letter}_final", f"Final {letter}", f"{value:.6g}", of=taken, width=160)
        with st.container(key="verdict"):
            BOX.get(judged.outcome, st.success)(f"**{judged.words}:** {judged.reason}")
            if path.cut_off:
                st.caption(f"The path ends {taken}: beyond, the numbers are astronomically large.")

    on_w2 = settings.on_w2 and settings.start[0] != 0
    in_a_valley, deepest = fate.place in cost.minima, fate.place == cost.minima[0]
    solved = {
        "arrive": on_w2 and eta == 0.5,
        "swing": on_w2 and eta == 1,
        "mirror": on_w2 and eta == 0.99,
        "over": cost.name == "double_well" and settings.descent.seed is None and settings.start[0] >= 3 and deepest,
        "saddle": cost.name == "saddle" and settings.start[1] == 0 and judged.outcome == "hovers" and in_a_valley,
    }
    challenges.remember(solved)
    return Shown(settings, solved)


def race(shown: Shown) -> Racers:
    """Other optimisers from the same start; who takes part."""
    return racing.show_race(shown.settings, sections)


def steps(shown: Shown, racers: Racers) -> None:
    """Why, each step with its numbers, the tasks and the code."""
    settings = shown.settings
    cost = settings.descent.landscape
    path = controls.follow(settings)
    why, table = st.columns([0.44, 0.56], gap="medium")
    with why:
        reason = f"### Why\n\n{sections[f'why {cost.name}']}"
        if settings.on_w2:
            n = latex.factor
            power = rf"{n(factor(settings.eta.value))}^{{{settings.count}}}\cdot {n(settings.start[0])}"
            power += f" = {tex(path.points[-1, 0])}"
            reason += f"\n\n$$\nw_{{{settings.count}}} = (1 - 2\\eta)^{{{settings.count}}}\\,w_0 = {power}\n$$"
        st.markdown(reason, anchors=False)
    with table:
        st.subheader("Each step", anchor=False)
        number, text = st.column_config.NumberColumn, st.column_config.TextColumn
        columns = {"j": number("j", width=50), "cost": number("C", format="%.6g")}
        for letter, end in zip(cost.parameters, ("", "_v"), strict=False):
            columns[letter] = number(letter, format="%.6g")
            columns[f"gradient{end}"] = number(f"slope ∂C/∂{letter}", format="%.6g")
            columns[f"next{end}"] = text(f"next {letter}", width="large")
        rows = controls.each_step(path)
        st.dataframe(rows, hide_index=True, height=300, key="substitutions", column_config=columns)
    challenges.try_this(sections, shown.solved)
    lesson.code(script.script(path, racing.paths(settings, racers)), "gradient_descent.py")


sections = lesson.header(__file__)
rooms.show(descent, race, steps)
lesson.lecture(sections)
