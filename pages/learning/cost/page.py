"""Two costs of one neuron, why cross-entropy learns faster from a bad mistake, and a cost as a sum of squares."""

import numpy as np
import pyarrow as pa
import streamlit as st

from nncore.theory.cost_functions import judge
from nncore.theory.least_squares import STEP_SIZE, X, Y, best_line, measure
from pages.learning.cost import pictures, script
from pages.ui import challenges, latex, lesson, widgets
from pages.ui.interactive_figure import control
from pages.ui.latex import latex_number

sections = lesson.header(__file__)
equation = st.container(
    key="equation", horizontal=True, horizontal_alignment="center", vertical_alignment="center", gap="medium"
)
w = control.read("w", "Weight w", -5.0, 5.0, 1.5, step=0.1)
b = control.read("b", "Bias b", -5.0, 5.0, 1.0, step=0.1)
left, right = st.columns([0.27, 0.73], gap="medium")
with left:
    y = int(widgets.radio("y", "Target y", ["0", "1"], "0"))
    against = widgets.radio("against", "Costs against", ["output", "z"], "output")

z = round(w.value + b.value, 12)  # without the crumbs of binary arithmetic
here = judge(z, y)

with equation:
    n = latex.latex_factor
    a = latex_number(float(here.output))
    answer, chance = ("a", here.output) if y == 1 else ("1 - a", judge(-z, 1).output)
    error = latex_number(float(here.cross_entropy_gradient))  # a - y, not yet rounded where a is next to y
    quadratic, cross_entropy = latex_number(float(here.quadratic)), latex_number(float(here.cross_entropy))
    neuron = rf"\sigma(w\cdot 1 + b) = \sigma({latex_number(w.value)} + {n(b.value)}) = \sigma({latex_number(z)}) = {a}"
    st.latex(rf"a = {neuron}", width="content")
    st.latex(rf"C_\text{{quadratic}} = \tfrac12(a - y)^2 = \tfrac12({error})^2 = {quadratic}", width="content")
    general = r"C_\text{cross-entropy} = -[y\ln a + (1 - y)\ln(1 - a)]"
    st.latex(rf"{general} = -\ln({answer}) = -\ln({latex_number(float(chance))}) = {cross_entropy}", width="content")

RESULTS = (
    ("quadratic", "Quadratic C", here.quadratic),
    ("cross_entropy", "Cross-entropy C", here.cross_entropy),
    ("quadratic_gradient", "its dC/dz", here.quadratic_gradient),
    ("cross_entropy_gradient", "its dC/dz", here.cross_entropy_gradient),
)
with left:
    for row in (RESULTS[:2], RESULTS[2:]):
        for column, (key, label, value) in zip(st.columns(2, wrap=False), row, strict=True):
            with column:
                lesson.result(key, label, f"{value:.4g}")
with right:  # after the numbers, which are there at once
    pictures.show_neuron(w, b, y, against)

st.subheader("Trained from here, once on each cost", anchor=False)
eta = control.read("eta", "Step size η", 0.0, 2.0, 0.15, step=0.05)
steps = control.read("steps", "Steps", 0, 300, 100, step=5)
slow, fast = pictures.show_training(eta, steps, (w.value, b.value), y)
one, other, text = st.columns([0.17, 0.17, 0.66], vertical_alignment="center")
with one:
    lesson.result("quadratic_output", "a, quadratic", f"{slow.output[-1]:.4g}", of=f"target {y}")
with other:
    lesson.result("cross_entropy_output", "a, cross-entropy", f"{fast.output[-1]:.4g}", of=f"target {y}")
text.markdown(sections["why"])

st.subheader("Over data: a sum of squares", anchor=False)
slope, offset = pictures.read_line()
line, least = measure(slope.value, offset.value), measure(*best_line())
terms = " + ".join(f"{square:.3g}" for square in line.squares)
squared = " + ".join(rf"({error:.3g})^2" for error in line.errors)
with st.container(key="equation_data", horizontal=True, horizontal_alignment="center", gap="small"):
    st.latex(rf"C = \tfrac12\sum_i (f(x_i) - y_i)^2 = \tfrac12\left[{squared}\right]", width="content")
    st.latex(rf"= \tfrac12\left[{terms}\right] = {latex_number(float(line.cost))}", width="content")
pictures.show_line(slope, offset)
total, button, table = st.columns([0.2, 0.25, 0.55], vertical_alignment="center")
with total:
    lesson.result("line_cost", "C of this line", f"{line.cost:.4g}", of=f"the least is {least.cost:.4g}")
button.button(f"One step downhill, η = {STEP_SIZE}", key="downhill", on_click=pictures.step_downhill)
with table:
    rows = {"x": X, "y": Y, "f(x)": line.outputs, "error": line.errors, "half its square": line.squares / 2}
    rows["sum so far"] = line.squares.cumsum() / 2
    shown = pa.table({name: np.round(column, 3) for name, column in rows.items()})
    st.dataframe(shown, hide_index=True, key="terms")
st.markdown(sections["squares"])

challenges.try_this(sections, pictures.solved_by(w.value, z, y, (slow, fast), line))
numbers = {"w": w.value, "b": b.value, "eta": eta.value, "slope": slope.value, "offset": offset.value}
lesson.code(script.script(**numbers, y=y, steps=int(steps.value)), "cost.py")
lesson.lecture(sections)
