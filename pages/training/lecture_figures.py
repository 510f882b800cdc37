"""The figures printed on the lecture's slides, beside those measured with the same settings."""

from __future__ import annotations

import streamlit as st

from nncore.analysis.classification import Evaluation
from nncore.reference import load_run
from nncore.reference.reproduce import PRINTED
from nncore.specs.experiment import Experiment
from nncore.specs.presets import PRESETS


def show_lecture_figures(experiment: Experiment, summary: Evaluation, *, stored: bool) -> None:
    """Show printed and measured figures if the settings are those of a preset; the slides print no seed."""
    ours = experiment.training.model_copy(update={"seed": 0})
    for name, preset in PRESETS.items():
        if (preset.network, preset.training.model_copy(update={"seed": 0})) == (experiment.network, ours):
            reference, printed = load_run(name), PRINTED[name]
            rows = [("Printed in the lecture", printed.parameters, printed.test_accuracy)]
            rows += [] if stored else [("This run", experiment.network.parameter_count, summary.accuracy)]
            rows += [("The stored reference run", preset.network.parameter_count, reference.test_accuracy)]
            names = ("", "Parameters", "Test accuracy")
            table = [dict(zip(names, (who, f"{n:,}", f"{100 * right:.2f} %"), strict=True)) for who, n, right in rows]
            with st.container(key="lecture_figures"):
                st.markdown("**Beside the lecture's printed figures**, which hold for these settings")
                st.table(table, hide_index=True, alt="Parameters and test accuracy, printed and measured")
