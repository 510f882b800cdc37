"""Backpropagation: a 2-2-1 network forward, its cost, backward and updated, one phase at a time."""

from __future__ import annotations

import streamlit as st

from nncore.cluster.engine import EngineError, default_engine
from nncore.figures.learning.backpropagation import plot_step, targets
from nncore.figures.learning.cost_curve import plot_updates
from nncore.networks import gradients
from nncore.theory.activations import ACTIVATIONS
from nncore.theory.network_221 import GRADIENT_PHASE, PARAMETERS, STARTS, UPDATE_PHASE, Setting, take_step, train
from pages.learning.backpropagation import equations, keras_check, script
from pages.ui import challenges, lesson, url_state, widgets

MOST_UPDATES = 1000
COSTS = {"quadratic": "quadratic", "cross_entropy": "cross-entropy"}
START_NAMES = {"spread": "all different", "equal": "all equal", "large": "large"}


def turn(by: int) -> None:
    """To the next or the last phase; behind the update stands the first phase of the next round."""
    rounds, phase = divmod(
        st.session_state["updates"] * UPDATE_PHASE + st.session_state["phase"] - 1 + by, UPDATE_PHASE
    )
    st.session_state["updates"], st.session_state["phase"] = rounds, phase + 1


def repeat(times: int) -> None:
    st.session_state["updates"] = min(st.session_state["updates"] + times, MOST_UPDATES)


def click_weight() -> None:
    points = st.session_state["network_drawing"]["selection"]["point_indices"]
    if points:
        st.session_state["weight"] = targets()[points[0]]


def pair() -> list:
    return st.columns(2, wrap=False)


def choose_setting(only_sigmoid: str) -> Setting:
    """All numbers of the network but its phase."""
    (first, second), (third, fourth), (fifth, sixth) = pair(), pair(), pair()
    with first:
        x1 = widgets.slider("x1", "Input x₁", -2.0, 2.0, 1.0, step=0.1, format="%.6g")
    with second:
        x2 = widgets.slider("x2", "Input x₂", -2.0, 2.0, 0.5, step=0.1, format="%.6g")
    with third:
        y = widgets.slider("y", "Target y", 0.0, 1.0, 1.0, step=0.05, format="%.6g")
    with fourth:
        eta = widgets.slider("eta", "Step size η", 0.0, 10.0, 0.5, step=0.1, format="%.6g")
    with fifth:
        f = widgets.choice("activation", "Activation f", tuple(ACTIVATIONS), "sigmoid")
    with sixth:
        start = widgets.choice("start", "First weights", tuple(STARTS), "spread", names=START_NAMES)
    cost = "quadratic"
    if f == "sigmoid":
        cost = widgets.radio("cost_function", "Cost C", tuple(COSTS), "quadratic", names=COSTS)
    elif url_state.linked("cost_function") not in (None, cost):
        lesson.problem(only_sigmoid)
    return Setting((x1, x2), y, eta, f, cost, start)


sections = lesson.header(__file__)
equation = st.container(
    key="equation", horizontal=True, horizontal_alignment="center", vertical_alignment="center", gap="medium"
)
left, right = st.columns([0.29, 0.71], gap="medium")
with left:
    setting = choose_setting(sections["only_sigmoid"])
    for_weight, for_updates = pair()
    with for_weight:
        chosen = widgets.choice("weight", "Weight or bias", PARAMETERS, "w11")
    with for_updates:
        updates = int(widgets.number("updates", "Updates made", 0, MOST_UPDATES, 0, step=1))
with right:
    slider, buttons = st.columns([0.34, 0.66], gap="medium", vertical_alignment="bottom")
    with slider:
        phase = widgets.slider("phase", "Phase", 1, UPDATE_PHASE, 1)
    first, last = (updates, phase) == (0, 1), updates == MOST_UPDATES
    with buttons, st.container(horizontal=True, gap="small"):
        st.button("Back", key="back", on_click=turn, args=(-1,), disabled=first)
        end = last and phase == UPDATE_PHASE
        st.button("Next", key="next", on_click=turn, args=(1,), disabled=end, type="primary")
        st.button("Repeat 100 times", key="repeat", on_click=repeat, args=(100,), disabled=last)
        st.button("Start over", key="restart", on_click=repeat, args=(-updates,), disabled=updates == 0)

run = train(setting, updates)
step = take_step(run.network, setting)
known = step.until(phase)
with equation:
    st.latex(equations.equation(step, phase, chosen), width="content")
with left:
    results = (
        ("output", "Output a", known.values.get("a")),
        ("cost", "Cost C", known.values.get("C")),
        ("gradient", f"∂C/∂{chosen}", known.gradients.get(chosen)),
    )
    for column, (key, label, value) in zip((*pair(), *pair()), results, strict=False):
        with column:
            lesson.result(key, label, "–" if value is None else f"{value + 0.0:.4g}")
    if run.cut_off:
        lesson.problem(f"The weights ran away after {len(run.costs) - 1} updates: take a smaller step size.")
with right:
    st.markdown(sections[f"phase {phase}"])
    told = f"A 2-2-1 network in phase {phase} of update {updates + 1}; " + ", ".join(
        f"{name} {value:.4g}" for name, value in (step.parameters | known.values).items()
    )
    drawn = plot_step(known, phase, chosen)
    lesson.figure("network_drawing", drawn, told, on_select=click_weight, selection_mode="points")

rule, check, learning = st.columns([0.48, 0.27, 0.25], gap="medium")
with rule:
    st.markdown(f"**The chain rule of {chosen}**: click another edge, or choose its name")
    with st.container(key="chain"):
        st.latex(equations.written_chain(step, phase, chosen))
    st.markdown(sections["chain"])
with learning:
    st.markdown(f"**{updates} updates on this one example**")
    lesson.figure("learning_curve", plot_updates(run.costs), f"The cost after each of {updates} updates")
challenges.try_this(sections, equations.solved_by(step, phase, chosen, updates))
lesson.code(script.script(setting, updates, chosen), "backpropagation.py")
lesson.lecture(sections)
with check:
    st.markdown("**Checked against Keras**")
    if phase < GRADIENT_PHASE:
        st.markdown(sections["not_yet"])
    else:
        try:
            theirs = default_engine().ask(gradients.dense_gradients, run.network, setting.x, [setting.y], setting.cost)
            keras_check.show_check(step, theirs)
        except EngineError as error:
            lesson.problem(str(error))
