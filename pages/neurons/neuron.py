"""A neuron and its activation function: a weighted sum of three inputs, bent."""

import streamlit as st

from nncore.activations import ACTIVATIONS, SATURATED, activation, weighted_sum
from nncore.figures.neuron import plot_activation, plot_neuron, plot_slope
from pages.ui import challenges, controls, lesson
from pages.ui.numerals import factor, tex

DEFAULTS = {"x1": 1.0, "w1": 0.8, "x2": 0.5, "w2": -0.4, "x3": -1.0, "w3": 0.3}

SCRIPT = """\
import numpy as np
import keras.models as km
import keras.layers as kl

x = np.array({x})      # inputs
w = np.array({w})      # weights
b = {b}                # bias

def f(z):              # {name}
    return {code}

def slope(z):          # its derivative
    return {derivative_code}

z = np.round(np.dot(w, x) + b, 12)  # without the crumbs of binary arithmetic
print('z      =', '%.4g' % z)
print('output =', '%.4g' % f(z))
print('slope  =', '%.4g' % slope(z))

# The same neuron in Keras: a dense layer with a single unit.
model = km.Sequential()
model.add(kl.Input(shape = (3,), dtype = 'float64'))
model.add(kl.Dense(1, activation = '{name}', dtype = 'float64'))
model.set_weights([w.reshape(3, 1), np.array([b])])
print('Keras  =', '%.4g' % model.predict(x.reshape(1, 3), verbose = 0)[0, 0])
"""

sections = lesson.header(__file__)
equation = st.container(
    key="equation", horizontal=True, horizontal_alignment="center", vertical_alignment="center", gap="medium"
)
left, right = st.columns([0.36, 0.64], gap="medium")

with left:
    values = {}
    for number in (1, 2, 3):
        for column, letter, what in zip(st.columns(2, wrap=False), "xw", ("Input", "Weight"), strict=True):
            with column:
                key = f"{letter}{number}"
                label = f"{what} {letter}{'₁₂₃'[number - 1]}"
                values[key] = controls.slider(key, label, -5.0, 5.0, DEFAULTS[key], step=0.1, format="%.6g")
    bias_column, activation_column = st.columns(2, wrap=False)
    with bias_column:
        b = controls.slider("b", "Bias b", -10.0, 10.0, 0.2, step=0.1, format="%.6g")
    with activation_column:
        name = controls.choice("activation", "Activation f", list(ACTIVATIONS), "sigmoid")

x = [values["x1"], values["x2"], values["x3"]]
w = [values["w1"], values["w2"], values["w3"]]
f = activation(name)
z = round(weighted_sum(x, w, b), 12)  # without the crumbs of binary arithmetic
output, slope = float(f(z)), float(f.slope(z))

with equation:
    terms = " + ".join(rf"{factor(weight)}\cdot {factor(value)}" for weight, value in zip(w, x, strict=True))
    st.latex(rf"z = \mathbf{{w}}\cdot\mathbf{{x}} + b = {terms} + {factor(b)} = {tex(z)}", width="content")
    st.latex(rf"f(z) = {f.substituted(tex(z))} = {tex(output)}", width="content")

with left:
    first, second = st.columns(2, wrap=False)
    with first:
        lesson.result("z", "z", f"{z:.4g}")
        lesson.result("slope", "Slope f′(z)", f"{slope:.4g}")
    with second:
        lesson.result("output", "Output f(z)", f"{output:.4g}")
        if abs(slope) < SATURATED:
            with st.container(key="saturation"):
                st.warning(sections["saturated"])

with right:
    lesson.figure(
        "neuron_drawing",
        plot_neuron(x, w, b, z, output, name),
        f"A neuron with inputs {x}, weights {w} and bias {b}: z is {z:.4g}, its {name} {output:.4g}.",
    )
    for column, (key, plot, what) in zip(
        st.columns(2), (("curve", plot_activation, "Activation"), ("slope_curve", plot_slope, "Slope")), strict=True
    ):
        with column:
            lesson.figure(key, plot(f, z), f"{what} of {name} against z, with a point at z = {z:.4g}.")

good, bad = st.columns(2)
good.markdown(f":material/thumb_up: **For {name}:** {f.good}")
bad.markdown(f":material/thumb_down: **Against it:** {f.bad}")

weighted = any(weight * value for weight, value in zip(w, x, strict=True))
challenges.try_this(
    sections,
    {
        "half": name == "sigmoid" and output == 0.5 and weighted,
        "saturate": name in ("sigmoid", "tanh") and abs(slope) < SATURATED,
        "alive": z >= 4 and abs(slope) >= 0.5,
    },
)
lesson.code(SCRIPT.format(x=x, w=w, b=b, name=name, code=f.code, derivative_code=f.derivative_code), "neuron.py")
lesson.lecture(sections)
