"""A convolutional network: models 3 and 4 and their variations, trained live beside a dense network."""

import streamlit as st

from nncore.specs.presets import PRESETS
from pages.convolution.cnn import dense_baseline
from pages.convolution.cnn.challenges import solved_by
from pages.convolution.cnn.controls import choose_experiment
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
    run = panel.train_and_follow("cnn", dataset_select.trainable(experiment))
coach_container = st.container()
dense_baseline.show(run, experiment, st.session_state["preset"])
predict.draw_and_read(run, st.session_state["preset"])
evaluation_container = st.container()
if experiment is not None:
    summary.show_summary(experiment)
    dense = PRESETS["model2"].network.parameter_count
    st.markdown(sections["against_dense"].format(dense=f"{dense:,}", cnn=f"{experiment.network.parameter_count:,}"))
challenges.try_this(sections, solved_by(run, experiment))
if experiment is not None:
    summary.show_code(experiment, "convolutional_network", run)
lesson.lecture(sections)
evaluation.show_evaluation(run, st.session_state["preset"], coach_container, evaluation_container)
