"""Two costs of one neuron, why cross-entropy learns faster from a bad mistake, and a cost as a sum of squares."""

import streamlit as st

from nncore.theory.least_squares import STEP_SIZE, best_line, measure
from pages.learning.cost import controls, equations, picture
from pages.learning.cost.challenges import solved_by
from pages.learning.cost.script import script
from pages.ui import challenges, lesson
from pages.ui.interactive_figure import element

sections = lesson.header(__file__)
equation = st.container(
    key="equation", horizontal=True, horizontal_alignment="center", vertical_alignment="center", gap="medium"
)
numbers = controls.read_numbers()
left, right = st.columns([0.27, 0.73], gap="medium")
with left:
    settings = controls.choose_settings(numbers)
y, judged = settings.y, settings.judgement
with equation:
    for formula in equations.neuron_costs(*settings.start, y):
        st.latex(formula, width="content")
RESULTS = (
    ("quadratic", "Quadratic C", judged.quadratic),
    ("cross_entropy", "Cross-entropy C", judged.cross_entropy),
    ("quadratic_gradient", "its dC/dz", judged.quadratic_gradient),
    ("cross_entropy_gradient", "its dC/dz", judged.cross_entropy_gradient),
)
with left:
    for row in (RESULTS[:2], RESULTS[2:]):
        for column, (key, label, value) in zip(st.columns(2, wrap=False), row, strict=True):
            with column:
                lesson.result(key, label, f"{value:.4g}")
with right:  # after the numbers, which are there at once
    element.show_interactive_figure(
        "neuron",
        (settings.w, settings.b),
        lambda moving, w, b: picture.draw_costs(moving, w, b, y, settings.against),
        columns=2,
    )

st.subheader("Trained from here, once on each cost", anchor=False)
element.show_interactive_figure(
    "training",
    (settings.eta, settings.steps),
    lambda moving, eta, steps: picture.draw_training(moving, eta, steps, settings.start, y),
    play="steps",
)
slow, fast = settings.trainings
one, other, text = st.columns([0.17, 0.17, 0.66], vertical_alignment="center")
with one:
    lesson.result("quadratic_output", "a, quadratic", f"{slow.output[-1]:.4g}", of=f"target {y}")
with other:
    lesson.result("cross_entropy_output", "a, cross-entropy", f"{fast.output[-1]:.4g}", of=f"target {y}")
text.markdown(sections["why"])

st.subheader("Over data: a sum of squares", anchor=False)
line, least = settings.line, measure(*best_line())
with st.container(key="equation_data", horizontal=True, horizontal_alignment="center", gap="small"):
    for formula in equations.sum_of_squares(line):
        st.latex(formula, width="content")
element.show_interactive_figure("line", (settings.slope, settings.offset), picture.draw_line, columns=2)
total, button, table = st.columns([0.2, 0.25, 0.55], vertical_alignment="center")
with total:
    lesson.result("line_cost", "C of this line", f"{line.cost:.4g}", of=f"the least is {least.cost:.4g}")
button.button(f"One step downhill, η = {STEP_SIZE}", key="downhill", on_click=controls.step_downhill)
table.dataframe(equations.squares_table(line), hide_index=True, key="terms")
st.markdown(sections["squares"])

challenges.try_this(sections, solved_by(settings))
lesson.code(script(settings), "cost.py")
lesson.lecture(sections)
