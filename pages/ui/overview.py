"""An experiment at a glance: its layers with their parameters, the step that training repeats, and its script."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from nncore import export
from nncore.specs import Experiment, NetworkSpec
from pages.ui import lesson
from pages.ui.settings import NAMES


def summary(experiment: Experiment) -> None:
    """What `model.summary()` prints, with the parameters as arithmetic."""
    with st.container(key="room_layers"):
        layers(experiment.network)


def layers(network: NetworkSpec) -> None:
    """The table of layers, output shapes and parameters."""
    st.subheader("The network's layers", anchor=False)
    rows = [
        {
            "Layer": layer.kind,
            "Output shape": " × ".join(str(side) for side in shape),
            "Parameters": f"{part.count:,}",
            "as arithmetic": part.arithmetic.replace("*", "·") if part.count else "nothing to train",
        }
        for layer, shape, part in zip(network.layers, network.shapes(), network.parameters(), strict=True)
    ]
    total = {"Layer": "all", "Output shape": "", "Parameters": f"{network.parameter_count:,}", "as arithmetic": ""}
    st.table(pd.DataFrame([*rows, total]), hide_index=True, alt="The layers with their parameters")


def equation(experiment: Experiment) -> None:
    """The step that training repeats, with the numbers of the screen."""
    spec = experiment.training
    fitted = int(spec.train_size * (1 - spec.validation_split))
    steps = math.ceil(fitted / spec.batch_size)
    gradient = r"\frac{\partial C}{\partial w_j}"
    rule = gradient if spec.optimizer == "sgd" else rf"\text{{{NAMES[spec.optimizer]}}}\left({gradient}\right)"
    st.latex(rf"w_{{j+1}} = w_j - {spec.learning_rate:g}\,{rule}")
    st.latex(
        rf"\left\lceil\tfrac{{{_tex(fitted)}}}{{{_tex(spec.batch_size)}}}\right\rceil \cdot {spec.epochs} = "
        rf"{_tex(steps)} \cdot {spec.epochs} = {_tex(steps * spec.epochs)}\ \text{{steps}}"
    )


def _tex(number: int) -> str:
    return f"{number:,}".replace(",", "{,}")


def code(experiment: Experiment, file_name: str) -> None:
    """The room "The code" with this experiment as a Keras script."""
    lesson.code(export.to_script(experiment), file_name)
