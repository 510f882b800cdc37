"""The training settings of a page: widgets in, an Experiment out; a preset sets all of them at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, get_args

import streamlit as st
from pydantic import ValidationError

from nncore.specs import experiment
from nncore.specs.experiment import DEFAULT_LEARNING_RATE, Experiment, NetworkSpec, TrainingSpec
from nncore.specs.layers import ActivationName, Shape
from nncore.specs.presets import PRESETS
from pages.training.dataset_select import Pictures
from pages.ui import lesson, widgets

ACTIVATIONS = tuple(name for name in get_args(ActivationName) if name != "softmax")
NAMES = {
    "mean_squared_error": "mean squared error",
    "categorical_crossentropy": "cross-entropy",
    "sgd": "SGD",
    "adam": "Adam",
    "rmsprop": "RMSprop",
    "adagrad": "Adagrad",
    "nadam": "Nadam",
    "model1": "Model 1: dense, as first built",
    "model2": "Model 2: dense, improved",
    "model3": "Model 3: one convolution",
    "model4": "Model 4: two convolutions",
    "max": "maximum",
    "average": "average",
}

Values = Mapping[str, Any]


def preset_choice(names: tuple[str, ...], values_of: Callable[[Experiment], dict[str, Any]]) -> dict[str, Any]:
    """Show the select box `preset`; return the values of the chosen preset, which are the defaults of all widgets."""

    def set_all() -> None:
        st.session_state.update(values_of(PRESETS[st.session_state["preset"]]))

    chosen = widgets.choice("preset", "The lecture's network", names, names[0], names=NAMES, on_change=set_all)
    return values_of(PRESETS[chosen])


def training_values(training: TrainingSpec) -> dict[str, Any]:
    """The training settings as widget values by key, without the data set, which a preset does not change."""
    return training.model_dump(exclude={"data"})


def main_training_controls(values: Values) -> dict[str, Any]:
    """Show loss, optimizer, learning rate and epochs in two columns; return their values by key."""
    left, right = st.columns(2)
    with left:
        loss = widgets.choice("loss", "Cost function", get_args(experiment.LossName), values["loss"], names=NAMES)
        rate = widgets.number(
            "learning_rate", "Learning rate", 0.0001, 10.0, values["learning_rate"], step=0.001, format="%g"
        )
    with right:
        optimizer = widgets.choice(
            "optimizer",
            "Optimizer",
            get_args(experiment.OptimizerName),
            values["optimizer"],
            names=NAMES,
            on_change=_set_default_learning_rate,
        )
        epochs = widgets.number("epochs", "Epochs", 1, 500, values["epochs"], step=1)
    return {"loss": loss, "optimizer": optimizer, "learning_rate": rate, "epochs": epochs}


def _set_default_learning_rate() -> None:
    """Set the learning rate to Keras' default for the newly chosen optimizer."""
    st.session_state["learning_rate"] = DEFAULT_LEARNING_RATE[st.session_state["optimizer"]]


def further_training_controls(values: Values, pictures: Pictures) -> dict[str, Any]:
    """Show batch size, validation split, scaling, train size and seed; return them and `data` by key."""
    left, right = st.columns(2)
    with left:
        batch = widgets.number("batch_size", "Batch size", 1, 8192, values["batch_size"], step=16)
        split = widgets.slider(
            "validation_split", "Kept for validation", 0.0, 0.5, values["validation_split"], step=0.05
        )
        scale = widgets.switch("scale", "Grey values 0..1 (else 0..255)", values["scale"])
    with right:
        most = pictures.train
        size = widgets.number("train_size", "Training pictures", 100, most, min(values["train_size"], most), step=1000)
        seed = widgets.number("seed", "Seed of the random numbers", 0, 999_999, values["seed"], step=1)
    chosen = {"batch_size": batch, "validation_split": split, "scale": scale, "train_size": size, "seed": seed}
    return chosen | {"data": pictures.name}


def build_experiment(name: str, input_shape: Shape, layers: list[Any], training: Values) -> Experiment | None:
    """Build the experiment of these settings; None if they are invalid, with the reasons on the page."""
    try:
        network = NetworkSpec(input_shape=input_shape, layers=tuple(layers))
        return Experiment(name=name, network=network, training=TrainingSpec(**training))
    except ValidationError as error:
        for sentence in experiment.explain(error):
            lesson.problem(f"These settings make no network: {sentence}.")
        return None
