"""Gradient descent with one parameter: everything that a step size can do, on C = w²."""

import pandas as pd
import streamlit as st

from nncore.descent import descend, factor, verdict
from nncore.figures.descent import plot_path, plot_trace
from pages.ui import challenges, controls, lesson, numerals
from pages.ui.numerals import tex

BOX = {"diverges": st.error, "swings": st.warning, "stands_still": st.warning, "at_minimum": st.info}

SCRIPT = """\
def cost(w):
    return w**2

def gradient(w):
    return 2 * w

eta = {eta}      # step size
w = {w0}         # first guess

for step in range({steps}):
    w = w - eta * gradient(w)
    print('step', step + 1, ' w = %.6g' % w, ' C = %.6g' % cost(w))
"""

sections = lesson.header(__file__)
equation = st.container(
    key="equation", horizontal=True, horizontal_alignment="center", vertical_alignment="center", gap="medium"
)
left, middle, right = st.columns([0.28, 0.36, 0.36], gap="medium")

with left:
    eta = controls.slider("eta", "Step size η", 0.0, 1.5, 0.1, step=0.01, format="%.6g")
    w0 = controls.slider("w0", "First guess w₀", -5.0, 5.0, 4.0, step=0.1, format="%.6g")
    steps = controls.slider("steps", "Steps", 1, 50, 20)

path = descend(eta, w0, steps)
judged = verdict(eta, w0)
times = factor(eta)

with equation:
    n = numerals.factor
    general = r"w_{j+1} = w_j - \eta\,\frac{\partial C}{\partial w_j}"
    st.latex(rf"{general} = w_j - {tex(eta)}\cdot 2w_j", width="content")
    st.latex(rf"w_1 = {tex(w0)} - {tex(eta)}\cdot 2\cdot {n(w0)} = {tex(path.w[1])}", width="content")
    st.latex(rf"1 - 2\eta = {tex(times)}", width="content")

with left:
    lesson.result("w_final", "Final w", f"{path.w[-1]:.6g}", of=f"after {len(path.w) - 1} steps")
    with st.container(key="verdict"):
        BOX.get(judged.outcome, st.success)(f"**{judged.words}:** {judged.reason}")
    if path.cut_off:
        lesson.problem(f"The path ends after {len(path.w) - 1} steps: beyond, the numbers are astronomically large.")

with middle:
    lesson.figure("path", plot_path(path), f"{steps} steps on the curve C = w² from w = {w0:g}. {judged.words}.")
with right:
    lesson.figure("trace", plot_trace(path), f"w and C against the step, from w = {w0:g} to {path.w[-1]:.6g}.")

why, table = st.columns([0.44, 0.56], gap="medium")
with why:
    st.subheader("Why: one factor", anchor=False)
    st.markdown(sections["factor"])
    st.latex(rf"w_{{{steps}}} = (1 - 2\eta)^{{{steps}}}\,w_0 = {n(times)}^{{{steps}}}\cdot {n(w0)} = {tex(path.w[-1])}")
with table:
    st.subheader("Each step", anchor=False)
    rows = pd.DataFrame(
        {"w": path.w[:-1], "cost": path.cost[:-1], "gradient": path.gradient[:-1], "next": path.substitutions}
    ).rename_axis("j")
    number = st.column_config.NumberColumn
    st.dataframe(
        rows,
        height=300,
        key="substitutions",
        column_config={
            "j": number("j", width=50),
            "w": number("w", format="%.6g"),
            "cost": number("C = w²", format="%.6g"),
            "gradient": number("gradient 2w", format="%.6g"),
            "next": st.column_config.TextColumn("w − η·2w", width="large"),
        },
    )

challenges.try_this(
    sections,
    {"arrive": eta == 0.5 and w0 != 0, "swing": eta == 1 and w0 != 0, "mirror": eta == 0.99 and w0 != 0},
)
lesson.code(SCRIPT.format(eta=eta, w0=w0, steps=steps), "gradient_descent.py")
lesson.lecture(sections)
