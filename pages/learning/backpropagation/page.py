"""Backpropagation: a 2-2-1 network forward, its cost, backward and updated, one phase at a time."""

from __future__ import annotations

import streamlit as st

from nncore.figures.learning.cost_curve import plot_updates
from nncore.theory.network_221 import take_step, train
from pages.learning.backpropagation import controls, equations, picture
from pages.learning.backpropagation.challenges import solved_by
from pages.learning.backpropagation.controls import choose_clicked, pair
from pages.learning.backpropagation.keras_check import show_check
from pages.learning.backpropagation.script import script
from pages.ui import challenges, lesson

sections = lesson.header(__file__)
equation = st.container(
    key="equation", horizontal=True, horizontal_alignment="center", vertical_alignment="center", gap="medium"
)
left, right = st.columns([0.29, 0.71], gap="medium")
settings = controls.choose_settings(left, right, sections["only_sigmoid"])
phase, weight, updates = settings.phase, settings.weight, settings.updates
training = train(settings.network, updates)
step = take_step(training.network, settings.network)
with equation:
    st.latex(equations.equation(step, phase, weight), width="content")
known = step.until(phase)
results = (
    ("output", "Output a", known.values.get("a")),
    ("cost", "Cost C", known.values.get("C")),
    ("gradient", f"∂C/∂{weight}", known.gradients.get(weight)),
)
with left:
    for column, (key, label, value) in zip((*pair(), *pair()), results, strict=False):
        with column:
            lesson.result(key, label, "–" if value is None else f"{value + 0.0:.4g}")
    if training.cut_off:
        lesson.problem(f"The weights ran away after {len(training.costs) - 1} updates: take a smaller step size.")
with right:
    st.markdown(sections[f"phase {phase}"])
    figure, alt = picture.draw_network(step, settings)
    lesson.figure("network_drawing", figure, alt, on_select=choose_clicked, selection_mode="points")

rule, check, learning = st.columns([0.48, 0.27, 0.25], gap="medium")
with rule:
    st.markdown(f"**The chain rule of {weight}**: click another edge, or choose its name")
    with st.container(key="chain"):
        st.latex(equations.chain_rule(step, phase, weight))
    st.markdown(sections["chain"])
with learning:
    st.markdown(f"**{updates} updates on this one example**")
    lesson.figure("learning_curve", plot_updates(training.costs), f"The cost after each of {updates} updates")
challenges.try_this(sections, solved_by(step, settings))
lesson.code(script(settings), "backpropagation.py")
lesson.lecture(sections)
with check:  # at last, since it waits for a worker
    show_check(step, settings, training.network, sections["not_yet"])
