"""The settings of the two training pages: widgets in, an Experiment out; presets move all of them at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, get_args

import streamlit as st
from pydantic import ValidationError

from nncore.networks.build import PRESETS
from nncore.specs import experiment
from nncore.specs.experiment import DEFAULT_LEARNING_RATE, Experiment, NetworkSpec, TrainingSpec
from nncore.specs.layers import Activation, Shape
from pages.training.dataset_select import Pictures
from pages.ui import lesson, widgets

ACTIVATIONS = tuple(name for name in get_args(Activation) if name != "softmax")
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
    """The select box `preset`; returns its values, which are the defaults of all other widgets."""

    def move_all() -> None:
        st.session_state.update(values_of(PRESETS[st.session_state["preset"]]))

    chosen = widgets.choice("preset", "The lecture's network", names, names[0], names=NAMES, on_change=move_all)
    return values_of(PRESETS[chosen])


def training_values(training: TrainingSpec) -> dict[str, Any]:
    """The training part as widget values, by key; a preset leaves the pictures as they are."""
    return training.model_dump(exclude={"data"})


def main_training_controls(values: Values) -> dict[str, Any]:
    """Loss, optimizer, learning rate and epochs, two in a row."""
    left, right = st.columns(2)
    with left:
        loss = widgets.choice("loss", "Cost function", get_args(experiment.Loss), values["loss"], names=NAMES)
        rate = widgets.number(
            "learning_rate", "Learning rate", 0.0001, 10.0, values["learning_rate"], step=0.001, format="%g"
        )
    with right:
        optimizer = widgets.choice(
            "optimizer",
            "Optimizer",
            get_args(experiment.Optimizer),
            values["optimizer"],
            names=NAMES,
            on_change=_usual_learning_rate,
        )
        epochs = widgets.number("epochs", "Epochs", 1, 500, values["epochs"], step=1)
    return {"loss": loss, "optimizer": optimizer, "learning_rate": rate, "epochs": epochs}


def _usual_learning_rate() -> None:
    """Another optimizer comes with Keras' own learning rate for it."""
    st.session_state["learning_rate"] = DEFAULT_LEARNING_RATE[st.session_state["optimizer"]]


def further_training_controls(values: Values, pictures: Pictures) -> dict[str, Any]:
    """Batches, how many of the pictures, and seed, two in a row; with the pictures' name."""
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
    """The experiment of these settings; says on the page why there is none and returns None."""
    try:
        network = NetworkSpec(input_shape=input_shape, layers=tuple(layers))
        return Experiment(name=name, network=network, training=TrainingSpec(**training))
    except ValidationError as error:
        for sentence in experiment.explain(error):
            lesson.problem(f"These settings make no network: {sentence}.")
        return None
