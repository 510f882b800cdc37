"""A dense network: choose its settings, train it, watch it learn, and have it read what you draw."""

from typing import Any, get_args

import streamlit as st

from nncore.specs.experiment import Experiment
from nncore.specs.layers import ActivationName, Dense, Dropout, InitializerName
from pages.digits.mlp.challenges import solved_by
from pages.training import dataset_select, evaluation, panel, predict, settings, summary
from pages.ui import challenges, lesson, widgets


def values_of(experiment: Experiment) -> dict[str, Any]:
    """An experiment with dense layers as widget values, by key."""
    *hidden, last = [layer for layer in experiment.network.layers if isinstance(layer, Dense)]
    rates = [layer.rate for layer in experiment.network.layers if isinstance(layer, Dropout)]
    values: dict[str, Any] = {"hidden_layers": len(hidden), "output_activation": last.activation}
    for number in range(1, 4):
        layer = hidden[min(number, len(hidden)) - 1] if hidden else Dense(units=30, activation="sigmoid")
        values |= {_key("units", number): layer.units, _key("activation", number): layer.activation}
    values |= {"initializer": last.initializer, "l2": last.l2, "dropout": rates[0] if rates else 0.0}
    return values | settings.training_values(experiment.training)


def _key(name: str, number: int) -> str:
    return name if number == 1 else f"{name}{number}"


def hidden_controls(values: dict[str, Any]) -> list[dict[str, Any]]:
    """How many hidden layers, and units and activation of each."""
    count = widgets.slider("hidden_layers", "Hidden layers", 0, 3, values["hidden_layers"])
    chosen = []
    for number in range(1, count + 1):
        left, right = st.columns(2)
        place = f" of layer {number}" if count > 1 else ""
        units, activation = _key("units", number), _key("activation", number)
        with left:
            size = widgets.number(units, f"Units{place}", 1, 512, values[units], step=1)
        with right:
            function = widgets.choice(activation, f"Activation{place}", settings.ACTIVATIONS, values[activation])
        chosen.append({"units": size, "activation": function})
    return chosen


def further_controls(values: dict[str, Any]) -> dict[str, Any]:
    """Output activation, initializer and regularization."""
    left, right = st.columns(2)
    with left:
        output = widgets.choice(
            "output_activation", "Output activation", get_args(ActivationName), values["output_activation"]
        )
        dropout = widgets.slider("dropout", "Dropout", 0.0, 0.8, values["dropout"], step=0.05)
    with right:
        initializer = widgets.choice("initializer", "Initial weights", get_args(InitializerName), values["initializer"])
        l2 = widgets.number("l2", "L2 penalty", 0.0, 1.0, values["l2"], step=0.0001, format="%g")
    return {"output": output, "dropout": dropout, "initializer": initializer, "l2": l2}


def all_controls() -> Experiment | None:
    """Every setting of the page, from the preset to the seed, as an experiment."""
    left, right = st.columns([0.61, 0.39])
    with left:
        values = settings.preset_choice(("model1", "model2"), values_of)
    with right:
        pictures = dataset_select.choose()
    dataset_select.describe(pictures)
    hidden = hidden_controls(values)
    training = settings.main_training_controls(values)
    with st.expander("More settings"):
        more = further_controls(values)
        training |= settings.further_training_controls(values, pictures)
    common = {"initializer": more["initializer"], "l2": more["l2"]}
    layers: list[Any] = []
    for layer in hidden:
        layers.append(Dense(**layer, **common))
        if more["dropout"]:
            layers.append(Dropout(rate=more["dropout"]))
    layers.append(Dense(units=10, activation=more["output"], **common))
    return settings.build_experiment("dense", (784,), layers, training)


sections = lesson.header(__file__)
left, right = st.columns([2, 3], gap="medium")
with left:
    experiment = all_controls()
    if experiment is not None:
        summary.show_equation(experiment)
    dataset_select.upload()
with right:
    run = panel.train_and_follow("mlp", dataset_select.trainable(experiment))
coach_room = st.container()
predict.draw_and_read(run, st.session_state["preset"])
test_room = st.container()
if experiment is not None:
    summary.show_summary(experiment)
challenges.try_this(sections, solved_by(run))
if experiment is not None:
    summary.show_code(experiment, "dense_network", run)
lesson.lecture(sections)
evaluation.show_evaluation(run, st.session_state["preset"], coach_room, test_room)
