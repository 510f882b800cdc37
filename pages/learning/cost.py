"""Two cost functions of one neuron, and why cross-entropy learns faster from a bad mistake."""

import streamlit as st

from nncore.costs import judge, judge_around, train_neuron
from nncore.figures.costs import plot_costs, plot_gradients, plot_outputs, plot_training
from pages.ui import challenges, controls, lesson, numerals
from pages.ui.numerals import tex

SCRIPT = """\
import numpy as np
import keras.losses as kls

w, b = {w}, {b}   # the neuron; its input is 1
y = {y}          # the target

def f(w, b):     # the sigmoid neuron
    return 1 / (1 + np.exp(-(w + b)))

a = f(w, b)
print('output a               =', '%.4g' % a)
print('quadratic              =', '%.4g' % ((a - y)**2 / 2))
print('cross_entropy          =', '%.4g' % -np.log(a if y == 1 else 1 - a))
print('quadratic_gradient     =', '%.4g' % ((a - y) * a * (1 - a)))
print('cross_entropy_gradient =', '%.4g' % (a - y))

# The same costs by Keras, whose mean squared error comes without the half.
truth, output, z = np.array([[y]]), np.array([[a]]), np.array([[w + b]])
square = kls.MeanSquaredError(dtype = 'float64')
cross_entropy = kls.BinaryCrossentropy(from_logits = True, dtype = 'float64')
print('Keras quadratic        =', '%.4g' % (float(square(truth, output)) / 2))
print('Keras cross_entropy    =', '%.4g' % float(cross_entropy(truth, z)))

# Both trained from the same start.
for name in ['quadratic', 'cross_entropy']:
    wj, bj = w, b
    for step in range({steps}):
        a = f(wj, bj)
        gradient = (a - y) * a * (1 - a) if name == 'quadratic' else a - y
        wj, bj = wj - {eta} * gradient, bj - {eta} * gradient
    print('a, trained on', name, '=', '%.4g' % f(wj, bj))
"""

sections = lesson.header(__file__)
equation = st.container(
    key="equation", horizontal=True, horizontal_alignment="center", vertical_alignment="center", gap="medium"
)
left, middle, right = st.columns([0.28, 0.36, 0.36], gap="medium")

with left:
    w = controls.slider("w", "Weight w", -5.0, 5.0, 1.5, step=0.1, format="%.6g")
    b = controls.slider("b", "Bias b", -5.0, 5.0, 1.0, step=0.1, format="%.6g")
    targets, axes = st.columns([0.42, 0.58], wrap=False)
    with targets:
        y = int(controls.radio("y", "Target y", ["0", "1"], "0"))
    with axes:
        against = controls.radio("against", "Costs against", ["output", "z"], "output")

z = round(w + b, 12)  # without the crumbs of binary arithmetic
here, curve = judge(z, y), judge_around(z, y)

with equation:
    n = numerals.factor
    a = tex(float(here.output))
    answer, chance = ("a", here.output) if y == 1 else ("1 - a", judge(-z, 1).output)
    error = tex(float(here.cross_entropy_gradient))  # a - y, not yet rounded where a is next to y
    quadratic, cross_entropy = tex(float(here.quadratic)), tex(float(here.cross_entropy))
    st.latex(rf"a = \sigma(w\cdot 1 + b) = \sigma({tex(w)} + {n(b)}) = \sigma({tex(z)}) = {a}", width="content")
    st.latex(rf"C_\text{{quadratic}} = \tfrac12(a - y)^2 = \tfrac12({error})^2 = {quadratic}", width="content")
    general = r"C_\text{cross-entropy} = -[y\ln a + (1 - y)\ln(1 - a)]"
    st.latex(rf"{general} = -\ln({answer}) = -\ln({tex(float(chance))}) = {cross_entropy}", width="content")

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

with middle:
    told = f"Both costs against {against}; at z = {z:.4g} they are {here.quadratic:.4g} and {here.cross_entropy:.4g}."
    lesson.figure("costs", plot_costs(curve, here, against), told)
with right:
    slopes = f"{here.quadratic_gradient:.4g} (quadratic) and {here.cross_entropy_gradient:.4g} (cross-entropy)"
    lesson.figure("gradients", plot_gradients(curve, here), f"dC/dz against z; at z = {z:.4g} it is {slopes}.")

st.subheader("Trained from here, once on each cost", anchor=False)
settings, outputs, costs = st.columns([0.28, 0.36, 0.36], gap="medium")
with settings:
    eta = controls.slider("eta", "Step size η", 0.01, 2.0, 0.15, step=0.01, format="%.6g")
    steps = controls.slider("steps", "Steps", 1, 300, 100)
slow, fast = (train_neuron(cost, w, b, y, eta, steps) for cost in ("quadratic", "cross_entropy"))
with settings:
    one, other = st.columns(2, wrap=False)
    with one:
        lesson.result("quadratic_output", "a, quadratic", f"{slow.output[-1]:.4g}", of=f"target {y}")
    with other:
        lesson.result("cross_entropy_output", "a, cross-entropy", f"{fast.output[-1]:.4g}", of=f"target {y}")
with outputs:
    ends = f"{slow.output[-1]:.4g} with the quadratic cost, {fast.output[-1]:.4g} with cross-entropy"
    lesson.figure("outputs", plot_outputs(slow, fast), f"Output a over {steps} steps; it ends at {ends}.")
with costs:
    lesson.figure("training", plot_training(slow, fast), f"Both costs over {steps} steps, each in its own training.")

st.markdown(sections["why"])
challenges.try_this(
    sections,
    {
        "stuck": here.quadratic > 0.4 and abs(here.quadratic_gradient) < 0.05,
        "least": z == 0 and w != 0,
        "race": abs(slow.output[-1] - y) > 0.9 and abs(fast.output[-1] - y) < 0.1,
    },
)
lesson.code(SCRIPT.format(w=w, b=b, y=y, eta=eta, steps=steps), "cost.py")
lesson.lecture(sections)
