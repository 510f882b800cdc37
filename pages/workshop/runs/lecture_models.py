"""The section "The lecture reproduced": the four models as the slides print them, beside the stored reference runs."""

from __future__ import annotations

import streamlit as st

from nncore.figures.digits.training_curves import plot_history
from nncore.figures.workshop.run_comparison import mark_printed
from nncore.reference import load_run
from nncore.reference.reproduce import PRINTED, compare, stored
from nncore.specs.presets import PRESETS
from pages.training import run_view, settings
from pages.ui import lesson, widgets

PAGES = {"model1": "pages/digits/mlp/page.py", "model2": "pages/digits/mlp/page.py"}
CONVOLUTIONAL = "pages/convolution/cnn/page.py"


def show_lecture_model(prose: str) -> None:
    """Show one model: figures printed and measured, its stored history, and a link to train it now."""
    name = widgets.radio("printed_model", "Model", tuple(PRESETS), "model1", names=settings.NAMES)
    run = load_run(name)
    left, right = st.columns([2, 3], gap="medium")
    with left, st.container(key="printed_table"):
        rows = [{"": r.what, "printed": r.printed, "measured here": r.measured} for r in compare(name, stored(name))]
        st.table(rows, hide_index=True, alt="The figures that the slides print, and those measured by this project")
        st.page_link(
            PAGES.get(name, CONVOLUTIONAL), label="**Train it now**", query_params={"preset": name},
            icon=":material/play_arrow:",
        )  # fmt: skip
    with right:
        drawn = plot_history(run.history, run.experiment.training.epochs, height=360)
        mark_printed(drawn, PRINTED[name].training_accuracy)
        lesson.figure("stored_curves", drawn, "Accuracy and loss of the stored run, and the printed accuracies")
        st.caption(
            f"A stored run, made on {run.made} by `{run.command}` on {run.device.split(':')[0]} in "
            f"{run_view.duration(run.seconds)}. `make lecture` trains all four here and writes this table anew."
        )
    st.markdown(prose)
