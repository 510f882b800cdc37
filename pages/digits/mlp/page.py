"""A dense network: choose its settings, train it, watch it learn, and have it read what you draw."""

import streamlit as st

from pages.digits.mlp.challenges import solved_by
from pages.digits.mlp.controls import choose_experiment
from pages.training import dataset_select, evaluation, panel, predict, summary
from pages.ui import challenges, lesson

sections = lesson.header(__file__)
left, right = st.columns([2, 3], gap="medium")
with left:
    experiment = choose_experiment()
    if experiment is not None:
        summary.show_equation(experiment)
    dataset_select.upload()
with right:
    run = panel.train_and_follow("mlp", dataset_select.trainable(experiment))
coach_container = st.container()
predict.draw_and_read(run, st.session_state["preset"])
evaluation_container = st.container()
if experiment is not None:
    summary.show_summary(experiment)
challenges.try_this(sections, solved_by(run))
if experiment is not None:
    summary.show_code(experiment, "dense_network", run)
lesson.lecture(sections)
evaluation.show_evaluation(run, st.session_state["preset"], coach_container, evaluation_container)
