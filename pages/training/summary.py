"""Summary of an experiment: its layers with their parameters, the training step as an equation, and its script."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from nncore import export
from nncore.cluster.engine import default_engine
from nncore.registry import networks
from nncore.registry.datasets import MissingDataError
from nncore.runs.snapshot import Snapshot
from nncore.specs.experiment import UPLOAD_PREFIX, Experiment, NetworkSpec
from nncore.storage.run_store import default_store
from pages.training.network_select import TRAINED
from pages.training.settings import NAMES
from pages.ui import lesson


def show_summary(experiment: Experiment) -> None:
    """Show what `model.summary()` prints, with the parameters as arithmetic, as a section of its own."""
    with st.container(key="room_layers"):
        show_layers(experiment.network)


def show_layers(network: NetworkSpec) -> None:
    """Show the table of layers, output shapes and parameters."""
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


def show_equation(experiment: Experiment) -> None:
    """Show the update that training repeats, and the number of steps, with the page's numbers substituted."""
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


def show_code(experiment: Experiment, name: str, run: Snapshot | None) -> None:
    """Show the section "The code": a Keras script, a notebook, and downloads of the run's history and network.

    The script repeats the page's run with all its parts if it was continued, else it follows the controls.
    """
    went_on = run is not None and bool(run.segments) and run.experiment.network == experiment.network
    shown, segments = (run.experiment, run.segments) if run is not None and went_on else (experiment, ())
    script, notebook = export.to_script(shown, segments), export.to_notebook(shown, segments)
    more: dict[str, tuple[Any, str, str]] = {"notebook": (notebook, f"{name}.ipynb", "application/x-ipynb+json")}
    if run is not None and run.epochs_done:
        history = pd.DataFrame(run.history, index=pd.RangeIndex(1, run.epochs_done + 1, name="epoch"))
        more["history as CSV"] = (history.to_csv(), f"{name}.csv", "text/csv")
    data = shown.training.data
    if data.startswith(UPLOAD_PREFIX):
        more["data"] = (partial(_uploaded_data, data), export.UPLOAD_FILE, "application/octet-stream")
    lesson.code(script, f"{name}.py", more)
    if run is not None and run.status in TRAINED and run.epochs_done:
        _offer_network(run.run_id, name)


def _uploaded_data(key: str) -> bytes:
    """The data file that the script of an uploaded data set reads; MissingDataError if it is not stored any more."""
    found = default_store().own_sets.load(key)
    if found is None:
        raise MissingDataError(f"The pictures “{key}” are not kept here any more.")
    return found[1]


def _offer_network(run_id: str, name: str) -> None:
    """Offer the trained network as a file, which is made when it is requested."""

    def make() -> bytes:
        return default_engine().ask(networks.to_keras_file, run_id)

    with st.container(key="room_network"):
        st.download_button(
            "Download the trained network (.keras)",
            make,
            f"{name}.keras",
            "application/octet-stream",
            key="network_file",
            on_click="ignore",
            icon=":material/download:",
        )
        st.caption("`keras.models.load_model` opens it.")
